package web_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

// routes are one address of each kind.
func (f *fortress) routes() []string {
	object := strings.TrimPrefix(f.article.ObjectURI, f.origin)
	actor := strings.TrimPrefix(f.actor.URI, f.origin)
	none := uuid.NewString()
	return []string{
		"/", "/kabar-baik", "/tags/kopi", "/tags/kopi/feed.atom", "/authors/blog", "/archive", "/search?q=x", "/follow", "/-/interact?uri=https%3A%2F%2Fa.example%2F1",
		"/setup", "/feed.atom", "/robots.txt", "/favicon.ico", "/-/icon.png", "/-/media/x.webp", "/-/static/kabar.css", "/livez", "/readyz", "/none",
		actor, actor + "/inbox", actor + "/outbox", actor + "/followers", actor + "/following", actor + "/featured", "/ap/actor", "/ap/actor/outbox", "/ap/inbox",
		object, object + "/replies", object + "/context", object + "/likes", object + "/shares", "/ap/activities/" + none, "/ap/actors/" + none, "/ap/objects/" + none,
		"/.well-known/webfinger", "/.well-known/host-meta", "/.well-known/host-meta.json", "/.well-known/nodeinfo", "/nodeinfo/2.1", "/.well-known/none",
		"/studio", "/studio/login", "/studio/logout", "/studio/articles", "/studio/articles/new", "/studio/articles/" + none, "/studio/comments", "/studio/comments/" + none,
		"/studio/comments/" + none + "/person", "/studio/comments/" + none + "/server", "/studio/comments/" + none + "/report", "/studio/comments/undo", "/studio/people?q=x",
		"/studio/followers", "/studio/deliveries", "/studio/settings", "/studio/none",
	}
}

// TestAttackMethods uses every method on every route.
func TestAttackMethods(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	for _, path := range f.routes() {
		get := f.get(path)
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "GE"} {
			a := f.do(method, path, strings.NewReader("secret=1"), "X-Secret", "1")
			if a.StatusCode >= 500 || strings.Contains(strings.ToLower(a.body), "x-secret") {
				t.Errorf("%s %s: %d", method, path, a.StatusCode)
			}
			if method == "HEAD" && (a.StatusCode != get.StatusCode || a.body != "") {
				t.Errorf("HEAD %s: %d and %q, GET %d", path, a.StatusCode, a.body, get.StatusCode)
			}
			if method != "GET" && method != "HEAD" && method != "POST" && method != "OPTIONS" && a.StatusCode < 400 && a.StatusCode != 303 {
				t.Errorf("%s %s: %d", method, path, a.StatusCode)
			}
			for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Cross-Origin-Resource-Policy"} {
				if len(a.Header.Values(name)) != 1 {
					t.Errorf("%s %s: %s is %q", method, path, name, a.Header.Values(name))
				}
			}
			if a.StatusCode == 405 && a.Header.Get("Allow") == "" {
				t.Errorf("%s %s: 405 without Allow", method, path)
			}
			if !strings.HasPrefix(path, "/studio") && path != "/setup" && a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: a cookie for nobody", method, path)
			}
		}
	}
}

// say sends bytes and returns the whole answer.
func (f *fortress) say(text string) string {
	f.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.origin, "http://"))
	check(f.t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, text)
	check(f.t, err)
	answer, _ := io.ReadAll(bufio.NewReader(conn)) // it may be cut off
	return string(answer)
}

