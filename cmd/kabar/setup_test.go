package main_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kabar/internal/pgtest"
)

// TestSetup makes the owner's account by the link in the log.
func TestSetup(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	p := h.serve()
	link := regexp.MustCompile(`link="?([^"\s]+)`).FindStringSubmatch(p.await("no owner yet"))
	if link == nil {
		t.Fatal("there is no link")
	}
	at, err := url.Parse(link[1])
	must(t, err)
	if got := get(t, link[1]); got.Status != http.StatusOK || !strings.Contains(got.Body, at.Query().Get("token")) {
		t.Fatalf("the link answers %d", got.Status)
	}
	form := url.Values{
		"token": {at.Query().Get("token")}, "name": {"ratri"}, "email": {"ratri@blog.example"}, "password": {"kentongan di gardu"},
		"title": {"Ruang Tengah"}, "handle": {"redaksi"}, "language": {"id"}, "zone": {"Asia/Makassar"},
	}
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar}
	submit := func(form url.Values) *http.Response {
		res, err := browser.PostForm(h.url+"/setup", form)
		must(t, err)
		res.Body.Close()
		return res
	}
	short := url.Values{}
	for name := range form {
		short.Set(name, form.Get(name))
	}
	short.Set("password", "short")
	if res := submit(short); res.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a short password gets %s", res.Status)
	}
	if res := submit(form); res.StatusCode != http.StatusOK || res.Request.URL.Path != "/studio" {
		t.Errorf("the form leads to %s, %s", res.Request.URL, res.Status)
	}
	if res := submit(form); res.StatusCode != http.StatusForbidden {
		t.Errorf("a second use gets %s", res.Status)
	}
	got := ask[map[string]string](h, "settings", "get", "title", "handle", "time_zone")
	if got["title"] != "Ruang Tengah" || got["handle"] != "redaksi" || got["time_zone"] != "Asia/Makassar" {
		t.Errorf("the settings are %v", got)
	}
	stranger := get(t, h.url+"/studio")
	if stranger.Status != http.StatusSeeOther || !strings.HasPrefix(stranger.Header.Get("Location"), "/studio/login") {
		t.Errorf("a stranger gets %d to %s", stranger.Status, stranger.Header.Get("Location"))
	}
}
