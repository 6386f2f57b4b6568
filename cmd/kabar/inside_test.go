package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
	"kabar/internal/program"
)

// TestInside looks into a node that a whole story went through: its figures
// count it, its log tells of it, and neither tells a secret or what was written.
func TestInside(t *testing.T) {
	t.Parallel()
	figures := program.FreePort(t)
	const password = "rahasia-sekali-42"
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t), "KABAR_METRICS_LISTEN="+figures, "KABAR_PPROF=1",
		"KABAR_LOG_FORMAT=json", "KABAR_LOG_LEVEL=debug", "KABAR_TRUSTED_PROXIES=127.0.0.1")
	if a := h.commandIn(password, "account", "create", "ratri", "--email", "ratri@kabar.test", "--role", "owner", "--password-file", "-"); a.Code != 0 {
		t.Fatal(a)
	}
	running := start(t, h.env, nil, "serve")
	running.await(`"msg":"ready"`)
	server := follower(t, h)
	article := h.publish("Kabar baik", "Isi artikel.")
	if _, err := server.Wait(t.Context(), aptest.About("Create", article.ID)); err != nil {
		t.Fatal(err)
	}
	_, err := server.Person("bob").Reply(t.Context(), article.ID, "Jawaban-yang-panjang")
	must(t, err)
	eventually(t, "the reply stands", func() bool { return strings.Contains(get(t, article.URL).Body, "Jawaban-yang-panjang") })
	get(t, article.URL) // now from the cache
	session := signIn(t, h.url, password)
	res, err := reader.Post(h.url+"/ap/inbox", "application/activity+json", strings.NewReader(`{"type":"Like","actor":"https://x.example/a","object":"y"}`))
	must(t, err)
	res.Body.Close()

	shows(t, "http://"+figures+"/metrics",
		`kabar_inbox_refused_total{reason="unsigned"} 1`, `kabar_inbound_total{outcome="follow"} 1`, `kabar_inbound_total{outcome="comment"} 1`,
		`kabar_deliveries_total{host_class="healthy",outcome="delivered"} `, `kabar_job_seconds_count{kind="article_changed",outcome="done"} `,
		`kabar_http_request_seconds_count{method="GET",route="/{slug}",status="2xx"} `, `kabar_http_request_seconds_count{method="POST",route="/ap/inbox",status="4xx"} 1`,
		`kabar_page_render_seconds_count `, `kabar_page_cache_hits_total `, `kabar_database_connections{pool="primary",state="used"} `,
		`kabar_queue_waiting{queue="inbound"} 0`, `kabar_queue_in_hand{queue="deliveries"} `, `kabar_build_info{version="`)
	if got := get(t, "http://"+figures+"/debug/pprof/goroutine?debug=1"); got.Status != http.StatusOK || !strings.Contains(got.Body, "kabar/internal/queue") {
		t.Errorf("profiles: %d", got.Status)
	}
	for _, path := range []string{"/metrics", "/debug/pprof"} {
		if got := get(t, h.url+path).Status; got != http.StatusNotFound {
			t.Errorf("readers get %d for %s", got, path)
		}
	}
	traced(t, h.url, running)
	discreet(t, running.Output(), password, session, "Jawaban-yang-panjang", "Isi artikel", "ratri@kabar.test", "PRIVATE KEY", "signature=")
}

// follower is a server with a person who follows the blog.
func follower(t *testing.T, h *house) *aptest.Server {
	t.Helper()
	world, err := aptest.NewWorld(aptest.WorldOptions{})
	must(t, err)
	t.Cleanup(world.Close)
	return followerIn(t, world, h)
}

// followerIn is such a server in a world.
func followerIn(t *testing.T, world *aptest.World, h *house) *aptest.Server {
	t.Helper()
	server, err := world.Start(aptest.Options{})
	must(t, err)
	actor, err := server.Resolve(t.Context(), "blog@"+h.host)
	must(t, err)
	sent, err := server.Person("bob").Follow(t.Context(), actor)
	must(t, err)
	if _, err := server.Wait(t.Context(), aptest.About("Accept", sent.ID)); err != nil {
		t.Fatal(err)
	}
	return server
}

// signIn signs in as a browser does and returns the value of the session's cookie.
func signIn(t *testing.T, origin, password string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar}
	res, err := browser.PostForm(origin+"/studio/login", url.Values{"email": {"ratri@kabar.test"}, "password": {password}})
	must(t, err)
	res.Body.Close()
	at, err := url.Parse(origin + "/studio")
	must(t, err)
	for _, c := range jar.Cookies(at) {
		if len(c.Value) > 20 {
			return c.Value
		}
	}
	t.Fatalf("no session: %s, %v", res.Status, jar.Cookies(at))
	return ""
}

func shows(t *testing.T, address string, wants ...string) {
	t.Helper()
	got := get(t, address).Body
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, address)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// traced looks whether a request can be followed from a proxy into the log, and
// no further than a proxy may say.
func traced(t *testing.T, origin string, p *process) {
	t.Helper()
	tests := []struct {
		name, given string
		kept        bool
	}{
		{"from the proxy", "proxy-0123456789", true},
		{"too short", "x", false},
		{"a second line", "abcdefgh%0aERROR", false},
		{"too long", strings.Repeat("a", 65), false},
	}
	for _, tt := range tests {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, origin+"/tidak-ada", nil)
		must(t, err)
		r.Header.Set("X-Request-Id", tt.given)
		res, err := reader.Do(r)
		must(t, err)
		res.Body.Close()
		id := res.Header.Get("X-Request-Id")
		if (id == tt.given) != tt.kept || id == "" {
			t.Errorf("%s: the answer names %q", tt.name, id)
		}
		var line struct{ Msg, Request, Path string }
		must(t, json.Unmarshal([]byte(p.await(fmt.Sprintf("%q:%q", "request", id))), &line))
		if line.Msg != "request" || line.Path != "/tidak-ada" {
			t.Errorf("%s: the log says %+v", tt.name, line)
		}
	}
}

// discreet looks for what no log may have, in lines that are JSON one and all.
func discreet(t *testing.T, log string, secrets ...string) {
	t.Helper()
	for line := range strings.Lines(log) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
		for _, secret := range secrets {
			if strings.Contains(line, secret) {
				t.Errorf("the log tells %q: %s", secret, line)
			}
		}
	}
	if strangers := regexp.MustCompile(`"(addr|address|remote|ip)":"[0-9a-f.:]{7,}`).FindString(log); strangers != "" {
		t.Errorf("the log tells where readers are: %s", strangers)
	}
}
