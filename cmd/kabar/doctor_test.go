package main_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/pgtest"
	"kabar/internal/program"
)

// finding is one line of what doctor says.
type finding struct {
	Check, Words string
	OK           bool
}

// examine returns the checks that failed, with what doctor says.
func examine(h *house, settings ...string) map[string]string {
	h.t.Helper()
	patient := *h
	patient.env = append(append([]string(nil), h.env...), settings...)
	a := patient.command("doctor", "--json")
	var findings []finding
	if err := json.Unmarshal([]byte(a.Out), &findings); err != nil || len(findings) < 10 {
		h.t.Fatalf("doctor: %d, %s, %s", a.Code, a.Out, a.Err)
	}
	wrong := map[string]string{}
	for _, f := range findings {
		if !f.OK {
			wrong[f.Check] = f.Words
		}
	}
	if (len(wrong) > 0) != (a.Code == 1) {
		h.t.Errorf("%d checks failed, and doctor ends with %d", len(wrong), a.Code)
	}
	return wrong
}

// TestDoctorAtFirst finds nothing wrong with a private database but that nobody
// has made an account.
func TestDoctorAtFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.serve()
	if diff := cmp.Diff([]string{"database"}, keys(examine(h))); diff != "" {
		t.Errorf("before there is an account: %s", diff)
	}
	if made := h.commandIn("a long enough password\n", "account", "create", "ayu", "--role=owner"); made.Code != 0 {
		t.Fatal(made)
	}
	if diff := cmp.Diff([]string(nil), keys(examine(h))); diff != "" {
		t.Errorf("after: %s", diff)
	}
}

// TestDoctorRecount spoils a counter behind Kabar's back.
func TestDoctorRecount(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+database)
	h.publish("Kopi", "Isi.")
	recount := func() string {
		var findings []finding
		a := h.command("doctor", "--recount", "--json")
		must(t, json.Unmarshal([]byte(a.Out), &findings))
		last := findings[len(findings)-1]
		if last.Check != "recount" || last.OK == strings.Contains(last.Words, "report") {
			t.Errorf("the last finding is %v", last)
		}
		return last.Words
	}
	if words := recount(); words != "all that is counted agrees, and nothing is lost" {
		t.Errorf("at first: %s", words)
	}
	pool, err := pgxpool.New(t.Context(), database)
	must(t, err)
	defer pool.Close()
	_, err = pool.Exec(t.Context(), `update articles set comments = 7`)
	must(t, err)
	if words := recount(); !strings.HasPrefix(words, "comments of articles: 1, such as ") {
		t.Errorf("spoiled: %s", words)
	}
}

func keys(wrong map[string]string) (names []string) {
	for name := range wrong {
		names = append(names, name)
	}
	return names
}

// proxy stands in front of a house and can be set up wrong.
type proxy struct {
	*httptest.Server
	to    *httputil.ReverseProxy
	wrong atomic.Pointer[http.HandlerFunc]
}

func newProxy(t *testing.T, to string) *proxy {
	t.Helper()
	target, err := url.Parse("http://" + to)
	must(t, err)
	p := &proxy{to: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
	}}}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wrong := p.wrong.Load(); wrong != nil {
			(*wrong)(w, r)
			return
		}
		p.to.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// TestDoctorMistakes makes the mistakes that are made most often, one after
// the other, and reads what doctor says of them.
func TestDoctorMistakes(t *testing.T) {
	t.Parallel()
	inside := program.FreePort(t)
	p := newProxy(t, inside)
	database := pgtest.URL(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+database)
	h.env = append(h.env, "KABAR_URL="+p.URL, "KABAR_LISTEN="+inside)
	if made := h.commandIn("a long enough password\n", "account", "create", "ayu", "--role=owner"); made.Code != 0 {
		t.Fatal(made)
	}
	h.serve()
	if wrong := examine(h); len(wrong) != 1 || wrong["durability"] == "" {
		t.Errorf("behind a good proxy: %v", wrong)
	}
	for _, tt := range mistakes(p, database) {
		p.wrong.Store(nil)
		if tt.wrong != nil {
			p.wrong.Store(&tt.wrong)
		}
		if wrong := examine(h, tt.settings...); !strings.Contains(wrong[tt.check], tt.says) {
			t.Errorf("%s: %s says %q, want %q; all: %v", tt.name, tt.check, wrong[tt.check], tt.says, wrong)
		}
	}
}

