package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"kabar/activitypub/aptest"
)

// TestAttackDocuments sends bodies, well signed, that are no activities.
func TestAttackDocuments(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	deep := func(n int) string {
		return `{"type":"Like","actor":"ACTOR","object":"ARTICLE","x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}`
	}
	wide := func(n int) string { // n values: the object, type, actor, object, x and what is in it
		return `{"type":"Like","actor":"ACTOR","object":"ARTICLE","x":[` + strings.TrimSuffix(strings.Repeat("0,", n-4), ",") + `]}`
	}
	tests := []struct {
		name, in string
		want     int
	}{
		{"nothing", ``, 400},
		{"white space", " \n", 400},
		{"no JSON", `hello`, 400},
		{"a list", `[{"type":"Like","actor":"ACTOR"}]`, 400},
		{"a string", `"Like"`, 400},
		{"null", `null`, 400},
		{"half an object", `{"type":"Like","actor":"ACTOR"`, 400},
		{"trailing bytes", `{"type":"Like","actor":"ACTOR","object":"ARTICLE"}x`, 400},
		{"two objects", `{"type":"Like","actor":"ACTOR","object":"ARTICLE"}{}`, 400},
		{"trailing NUL", "{\"type\":\"Like\",\"actor\":\"ACTOR\",\"object\":\"ARTICLE\"}\x00", 400},
		{"byte order mark", "\ufeff" + `{"type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 400},
		{"UTF-16", "\xff\xfe{\x00}\x00", 400},
		{"comment", `{"type":"Like",/**/"actor":"ACTOR"}`, 400},
		{"trailing comma", `{"type":"Like","actor":"ACTOR",}`, 400},
		{"no type", `{"actor":"ACTOR","object":"ARTICLE"}`, 400},
		{"type in capitals", `{"Type":"Like","actor":"ACTOR"}`, 400},
		{"type is a number", `{"type":1,"actor":"ACTOR"}`, 400},
		{"type is an object", `{"type":{"id":"Like"},"actor":"ACTOR"}`, 400},
		{"type is null", `{"type":null,"actor":"ACTOR"}`, 400},
		{"no actor", `{"type":"Like","object":"ARTICLE"}`, 400},
		{"actor is a number", `{"type":"Like","actor":7}`, 400},
		{"actor is empty", `{"type":"Like","actor":""}`, 400},
		{"actor without id", `{"type":"Like","actor":{"name":"Bob"}}`, 400},
		{"actor with NUL", `{"type":"Like","actor":"ACTOR\u0000"}`, 400},
		{"actor with NUL deletes itself", `{"type":"Delete","actor":"ACTOR\u0000","object":"ACTOR\u0000"}`, 400},
		{"actor of 3,000 bytes", `{"type":"Like","actor":"ACTOR` + strings.Repeat("x", 3000) + `"}`, 400},
		{"id is a number", `{"id":7,"type":"Like","actor":"ACTOR"}`, 400},
		{"id is a list", `{"id":["HOME/1"],"type":"Like","actor":"ACTOR"}`, 400},
		{"id is an object", `{"id":{"id":"HOME/1"},"type":"Like","actor":"ACTOR"}`, 400},
		{"id of 3,000 bytes", `{"id":"HOME/` + strings.Repeat("x", 3000) + `","type":"Like","actor":"ACTOR"}`, 400},
		{"32 levels", deep(32), 202},
		{"33 levels", deep(33), 400},
		{"100,000 levels", deep(100_000), 400},
		{"10,000 values in one list", wide(9_999), 202},
		{"10,001 values", wide(10_001), 400},
		{"100,000 empty objects", `{"type":"Like","actor":"ACTOR","x":[` + strings.TrimSuffix(strings.Repeat("{},", 100_000), ",") + `]}`, 400},
		{"duplicate actor, the last counts", `{"type":"Like","actor":"HOME/users/eve","actor":"ACTOR","object":"ARTICLE"}`, 202},
		{"duplicate actor, another last", `{"type":"Like","actor":"ACTOR","actor":"HOME/users/eve","object":"ARTICLE"}`, 403},
		{"actor once more in capitals", `{"type":"Like","actor":"ACTOR","Actor":"HOME/users/eve","object":"ARTICLE"}`, 202},
		{"two actors, the first counts", `{"type":"Like","actor":["ACTOR","HOME/users/eve"],"object":"ARTICLE"}`, 202},
		{"two actors, the other first", `{"type":"Like","actor":["HOME/users/eve","ACTOR"],"object":"ARTICLE"}`, 403},
		{"invalid UTF-8 in a text", "{\"type\":\"Like\",\"actor\":\"ACTOR\",\"object\":\"ARTICLE\",\"content\":\"\xff\xfe\"}", 202},
		{"lone surrogate", `{"type":"Like","actor":"ACTOR","object":"ARTICLE","content":"\ud800"}`, 202},
		{"NUL in a text", `{"type":"Like","actor":"ACTOR","object":"ARTICLE","content":"a\u0000b"}`, 202},
		{"NUL in the id", `{"id":"HOME/likes/\u0000","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 400},
		{"NUL in the type", `{"type":"Li\u0000ke","actor":"ACTOR","object":"ARTICLE"}`, 202},
		{"NUL in the object", `{"type":["Follow"],"actor":"ACTOR","object":"BLOG\u0000"}`, 202},
		{"number that overflows", `{"type":"Like","actor":"ACTOR","object":"ARTICLE","totalItems":1e999}`, 202},
		{"unknown type", `{"type":"Arrive","actor":"ACTOR","object":"ARTICLE"}`, 202},
		{"unknown context", `{"@context":["https://www.w3.org/ns/activitystreams","http://127.0.0.1:1/context"],"type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 202},
		{"context of ours that does not exist", `{"@context":"HOME/context","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 202},
		{"context of a file", `{"@context":"file:///etc/passwd","type":"Like","actor":"ACTOR","object":"ARTICLE"}`, 202},
		{"context that renames the actor", `{"@context":["https://www.w3.org/ns/activitystreams",{"by":{"@id":"as:actor","@type":"@id"}}],"type":"Like","actor":"ACTOR","by":"HOME/users/eve","object":"ARTICLE"}`, 202},
		{"graph", `{"@context":"https://www.w3.org/ns/activitystreams","type":"Like","actor":"ACTOR","@graph":[{"type":"Delete","actor":"HOME/users/eve"}]}`, 202},
		{"reverse", `{"@context":"https://www.w3.org/ns/activitystreams","type":"Like","actor":"ACTOR","@reverse":{"as:actor":{"type":"Delete"}}}`, 202},
	}
	for _, tt := range tests {
		if got := f.send(bob, f.says(bob, tt.in)); got.Status != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, got.Status, tt.want, got.Body)
		}
	}
	f.settled()
	if n := f.home.Requests("/context"); n != 0 {
		t.Errorf("a context was fetched %d times", n)
	}
}

// TestAttackNUL puts a NUL, which PostgreSQL cannot store, where ids are.
func TestAttackNUL(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	f.take(bob, aptest.Doc{"type": "Like", "object": f.article.ObjectURI})
	note := `{"id":"HOME/notes/1","type":"Note","attributedTo":"ACTOR","to":"PUBLIC","inReplyTo":"ARTICLE","content":"x"%s}`
	for i, object := range []string{
		`"HOME/\u0000"`, `{"id":"HOME/\u0000","type":"Note"}`, `{"id":"\u0000"}`, `["BLOG","\u0000"]`,
		fmt.Sprintf(note, `,"inReplyTo":"HOME/\u0000"`), fmt.Sprintf(note, `,"inReplyTo":"ARTICLE\u0000"`),
		fmt.Sprintf(note, `,"attributedTo":"ACTOR\u0000"`), fmt.Sprintf(note, `,"url":"https://x.example/\u0000","name":"\u0000","summary":"\u0000"`),
		fmt.Sprintf(note, `,"tag":[{"type":"Mention","href":"https://x.example/\u0000","name":"@\u0000"},{"type":"Hashtag","name":"#\u0000"}]`),
		fmt.Sprintf(note, `,"attachment":[{"type":"Image","url":"https://x.example/\u0000","name":"\u0000","mediaType":"\u0000","blurhash":"\u0000"}]`),
		fmt.Sprintf(note, `,"contentMap":{"\u0000":"\u0000"},"published":"\u0000","to":["\u0000","PUBLIC"],"cc":"\u0000"`),
		`{"id":"ACTOR","type":"Person","inbox":"HOME/inbox\u0000","outbox":"HOME/\u0000","preferredUsername":"\u0000","name":"\u0000","summary":"\u0000","movedTo":"HOME/\u0000","alsoKnownAs":["HOME/\u0000"],"url":"HOME/\u0000","icon":{"type":"Image","url":"HOME/\u0000"},"publicKey":{"id":"ACTOR#\u0000","owner":"ACTOR","publicKeyPem":"\u0000"},"endpoints":{"sharedInbox":"HOME/\u0000"}}`,
	} {
		for _, kind := range []string{"Create", "Update", "Delete", "Like", "EmojiReact", "Announce", "Undo", "Follow", "Accept", "Reject", "Block", "Move", "Flag", "Add"} {
			body := fmt.Sprintf(`{"id":"HOME/a/%d/%s","type":"%s","actor":"ACTOR","to":"PUBLIC","target":"HOME/\u0000","content":"\u0000","object":%s}`, i, kind, kind, object)
			if got := f.send(bob, f.says(bob, body)); got.Status >= 500 {
				t.Errorf("%s of %s: %d %s", kind, object, got.Status, got.Body)
			}
		}
	}
	f.settled()
}

// TestAttackBodies plays with how a body is sent.
func TestAttackBodies(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	bob := f.home.Person("bob")
	good := f.says(bob, fmt.Sprintf(like, 1))
	fill := func(n int) string {
		start := f.says(bob, `{"type":"Like","actor":"ACTOR","object":"ARTICLE","content":"`)
		return start + strings.Repeat("x", n-len(start)-2) + `"}`
	}
	chunked := func(r *http.Request) { r.ContentLength = -1 }
	with := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.WriteString(z, good)
	check(t, err)
	check(t, z.Close())
	tests := []struct {
		name, in string
		change   func(*http.Request)
		want     int
	}{
		{"as it should be", good, func(*http.Request) {}, 202},
		{"1 MiB", fill(1 << 20), func(*http.Request) {}, 202},
		{"1 MiB and a byte", fill(1<<20 + 1), func(*http.Request) {}, 413},
		{"16 MiB", fill(16 << 20), func(*http.Request) {}, 413},
		{"in chunks", f.says(bob, fmt.Sprintf(like, 2)), chunked, 202},
		{"in chunks, 1 MiB and a byte", fill(1<<20 + 1), chunked, 413},
		{"gzip", packed.String(), with("Content-Encoding", "gzip"), 400},
		{"said to be gzip, and is not", f.says(bob, fmt.Sprintf(like, 3)), with("Content-Encoding", "gzip"), 202},
		{"ld+json", f.says(bob, fmt.Sprintf(like, 4)), with("Content-Type", `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`), 202},
		{"activity+json with a charset", f.says(bob, fmt.Sprintf(like, 5)), with("Content-Type", "Application/Activity+JSON; charset=utf-8"), 202},
		{"JSON", good, with("Content-Type", "application/json"), 415},
		{"text", good, with("Content-Type", "text/plain"), 415},
		{"form", good, with("Content-Type", "application/x-www-form-urlencoded"), 415},
		{"upload", good, with("Content-Type", "multipart/form-data; boundary=x"), 415},
		{"HTML", good, with("Content-Type", "text/html"), 415},
		{"two types", good, with("Content-Type", "application/activity+json, text/html"), 415},
		{"none", good, func(r *http.Request) { r.Header.Del("Content-Type") }, 415},
	}
	for _, tt := range tests {
		r := seal{}.request(f, bob, tt.in)
		tt.change(r)
		if got := f.raw(r); got.StatusCode != tt.want {
			t.Errorf("%s: %d, want %d: %s", tt.name, got.StatusCode, tt.want, got.body)
		}
	}
}

// TestAttackSlow lets a body drip. The connection is ended, not held.
func TestAttackSlow(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{bodyTime: 300 * time.Millisecond})
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.origin, "http://"))
	check(t, err)
	defer conn.Close()
	start := time.Now()
	_, err = fmt.Fprintf(conn, "POST /ap/inbox HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n{",
		conn.RemoteAddr(), asActivity)
	check(t, err)
	stop := make(chan struct{})
	go func() { // a byte now and then
		defer close(stop)
		drip := time.NewTicker(20 * time.Millisecond)
		defer drip.Stop()
		for range drip.C {
			if _, err := conn.Write([]byte(" ")); err != nil {
				return
			}
		}
	}()
	answer, err := io.ReadAll(bufio.NewReader(conn))
	if len(answer) == 0 {
		t.Errorf("no answer: %v", err)
	}
	if took := time.Since(start); !strings.HasPrefix(string(answer), "HTTP/1.1 400") || took > 10*time.Second {
		t.Errorf("after %v: %q", took, answer)
	}
	conn.Close()
	<-stop
}
