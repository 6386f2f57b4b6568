package web_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// directives of a policy, by name.
func directives(policy string) map[string]string {
	all := map[string]string{}
	for _, directive := range strings.Split(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		all[name] = value
	}
	return all
}

// grade tells what is wrong with the headers of an answer.
func grade(a answer) (wrong []string) {
	h := a.Header
	wanted := map[string]string{
		"X-Content-Type-Options": `nosniff`, "Cross-Origin-Resource-Policy": `same-origin|cross-origin`,
		"Content-Security-Policy": `default-src 'none'; .*`, "X-Request-Id": `[0-9a-z]{16}`,
	}
	if !regexp.MustCompile(`^/(ap|\.well-known|nodeinfo)/`).MatchString(a.Request.URL.Path) {
		maps.Copy(wanted, map[string]string{
			"Referrer-Policy": `strict-origin-when-cross-origin`, "Cross-Origin-Opener-Policy": `same-origin`,
			"Permissions-Policy": `camera=\(\), .*microphone=\(\).*`,
		})
	}
	for name, want := range wanted {
		if values := h.Values(name); len(values) != 1 || !regexp.MustCompile("^(?:"+want+")$").MatchString(values[0]) {
			wrong = append(wrong, name+" is "+strings.Join(values, " and "))
		}
	}
	policy := directives(h.Get("Content-Security-Policy"))
	if _, sandboxed := policy["sandbox"]; !sandboxed && (policy["frame-ancestors"] != "'none'" || policy["base-uri"] != "'none'" || policy["script-src"] != "'self'" || policy["style-src"] != "'self'" || policy["form-action"] == "") {
		wrong = append(wrong, "a policy that lets too much: "+h.Get("Content-Security-Policy"))
	}
	if strings.HasPrefix(a.Request.URL.Path, "/studio") && policy["form-action"] != "'self'" {
		wrong = append(wrong, "forms of the Studio may lead elsewhere: "+policy["form-action"])
	}
	if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || strings.Contains(h.Get("Content-Security-Policy"), "*") {
		wrong = append(wrong, "an unsafe policy")
	}
	for _, name := range []string{"Server", "X-Powered-By", "Via", "X-AspNet-Version"} {
		if h.Get(name) != "" {
			wrong = append(wrong, name+" says what runs here")
		}
	}
	if a.body != "" && h.Get("Content-Type") == "" {
		wrong = append(wrong, "no Content-Type")
	}
	for _, c := range a.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode && c.SameSite != http.SameSiteStrictMode || c.Path == "" || c.Domain != "" {
			wrong = append(wrong, "a loose cookie: "+c.Raw)
		}
	}
	return wrong
}

var variables = regexp.MustCompile(`\{[^}]*\}`)

// TestAttackHeaders grades the answers of every route there is, asked well and
// badly, and of what is no route.
func TestAttackHeaders(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	templates, err := f.web.Routes()
	check(t, err)
	if len(templates) < 80 {
		t.Fatalf("%d routes: the walk missed some", len(templates))
	}
	paths := f.routes()
	for _, template := range templates {
		paths = append(paths, variables.ReplaceAllString(template, "x"), variables.ReplaceAllString(template, uuid.NewString()))
	}
	slices.Sort(paths)
	owner := f.owner()
	statuses := map[int]int{}
	for _, path := range slices.Compact(paths) {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			for _, cookie := range []string{"", owner} {
				if cookie != "" && (method != "GET" || strings.Contains(path, "log")) {
					continue // nothing is changed here, and nobody signed out
				}
				a := f.do(method, path, nil, "Cookie", cookie)
				statuses[a.StatusCode]++
				for _, wrong := range grade(a) {
					t.Errorf("%s %s (%d): %s", method, path, a.StatusCode, wrong)
				}
			}
		}
	}
	for name, a := range map[string]answer{
		"other host":  f.do("POST", "/follow", nil, "Host", "evil.example"),
		"other site":  f.post("/follow", nil, "Origin", "https://evil.example"),
		"too large":   f.do("POST", "/follow", strings.NewReader(strings.Repeat("x", 200<<10)), "Content-Type", "application/x-www-form-urlencoded"),
		"sign-in":     f.post("/studio/login", map[string][]string{"email": {"ratri"}, "password": {password}}),
		"language":    f.get("/?lang=en"),
		"not changed": f.get("/", "If-None-Match", "*"),
		"wrong range": f.get("/-/static/kabar.css", "Range", "bytes=9999999-"),
	} {
		statuses[a.StatusCode]++
		for _, wrong := range grade(a) {
			t.Errorf("%s (%d): %s", name, a.StatusCode, wrong)
		}
	}
	for _, status := range []int{200, 303, 304, 400, 403, 404, 405, 413, 415, 421} {
		if statuses[status] == 0 {
			t.Errorf("no answer was %d: %v", status, statuses)
		}
	}
}