// TestAttackPaths sends targets as no client would.
func TestAttackPaths(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	host := strings.TrimPrefix(f.origin, "http://")
	for _, target := range []string{
		"//", "///", "//evil.example", "//evil.example/", "//evil.example//", "/\\evil.example/", "/%2F/evil.example/", "/%2Fevil.example/", "/%5Cevil.example/", "/.//evil.example/",
		"/../", "/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/-/static/../../etc/passwd", "/-/static/%2e%2e%2f%2e%2e%2fetc/passwd",
		"/-/media/../../../../etc/passwd", "/-/media/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd", "/-/media/..", "/-/media/%00", "/-/media/a%00.webp",
		"/%00", "/kabar-baik%00", "/kabar-baik%2F", "/kabar-baik/.", "/kabar-baik/..", "/kabar-baik;x=1", "/KABAR-BAIK", "/kabar-baik%0d%0aX-Evil:1", "/%0d%0aX-Evil:1/", "/kabar-baik/?%0d%0aX-Evil:1",
		"/tags/%00", "/tags/%ff%fe", "/tags/%2e%2e", "/authors/%00", "/authors/%ff", "/archive?before=%00", "/archive?before=%ff", "/?lang=%0d%0aX-Evil:1", "/kabar-baik?after=%00", "/kabar-baik?in=%00&skip=-1",
		"/kabar-baik?in=" + uuid.NewString() + "&skip=99999999999999999999", "/kabar-baik?skip=1", "/search?q=%00%ff", "/setup?token=%00", "/follow?who=%00", "/follow?account=%00", "/-/interact?uri=%00",
		"/ap/objects/%00", "/ap/objects/..%2factor", "/ap/actors/" + strings.ToUpper(f.actor.ID.String()), "/ap/inbox/", "/ap//inbox", "/ap/%69nbox", "/.well-known/webfinger?resource=%00", "/.well-known/webfinger?resource=acct:%ff@%00",
		"/.well-known/webfinger?resource=acct:blog%2540blog.example", "/%", "/%zz", "/" + strings.Repeat("a", 30_000), "/" + strings.Repeat("../", 5_000), "/?" + strings.Repeat("a=1&", 10_000), "/" + strings.Repeat("%2F", 5_000),
		"*", "evil.example:80", "http://evil.example/", "http://" + host + "/kabar-baik", "http://" + host + "@evil.example/", "?", "",
	} {
		answer := f.say("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
		short := target[:min(len(target), 80)]
		head, body, _ := strings.Cut(answer, "\r\n\r\n")
		res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(head+"\r\n\r\n")), nil)
		if err != nil {
			t.Errorf("%q: %v", short, err)
			continue
		}
		if res.StatusCode >= 500 || strings.Contains(body, "root:x:") || res.Header.Get("X-Evil") != "" {
			t.Errorf("%q: %s", short, head)
		}
		if to := res.Header.Get("Location"); to != "" && f.leaves(to) {
			t.Errorf("%q leads to %q", short, to)
		}
	}
}

// leaves reports whether a browser that is here would go elsewhere.
func (f *fortress) leaves(location string) bool {
	base, err := url.Parse(f.origin + "/a/b")
	check(f.t, err)
	to, err := base.Parse(strings.ReplaceAll(location, "\\", "/")) // as browsers read it
	return err != nil || to.Host != base.Host
}

