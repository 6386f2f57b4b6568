package jsonld

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const as = `"https://www.w3.org/ns/activitystreams"`

// sorted is the JSON of a tree, without @context, sorted and with lists of one value taken for the value.
func sorted(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(simplify(untyped(value)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func simplify(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "@context")
		for k, v := range value {
			value[k] = simplify(v)
		}
	case []any:
		for i, v := range value {
			value[i] = simplify(v)
		}
		if len(value) == 1 {
			return value[0]
		}
	}
	return value
}

// reads are documents and what is read of them.
var reads = []struct{ name, in, want string }{
	{"no context", `{"id":"https://a.example/1","type":"Note"}`, `{"id":"https://a.example/1","type":"Note"}`},
	{
		"usual names",
		`{"@context":[` + as + `,{"toot":"http://joinmastodon.org/ns#","Hashtag":"as:Hashtag","sensitive":"as:sensitive"}],"type":"Note","sensitive":true}`,
		`{"sensitive":true,"type":"Note"}`,
	},
	{
		"a type as a compact IRI",
		`{"@context":` + as + `,"id":"https://a.example/1","type":"as:Note","content":"x"}`,
		`{"content":"x","id":"https://a.example/1","type":"Note"}`,
	},
	{
		"a type as an IRI",
		`{"@context":` + as + `,"id":"https://a.example/1","type":["https://www.w3.org/ns/activitystreams#Note"]}`,
		`{"id":"https://a.example/1","type":"Note"}`,
	},
	{
		"keys as compact IRIs, keywords unaliased",
		`{"@context":` + as + `,"@id":"https://a.example/1","@type":"as:Create","as:actor":{"@id":"https://a.example/u"},
			  "as:object":{"@id":"https://a.example/2","@type":"as:Note","as:content":"x","as:inReplyTo":{"@id":"https://b.example/3"}}}`,
		`{"actor":"https://a.example/u","id":"https://a.example/1","object":{"content":"x","id":"https://a.example/2","inReplyTo":"https://b.example/3","type":"Note"},"type":"Create"}`,
	},
	{
		"another prefix",
		`{"@context":{"activity":"https://www.w3.org/ns/activitystreams#"},"@id":"https://a.example/1","@type":"activity:Like","activity:object":{"@id":"https://b.example/2"}}`,
		`{"id":"https://a.example/1","object":"https://b.example/2","type":"Like"}`,
	},
	{
		"other names for properties and keywords",
		`{"@context":[` + as + `,{"kind":"@type","key":"@id","text":"as:content","by":{"@id":"as:attributedTo","@type":"@id"}}],
			  "key":"https://a.example/1","kind":"Note","text":"x","by":"https://a.example/u"}`,
		`{"attributedTo":"https://a.example/u","content":"x","id":"https://a.example/1","type":"Note"}`,
	},
	{
		"a name of ours with another meaning is not read",
		`{"@context":[` + as + `,{"content":"https://a.example/ns#calories"}],"id":"https://a.example/1","type":"Note","content":"120"}`,
		`{"https://a.example/ns#calories":"120","id":"https://a.example/1","type":"Note"}`,
	},
	{
		"vocab instead of a context",
		`{"@context":{"@vocab":"https://www.w3.org/ns/activitystreams#","id":"@id","type":"@type"},"id":"https://a.example/1","type":"Note","content":"x"}`,
		`{"content":"x","id":"https://a.example/1","type":"Note"}`,
	},
	{
		"an unknown context beside unusual names",
		`{"@context":[` + as + `,"https://unknown.example/ns",{"text":"as:content"}],"id":"https://a.example/1","type":"Note","text":"x","sensitive":true}`,
		`{"content":"x","id":"https://a.example/1","sensitive":true,"type":"Note"}`,
	},
	{
		"only an unknown context",
		`{"@context":"https://unknown.example/ns","id":"https://a.example/1","type":"Note","content":"x"}`,
		`{"content":"x","id":"https://a.example/1","type":"Note"}`,
	},
	{
		"an unknown context and a compact type",
		`{"@context":"https://unknown.example/ns","id":"https://a.example/1","type":"as:Note","content":"x"}`,
		`{"content":"x","id":"https://a.example/1","type":"Note"}`,
	},
	{
		"ordered items stay ordered",
		`{"@context":` + as + `,"id":"https://a.example/1","type":"as:OrderedCollection","orderedItems":["https://a.example/3","https://a.example/2"]}`,
		`{"id":"https://a.example/1","orderedItems":["https://a.example/3","https://a.example/2"],"type":"OrderedCollection"}`,
	},
	{
		"items stay items",
		`{"@context":` + as + `,"id":"https://a.example/1","type":"as:Collection","items":["https://a.example/3","https://a.example/2"]}`,
		`{"id":"https://a.example/1","items":["https://a.example/3","https://a.example/2"],"type":"Collection"}`,
	},
	{
		"a key, with the names of the security vocabulary",
		`{"@context":[` + as + `,"https://w3id.org/security/v1"],"id":"https://a.example/u","type":"as:Person","inbox":"https://a.example/in",
			  "publicKey":{"id":"https://a.example/u#k","owner":"https://a.example/u","publicKeyPem":"PEM"},"endpoints":{"sharedInbox":"https://a.example/all"}}`,
		`{"endpoints":{"sharedInbox":"https://a.example/all"},"id":"https://a.example/u","inbox":"https://a.example/in","publicKey":{"id":"https://a.example/u#k","owner":"https://a.example/u","publicKeyPem":"PEM"},"type":"Person"}`,
	},
	{
		"terms that no context defines keep their names",
		`{"@context":` + as + `,"id":"https://a.example/u","type":"as:Person","publicKey":{"id":"https://a.example/u#k","publicKeyPem":"PEM"},"suspended":true}`,
		`{"id":"https://a.example/u","publicKey":{"id":"https://a.example/u#k","publicKeyPem":"PEM"},"suspended":true,"type":"Person"}`,
	},
	{
		"what moves properties between objects is not expanded",
		`{"@context":` + as + `,"id":"https://a.example/1","type":"as:Note","@included":[{"id":"https://a.example/1","content":"forged"}]}`,
		`{"@included":{"content":"forged","id":"https://a.example/1"},"id":"https://a.example/1","type":"as:Note"}`,
	},
	{
		"what cannot be expanded is taken as it stands",
		`{"@context":[` + as + `,{"text":"as:content"}],"id":42,"type":"Note","text":"x"}`,
		`{"id":42,"text":"x","type":"Note"}`,
	},
	{
		"a context within an embedded object",
		`{"@context":` + as + `,"type":"Announce","object":{"@context":{"text":"as:content"},"id":"https://a.example/1","type":"Note","text":"x"}}`,
		`{"object":{"content":"x","id":"https://a.example/1","type":"Note"},"type":"Announce"}`,
	},
}

func TestRead(t *testing.T) {
	t.Parallel()
	for _, test := range reads {
		t.Run(test.name, func(t *testing.T) {
			m, err := Read([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, sorted(t, m)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadKeepsTheOrderOfLanguages(t *testing.T) {
	t.Parallel()
	in := `{"@context":[` + as + `,{"kind":"@type"}],"kind":"Note","content":"satu","contentMap":{"id":"satu","zh-Hant":"一","en":"one"}}`
	m, err := Read([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(`{"id":"satu","zh-Hant":"一","en":"one"}`, plain(m.Get("contentMap"))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(`["satu"]`, plain(m.Get("content"))); diff != "" {
		t.Error(diff)
	}
}

// A context may be named by the path of a file; json-gold's own loader would open it.
func TestReadOpensNoFile(t *testing.T) {
	t.Parallel()
	secret := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(secret, []byte(`{"@context":{"leak":"https://secret.example/ns#"}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{secret, "file://" + secret, "/etc/passwd"} {
		in := `{"@context":[` + as + `,"` + path + `",{"text":"as:content"}],"id":"https://a.example/1","type":"Note","text":"x","leak:a":"y"}`
		m, err := Read([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if got := sorted(t, m); strings.Contains(got, "secret.example") {
			t.Errorf("%s was read: %s", path, got)
		}
	}
}

func TestExpandsOnlyWhenItMust(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     bool
	}{
		{"no context", `{"as:content":"x"}`, false},
		{"known", `{"@context":` + as + `,"type":"Note"}`, false},
		{"unknown", `{"@context":["https://a.example/ns"],"type":"Note"}`, false},
		{"extensions", `{"@context":[` + as + `,{"dcterms":"http://purl.org/dc/terms/","toot":"http://joinmastodon.org/ns#","featured":{"@id":"toot:featured","@type":"@id"}}],"dcterms:subject":"x"}`, false},
		{"an extension under another address", `{"@context":[` + as + `,{"value":"https://schema.org/value","PropertyValue":"https://schema.org/PropertyValue"}]}`, false},
		{"a default language", `{"@context":[` + as + `,{"@language":"und"}],"type":"Note"}`, false},
		{"blank vocab", `{"@context":[` + as + `,{"@vocab":"_:"}],"type":"Note"}`, false},
		{"a type of another vocabulary", `{"@context":[` + as + `,{"toot":"http://joinmastodon.org/ns#"}],"type":"toot:IdentityProof"}`, false},
		{"compact type", `{"@context":` + as + `,"type":"as:Note"}`, true},
		{"keyword", `{"@context":` + as + `,"@type":"Note"}`, true},
		{"alias", `{"@context":[` + as + `,{"x":"as:content"}]}`, true},
		{"alias of an alias", `{"@context":[` + as + `,{"x":"content"}]}`, true},
		{"alias through two prefixes", `{"@context":[` + as + `,{"p":"https://www.w3.org/ns/","q":"p:activitystreams#","x":"q:content"}]}`, true},
		{"a prefix in two meanings", `{"@context":[` + as + `,{"p":"https://a.example/"}],"object":{"@context":{"p":"https://b.example/"}}}`, true},
		{"our name removed", `{"@context":[` + as + `,{"content":null}]}`, true},
		{"too many contexts", `{"@context":[` + strings.Repeat(as+",", 20) + `{"x":"as:content"}]}`, false},
		{"a context for a term", `{"@context":[` + as + `,{"x":{"@id":"as:content","@context":{"y":"as:name"}}}]}`, false},
		{"too many values", `{"@context":[` + as + `,{"x":"as:content"}],"to":[` + strings.Repeat(`"a",`, 3000) + `"b"]}`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p, err := parse([]byte(test.in))
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := p.mustExpand(); got != test.want {
				t.Errorf("mustExpand() = %v, want %v", got, test.want)
			}
		})
	}
}

// What other servers send in practice is read as it stands.
func TestCapturedDocumentsNeedNoExpansion(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/*/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := parse(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if must, _ := p.mustExpand(); must {
			t.Errorf("%s would be expanded", file)
		}
	}
}

func TestEveryContextIsEmbeddedOnce(t *testing.T) {
	t.Parallel()
	files, err := documents.ReadDir("contexts")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, file := range files {
		got = append(got, strings.TrimSuffix(file.Name(), ".json"))
	}
	want := slices.Sorted(maps.Values(addresses))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := usual().names["https://www.w3.org/ns/activitystreams#items"]; got != "items" {
		t.Errorf("as:items is read as %q", got)
	}
}

// The loader is shared: run with -race.
func TestReadConcurrently(t *testing.T) {
	t.Parallel()
	in := []byte(`{"@context":[` + as + `,"https://w3id.org/security/v1","https://join-lemmy.org/context.json",{"text":"as:content"}],"type":"Note","text":"x"}`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			m, err := Read(in)
			if err != nil || plain(m.Get("content")) != `["x"]` {
				t.Error(err, plain(m))
			}
		})
	}
	wg.Wait()
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"@context":[` + as + `,{"x":{"@id":"as:content","@container":"@list"},"@base":"a"}],"type":"as:Note","x":[[1],{"@value":null}]}`))
	f.Add([]byte(`{"@context":{"@vocab":"x","y":{"@reverse":"as:actor"}},"@type":null,"y":{"@set":[]}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := Read(in)
		if (m == nil) == (err == nil) {
			t.Errorf("document %v and error %v", m, err)
		}
	})
}