// mistake is one way to set things up wrong, and what doctor must say of it.
type mistake struct {
	name     string
	wrong    http.HandlerFunc // in place of the proxy
	settings []string
	check    string
	says     string
}

func mistakes(p *proxy, database string) []mistake {
	plain := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Server", "nginx")
			http.Error(w, text, status)
		}
	}
	var kept atomic.Pointer[httptest.ResponseRecorder] // the first answer for the front page
	return []mistake{
		{name: "another Host", check: "requests", says: "proxy_set_header Host $host", wrong: func(w http.ResponseWriter, r *http.Request) {
			r.Host = "localhost:3000"
			p.to.ServeHTTP(w, r)
		}},
		{name: "the database's own name for Host, and pages", check: "documents", says: "let the proxy pass Host on", wrong: func(w http.ResponseWriter, r *http.Request) {
			r.Host = "kabar:8080"
			p.to.ServeHTTP(w, r)
		}},
		{name: "small uploads only", check: "uploads", says: "client_max_body_size 20m", wrong: func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength > 1<<20 {
				plain(http.StatusRequestEntityTooLarge, "too large")(w, r)
				return
			}
			p.to.ServeHTTP(w, r)
		}},
		{name: "small requests only", check: "requests", says: "allow 20 MB", wrong: func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength > 64<<10 {
				plain(http.StatusRequestEntityTooLarge, "too large")(w, r)
				return
			}
			p.to.ServeHTTP(w, r)
		}},
		{name: "a challenge for who is no browser", check: "requests", says: "without a challenge for browsers", wrong: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				plain(http.StatusForbidden, "prove that you are human")(w, r)
				return
			}
			p.to.ServeHTTP(w, r)
		}},
		{name: "documents challenged", check: "documents", says: "let all of /ap/", wrong: func(w http.ResponseWriter, r *http.Request) {
			if strings.Contains(r.Header.Get("Accept"), "json") {
				plain(http.StatusServiceUnavailable, "<html>one moment")(w, r)
				return
			}
			p.to.ServeHTTP(w, r)
		}},
		{name: "a cache that does not look at Vary", check: "documents", says: "must obey Vary", wrong: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				p.to.ServeHTTP(w, r)
				return
			}
			if kept.Load() == nil {
				first := httptest.NewRecorder()
				p.to.ServeHTTP(first, r)
				kept.Store(first)
			}
			for name, values := range kept.Load().Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(kept.Load().Code)
			_, _ = w.Write(kept.Load().Body.Bytes())
		}},
		{name: "no WebFinger", check: "actor", says: "let /.well-known/webfinger", wrong: func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/.well-known/") {
				plain(http.StatusNotFound, "not found")(w, r)
				return
			}
			p.to.ServeHTTP(w, r)
		}},
		{name: "Kabar is not reached", check: "origin", says: "does not reach KABAR_LISTEN", wrong: plain(http.StatusBadGateway, "bad gateway")},
		{name: "another name is meant", check: "origin", says: "set KABAR_URL to the address that answers", wrong: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://www.blog.example"+r.URL.Path, http.StatusMovedPermanently)
		}},
		{name: "a pool too large", check: "connections", says: "raise max_connections", settings: []string{"KABAR_DATABASE_URL=" + with(database, "pool_max_conns=5000")}},
		{name: "everybody is trusted", check: "proxies", says: "name the proxy alone", settings: []string{"KABAR_TRUSTED_PROXIES=0.0.0.0/0"}},
		{name: "no mail server", check: "mail", says: "KABAR_SMTP_URL", settings: []string{"KABAR_SMTP_URL=smtp://127.0.0.1:1?tls=none", "KABAR_MAIL_FROM=blog@kabar.test"}},
		{name: "a database that forgets", check: "durability", says: "fsync"}, // as that of tests does
	}
}

// with adds a parameter to an address of a database.
func with(address, parameter string) string {
	if strings.Contains(address, "?") {
		return address + "&" + parameter
	}
	return address + "?" + parameter
}