// TestAttackRequests breaks the rules of HTTP.
func TestAttackRequests(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	host := strings.TrimPrefix(f.origin, "http://")
	tests := []struct{ name, in, want string }{
		{"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
		{"two hosts", "GET / HTTP/1.1\r\nHost: " + host + "\r\nHost: evil.example\r\n\r\n", "400"},
		{"a host with a path", "GET / HTTP/1.1\r\nHost: evil.example/x\r\n\r\n", "400"},
		{"a blank before the colon", "GET / HTTP/1.1\r\nHost: " + host + "\r\nX : 1\r\n\r\n", "400"},
		{"NUL in a header", "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: a\x00b\r\n\r\n", "400"},
		{"a bare carriage return", "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: a\rb\r\n\r\n", "400"},
		{"two lengths", "POST /ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", "400"},
		{"a negative length", "POST /ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: -1\r\n\r\n", "400"},
		{"a bad encoding", "POST /ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: xchunked\r\n\r\n", "501"},
		{"a bad chunk", "POST /ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/activity+json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
		{"1 MiB of headers", "GET / HTTP/1.1\r\nHost: " + host + "\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", "431"},
		{"10,000 headers", "GET / HTTP/1.1\r\nHost: " + host + "\r\n" + strings.Repeat("X-A: bcdefghi\r\n", 10_000) + "\r\n", "431"},
		{"another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "421"},
		{"an old protocol", "GET /\r\n\r\n", "400"},
		{"to another host", "GET http://evil.example/archive HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n", "301"},
		{"inbox of another host", "POST http://evil.example/ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "421"},
	}
	for _, tt := range tests {
		answer := f.say(tt.in)
		if !strings.HasPrefix(answer, "HTTP/1.1 "+tt.want) {
			t.Errorf("%s: %.100q, want %s", tt.name, answer, tt.want)
		}
		if strings.Contains(answer, "evil.example") {
			t.Errorf("%s: the answer names another host: %.300q", tt.name, answer)
		}
	}
}

// TestAttackAccept asks with every kind of nonsense.
func TestAttackAccept(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	parts := []string{"application/activity+json", "application/ld+json", "text/html", "*/*", "text/*", ",", ";", "q=", "0.5", "1e9", "-1", "NaN", "Inf", `"`, `\`, "\xff", " ", "=", "profile="}
	random := rand.New(rand.NewPCG(1, 2))
	accepts := []string{"", ",", ";", "q", `"`, strings.Repeat("*/*,", 10_000), strings.Repeat(`"\`, 5_000), "text/html;q=0, application/activity+json;q=0"}
	for range 300 {
		var b strings.Builder
		for range random.IntN(12) {
			b.WriteString(parts[random.IntN(len(parts))])
		}
		accepts = append(accepts, b.String())
	}
	object := strings.TrimPrefix(f.article.ObjectURI, f.origin)
	for _, accept := range accepts {
		for _, path := range []string{"/kabar-baik", object} {
			a := f.get(path, "Accept", accept)
			switch {
			case a.StatusCode == 200 && (strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") == (path == "/kabar-baik")):
			case a.StatusCode == 303 && !f.leaves(a.Header.Get("Location")):
			default:
				t.Errorf("%s for %.60q: %d %s", path, accept, a.StatusCode, a.Header.Get("Content-Type"))
			}
			if !slices.ContainsFunc(a.Header.Values("Vary"), func(v string) bool { return strings.Contains(v, "Accept") }) {
				t.Errorf("%s for %.60q: Vary is %q", path, accept, a.Header.Values("Vary"))
			}
		}
	}
}

// TestAttackRedirects tries to make this site lead to another.
func TestAttackRedirects(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	cookie := f.owner()
	for _, next := range []string{
		"https://evil.example/", "//evil.example/", "///evil.example/", `/\evil.example/`, `\/evil.example`, "/\t/evil.example/", "/\n/evil.example/", "javascript:alert(1)", "http:evil.example",
		"/%0d%0aLocation:%20https://evil.example/", "/%2F/evil.example", "evil.example", "", ".", "https:///evil.example", "\x00//evil.example", "/studio\r\nX-Evil: 1",
	} {
		signIn := f.post("/studio/login", url.Values{"email": {"ratri"}, "password": {password}, "next": {next}})
		signedIn := f.get("/studio/login?next="+url.QueryEscape(next), "Cookie", cookie)
		for _, a := range []answer{signIn, signedIn} {
			if to := a.Header.Get("Location"); a.StatusCode != 303 || f.leaves(to) || a.Header.Get("X-Evil") != "" {
				t.Errorf("next=%q: %d to %q", next, a.StatusCode, to)
			}
		}
	}
	// A link elsewhere that carries an account must not lead through us: the
	// reader is asked first.
	account := "x@" + strings.TrimPrefix(f.home.URL(), "http://")
	for _, path := range []string{"/follow?account=" + account, "/-/interact?uri=" + url.QueryEscape(f.article.ObjectURI) + "&account=" + account} {
		for site, want := range map[string]int{"cross-site": 200, "same-site": 200, "none": 200, "same-origin": 303} {
			a := f.get(path, "Sec-Fetch-Site", site)
			if a.StatusCode != want {
				t.Errorf("%s from %s: %d to %q", path, site, a.StatusCode, a.Header.Get("Location"))
			}
			if want == 200 && a.page(t).Find("input[name=account]").AttrOr("value", "") != account {
				t.Errorf("%s from %s: the account is not kept", path, site)
			}
		}
	}
}

// TestAttackProxies believes forwarding headers only of whom it trusts.
func TestAttackProxies(t *testing.T) {
	t.Parallel()
	type want struct{ Login, Inbox, Page int }
	try := func(f *fortress) want {
		last := 0
		for i := range 12 {
			a := f.post("/studio/login", url.Values{"email": {fmt.Sprint("guess", i)}, "password": {"wrong"}}, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i))
			last = a.StatusCode
		}
		inbox := f.do("POST", "/ap/inbox", nil, "Host", "evil.example", "X-Forwarded-Host", strings.TrimPrefix(f.origin, "http://"))
		page := f.get("/archive", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "Forwarded", "host=evil.example", "X-Original-URL", "/studio", "X-Rewrite-URL", "/studio", "X-HTTP-Method-Override", "DELETE")
		if strings.Contains(page.body, "evil.example") {
			f.t.Error("the page names the host of a header")
		}
		return want{last, inbox.StatusCode, page.StatusCode}
	}
	trusting := newFortress(t, defences{trusts: func(a netip.Addr) bool { return a.IsLoopback() }})
	if diff := cmp.Diff(want{403, 415, 200}, try(trusting)); diff != "" {
		t.Errorf("trusted: %s", diff)
	}
	if diff := cmp.Diff(want{429, 421, 200}, try(newFortress(t, defences{}))); diff != "" {
		t.Errorf("not trusted: %s", diff)
	}
}

// TestAttackSession plays with cookies.
func TestAttackSession(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	cookie := f.owner()
	name, _, _ := strings.Cut(cookie, "=")
	for _, bad := range []string{"", "x", strings.Repeat("x", 5_000), "'; drop table sessions; --", "%00", "../../etc/passwd"} {
		if a := f.get("/studio", "Cookie", name+"="+bad); a.StatusCode != 303 {
			t.Errorf("%.30q: %d", bad, a.StatusCode)
		}
		if a := f.get("/kabar-baik", "Cookie", name+"="+bad); a.StatusCode != 200 {
			t.Errorf("%.30q on a page: %d", bad, a.StatusCode)
		}
	}
	// A session that was given before signing in is not the one after.
	before := f.get("/studio/login", "Cookie", name+"=fixed")
	after := f.post("/studio/login", url.Values{"email": {"ratri"}, "password": {password}}, "Cookie", name+"=fixed")
	for _, a := range []answer{before, after} {
		if strings.Contains(a.Header.Get("Set-Cookie"), "=fixed") {
			t.Error("the session was fixed")
		}
	}
	if a := f.get("/studio", "Cookie", cookie); a.StatusCode != 200 {
		t.Errorf("the owner: %d", a.StatusCode)
	}
	// Forms of another site do nothing, whatever they bring along.
	for _, path := range []string{"/studio/articles/new", "/studio/settings", "/studio/logout", "/studio/followers", "/studio/deliveries"} {
		a := f.post(path, url.Values{"title": {"x"}, "markdown": {"x"}, "do": {"publish"}}, "Cookie", cookie, "Origin", "https://evil.example")
		if a.StatusCode != 403 {
			t.Errorf("%s from another site: %d", path, a.StatusCode)
		}
	}
	articles, err := f.blog.Articles(t.Context(), blog.ArticleQuery{Limit: 10})
	check(t, err)
	if len(articles) != 1 {
		t.Errorf("%d articles", len(articles))
	}
}

// TestAttackForms fills every field of every form with what cannot be stored,
// and with a little of everything else.
func TestAttackForms(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	cookie := f.owner()
	eve := f.home.Person("eve")
	f.take(eve, f.reply(eve, "Halo", nil))
	f.take(eve, aptest.Doc{"type": "Follow", "object": f.actor.URI})
	thread, err := f.store.Thread(t.Context(), blog.ThreadQuery{Article: f.article.ID, Answers: 1000, Siblings: 1000, Levels: 600, Room: 10_000})
	check(t, err)
	comments := thread.Comments()
	comment := "/studio/comments/" + comments[0].ID.String()
	fields := strings.Fields(`account uri who email password next token name title handle language zone do text warning back actor value reason block q
		markdown summary slug tags cover cover_alt published author revision origin description mode row host object state change field id batch media alt editing kept forward past`)
	for _, value := range []string{"a\x00b", "\xff\xfe", "\x00", strings.Repeat("x", 3_000), "<script>window.pwned=1</script>", "-1", "' or 1=1 --", "%s%n"} {
		for path, actions := range map[string][]string{
			"/follow": {""}, "/-/interact": {""}, "/setup": {""}, "/studio/login": {""}, "/studio/articles/new": {"", "draft", "publish", "preview"},
			"/studio/articles/" + f.article.ID.String(): {"", "publish", "preview", "delete-not"}, comment: {"reply", "edit", "hide", "approve", "spam", "wait", "approve-reply", "preview", "attach", "drop:", "like", "unlike", "boost", "unboost"},
			comment + "/person": {"hide", "silence", "unrule", ""}, comment + "/server": {"approve", "allow", "unrule", ""}, comment + "/report": {""},
			"/studio/comments": {"hide", ""}, "/studio/comments/undo": {""},
			"/studio/followers": {"remove", "block", "unblock", ""}, "/studio/deliveries": {"retry", ""}, "/studio/settings": {"", "save"},
		} {
			for _, do := range actions {
				form := url.Values{}
				for _, name := range fields {
					form.Set(name, value)
				}
				form.Set("do", do)
				if a := f.post(path, form, "Cookie", cookie); a.StatusCode >= 500 {
					t.Errorf("%s %s with %.20q: %d", path, do, value, a.StatusCode)
				}
			}
			if a := f.get(path+"?"+url.Values{"q": {value}, "before": {value}, "host": {value}, "object": {value}, "show": {value}, "state": {value}, "article": {value}, "activity": {value}, "back": {value}}.Encode(), "Cookie", cookie); a.StatusCode >= 500 {
				t.Errorf("%s asked for %.20q: %d", path, value, a.StatusCode)
			}
		}
		for _, path := range []string{"/studio/comments", "/studio/people", "/studio/articles", "/archive", "/"} {
			if a := f.get(path+"?"+url.Values{"q": {value}, "before": {value}, "show": {value}, "article": {value}, "tag": {value}, "lang": {value}, "actor": {value}, "server": {value}, "reply": {value}, "edit": {value}}.Encode(), "Cookie", cookie); a.StatusCode >= 500 {
				t.Errorf("%s asked for %.20q: %d", path, value, a.StatusCode)
			}
		}
	}
}
