package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

// A reader is led to the page of their own server that opens what they chose.
func TestFollowAndInteract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	others, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(t, err)
	t.Cleanup(others.Close)
	plain, err := others.Start(aptest.Options{})
	check(t, err)
	mika := plain.Person("mika")
	_, host, _ := strings.Cut(mika.Handle(), "@")
	template, intents := "", ""
	own := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Content-Type", "application/jrd+json")
		fmt.Fprintf(rw, `{"subject":"x","links":[%s{"rel":"http://ostatus.org/schema/1.0/subscribe","template":%q}]}`, intents, template)
	}))
	t.Cleanup(own.Close)
	ownHost := strings.TrimPrefix(own.URL, "http://")
	escaped := url.QueryEscape(article.ObjectURI)
	actor := url.QueryEscape(w.actor.URI)
	tests := []struct {
		name, template string
		path           string
		form           url.Values
		status         int
		to             string
	}{
		{"follow", "https://a.example/f?u={uri}", "/follow", url.Values{"account": {"me@" + ownHost}}, 303, "https://a.example/f?u=" + actor},
		{"follow by name", "https://a.example/f?u={uri}", "/follow", url.Values{"account": {"@me@" + ownHost}, "who": {"@blog@blog.example"}}, 303, "https://a.example/f?u=" + actor},
		{"open", "https://a.example/f?u={uri}", "/-/interact", url.Values{"account": {"me@" + ownHost}, "uri": {article.ObjectURI}}, 303, "https://a.example/f?u=" + escaped},
		{"no template", "", "/-/interact", url.Values{"account": {"mika@" + host}, "uri": {article.ObjectURI}}, 303, "http://" + host + "/authorize_interaction?uri=" + escaped},
		{"nobody there", "", "/follow", url.Values{"account": {"nobody@" + host}}, 303, "http://" + host + "/authorize_interaction?uri=" + actor},
		{"a template that runs", "javascript:alert('{uri}')", "/follow", url.Values{"account": {"me@" + ownHost}}, 422, ""},
		{"no server", "", "/follow", url.Values{"account": {"me@127.0.0.1:1"}}, 422, ""},
		{"no address", "", "/follow", url.Values{"account": {"me"}}, 422, ""},
		{"nobody of ours", "", "/follow", url.Values{"account": {"me@" + ownHost}, "who": {"nobody"}}, 404, ""},
	}
	for _, tt := range tests {
		template = tt.template
		a := w.get(tt.path + "?" + tt.form.Encode())
		if tt.status == 303 {
			a = w.post(tt.path, tt.form)
		}
		if a.StatusCode != tt.status || a.Header.Get("Location") != tt.to {
			t.Errorf("%s: %d %s", tt.name, a.StatusCode, a.Header.Get("Location"))
		}
		if tt.status == 422 && a.page(t).Find("#account-problem").Length() != 1 {
			t.Errorf("%s: the page does not say what is wrong", tt.name)
		}
	}
	const fep = `{"rel":"https://w3id.org/fep/3b86/%s","template":"https://b.example/%[1]s?o={object}&then={on-success}"},`
	for _, tt := range []struct {
		name, intents, account, do, to string
	}{
		{"like", fmt.Sprintf(fep, "Object") + fmt.Sprintf(fep, "Like"), "me@" + ownHost, "like", "https://b.example/Like?o=" + escaped + "&then="},
		{"boost", fmt.Sprintf(fep, "Object") + fmt.Sprintf(fep, "Announce"), "me@" + ownHost, "boost", "https://b.example/Announce?o=" + escaped + "&then="},
		{"reply", fmt.Sprintf(fep, "Like") + fmt.Sprintf(fep, "Object"), "me@" + ownHost, "reply", "https://b.example/Object?o=" + escaped + "&then="},
		{"no intent for it", fmt.Sprintf(fep, "Object"), "me@" + ownHost, "like", "https://b.example/Object?o=" + escaped + "&then="},
		{"the server alone", fmt.Sprintf(fep, "Object"), ownHost, "reply", "https://b.example/Object?o=" + escaped + "&then="},
		{"a page of the server", fmt.Sprintf(fep, "Object"), "http://" + ownHost + "/@me", "reply", "https://b.example/Object?o=" + escaped + "&then="},
		{"older servers", "", ownHost, "like", "https://a.example/?u=" + escaped},
	} {
		template, intents = "https://a.example/?u={uri}", tt.intents
		a := w.post("/-/interact", url.Values{"account": {tt.account}, "uri": {article.ObjectURI}, "do": {tt.do}})
		if a.StatusCode != 303 || a.Header.Get("Location") != tt.to {
			t.Errorf("%s: %d %s, want %s", tt.name, a.StatusCode, a.Header.Get("Location"), tt.to)
		}
	}
	refused := false
	for range 30 {
		a := w.get("/follow?account=me%40127.0.0.1:1")
		refused = refused || a.StatusCode == 429 && a.Header.Get("Retry-After") != ""
	}
	if !refused {
		t.Error("one address may ask without end")
	}
}
