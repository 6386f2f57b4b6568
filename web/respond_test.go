package web_test

import (
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

const activityJSON = "application/activity+json"

// stamp is that of a form which was shown so long ago.
func (w *world) stamp(article uuid.UUID, age time.Duration) string {
	w.t.Helper()
	seal, err := w.blog.Seal(w.t.Context())
	check(w.t, err)
	id := newID()
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(time.Now().Add(-age).UnixMilli()))
	copy(id[:6], ms[2:])
	return seal.Token("respond "+article.String(), id)
}

// visit is the form as a visitor fills it; more are pairs of field and value.
func (w *world) visit(a blog.Article, more ...string) url.Values {
	form := url.Values{
		"name": {"Ani"}, "email": {"Ani@Example.org"}, "website": {"ani.example"}, "text": {"Halo *dunia*"},
		"stamp": {w.stamp(a.ID, time.Minute)},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func respondPath(a blog.Article) string { return "/-/respond/" + a.ID.String() }

// waiting is the newest comment that waits.
func (w *world) newest() blog.Comment {
	w.t.Helper()
	list, err := w.blog.Comments(w.t.Context(), blog.CommentQuery{Limit: 1})
	check(w.t, err)
	if len(list) == 0 {
		return blog.Comment{}
	}
	return list[0]
}

// cookies of an answer, for the next request.
func cookies(a answer) string {
	var all []string
	for _, c := range a.Cookies() {
		if c.MaxAge >= 0 {
			all = append(all, c.Name+"="+c.Value)
		}
	}
	return strings.Join(all, "; ")
}

// TestRespond goes the whole way of a first comment: a look at it, sent, held,
// seen by its browser alone, approved, and the next one shown at once.
func TestRespond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	form := w.visit(a, "stamp", "", "remember", "1")
	look := w.post(respondPath(a), form)
	doc := look.page(t)
	stamp := doc.Find("input[name=stamp]").AttrOr("value", "")
	if got := doc.Find(".preview .e-content em").Text(); got != "dunia" || stamp == "" || look.StatusCode != 200 {
		t.Fatalf("%d: preview %q, stamp %q", look.StatusCode, got, stamp)
	}
	if w.newest().ID != uuid.Nil {
		t.Error("a look wrote a comment")
	}
	form.Set("stamp", w.stamp(a.ID, time.Minute))
	sent := w.post(respondPath(a), form)
	if got := sent.Header.Get("Location"); got != "/kabar?sent=waiting#respond" || sent.StatusCode != 303 {
		t.Fatalf("%d to %q", sent.StatusCode, got)
	}
	c := w.newest()
	got := []any{c.State, c.Local, c.FromWeb(), c.ByAuthor(), c.Actor.Name, c.Actor.URL, c.Language, c.Depth}
	if diff := cmp.Diff([]any{blog.Waiting, true, true, false, "Ani", "https://ani.example", "id", 0}, got); diff != "" {
		t.Error(diff)
	}
	mine := w.get("/kabar?sent=waiting", "Cookie", cookies(sent))
	if got := mine.page(t).Find("#c-" + c.ID.String() + " .badge").Text(); got != "belum terbit" || !strings.Contains(mine.Header.Get("Cache-Control"), "private") {
		t.Errorf("badge %q, %s", got, mine.Header.Get("Cache-Control"))
	}
	if others := w.get("/kabar"); strings.Contains(others.body, "dunia") || !strings.HasPrefix(others.Header.Get("Cache-Control"), "public") {
		t.Error("others see what waits, or their page is not shared")
	}
	if form := w.get(respondPath(a), "Cookie", cookies(sent)).page(t); form.Find("#respond-email").AttrOr("value", "") != "Ani@Example.org" {
		t.Error("the visitor is not remembered")
	}
	check(t, w.blog.Moderate(t.Context(), uuid.Nil, c.ID, blog.Visible))
	approved := w.get("/kabar", "Cookie", cookies(sent))
	if n := approved.page(t).Find("#c-" + c.ID.String()).Length(); n != 1 || !strings.Contains(approved.Header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("stands %d times; %s", n, approved.Header.Get("Set-Cookie"))
	}
	next := w.post(respondPath(a), w.visit(a, "name", "Ani B", "email", "ani@example.ORG", "to", c.ID.String()))
	second := w.newest()
	if next.Header.Get("Location") != "/-/comments/"+second.ID.String() || second.ParentID != c.ID || second.Depth != 1 {
		t.Errorf("%s, below %v", next.Header.Get("Location"), second.ParentID)
	}
	place := w.get("/-/comments/" + second.ID.String())
	if want := "/kabar?c=" + second.ID.String() + "#c-" + second.ID.String(); place.Header.Get("Location") != want {
		t.Errorf("place %s", place.Header.Get("Location"))
	}
}

// TestRespondRefuses checks that each refusal says why and keeps what was typed.
func TestRespondRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu.", Language: "id"})
	other := w.publish(blog.DraftInput{Title: "Lain", Markdown: "Dua."})
	long := strings.Repeat("é", blog.MaxVisitorText+1)
	tests := []struct {
		name   string
		change []string
		status int
		fields string // that are marked
		says   string
	}{
		{"nothing", []string{"name", "", "email", "", "text", " \n"}, 422, "name email text", "belum terkirim"},
		{"a name that shows nothing", []string{"name", "\u202e\u200b"}, 422, "name", "belum terkirim"},
		{"a long name", []string{"name", strings.Repeat("a", 101)}, 422, "name", "100"},
		{"a header in the mail", []string{"email", "a@b.example\r\nBcc: c@d.example"}, 422, "email", ""},
		{"two addresses", []string{"email", "a@b.example, c@d.example"}, 422, "email", ""},
		{"a name with the address", []string{"email", "A <a@b.example>"}, 422, "email", ""},
		{"a script as website", []string{"website", "javascript:alert(1)"}, 422, "website", "https://"},
		{"a website with a name", []string{"website", "https://a@b.example"}, 422, "website", ""},
		{"huge", []string{"text", long}, 422, "text", "10000"},
		{"too deep", []string{"text", strings.Repeat("> ", 200) + "a"}, 422, "text", ""},
		{"the trap", []string{"subject", "x"}, 422, "", "harus kosong"},
		{"no stamp of ours", []string{"stamp", "x"}, 422, "", "terlalu lama"},
		{"of another article", []string{"stamp", w.stamp(other.ID, time.Minute)}, 422, "", "terlalu lama"},
		{"too quick", []string{"stamp", w.stamp(a.ID, -time.Hour)}, 422, "", "lebih cepat"},
		{"too late", []string{"stamp", w.stamp(a.ID, 25*time.Hour)}, 422, "", "terlalu lama"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			form := w.visit(a, tt.change...)
			got := w.post(respondPath(a), form)
			doc := got.page(t)
			var marked []string
			for _, field := range []string{"name", "email", "website", "text"} {
				if _, ok := doc.Find("#respond-" + field).Attr("aria-invalid"); ok {
					marked = append(marked, field)
				}
			}
			if strings.Join(marked, " ") != tt.fields || got.StatusCode != tt.status || !strings.Contains(doc.Find("[role=alert]").Text(), tt.says) {
				t.Errorf("%d, marked %v: %s", got.StatusCode, marked, doc.Find("[role=alert]").Text())
			}
			if typed := doc.Find("#respond-text").Text(); strings.TrimSpace(typed) != strings.TrimSpace(form.Get("text")) {
				t.Errorf("kept %.40q", typed)
			}
			if doc.Find("input[name=subject]").AttrOr("value", "") != "" || doc.Find("input[name=stamp]").AttrOr("value", "") == "" {
				t.Error("the form cannot be sent again")
			}
		})
	}
	t.Cleanup(func() {
		if n, err := w.blog.CommentCounts(t.Context()); err == nil && len(n) > 0 {
			t.Errorf("written: %v", n)
		}
	})
}

// TestRespondPlaces checks where nothing can be said.
func TestRespondPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	other := w.publish(blog.DraftInput{Title: "Lain", Markdown: "Dua."})
	mika := w.stranger("mika")
	shown := w.comment(a, nil, mika, "Satu", nil)
	hidden := w.comment(a, nil, mika, "Dua", func(c *blog.Comment) { c.State = blog.Hidden })
	letter := w.comment(a, nil, mika, "Tiga", func(c *blog.Comment) { c.Visibility = blog.Direct })
	tests := []struct {
		name, path, to string
		want           int
	}{
		{"a comment", respondPath(a), shown.ID.String(), 200},
		{"of another article", respondPath(other), shown.ID.String(), 404},
		{"hidden", respondPath(a), hidden.ID.String(), 404},
		{"private", respondPath(a), letter.ID.String(), 404},
		{"not there", respondPath(a), newID().String(), 404},
		{"no id", respondPath(a), "../x", 404},
		{"no article", "/-/respond/" + newID().String(), "", 404},
		{"no article at all", "/-/respond/x%00", "", 404},
	}
	for _, tt := range tests {
		got := []int{
			w.get(tt.path + "?" + url.Values{"to": {tt.to}}.Encode()).StatusCode,
			w.post(tt.path, w.visit(a, "to", tt.to, "stamp", "")).StatusCode,
		}
		if diff := cmp.Diff([]int{tt.want, tt.want}, got); diff != "" {
			t.Errorf("%s: %s", tt.name, diff)
		}
	}
}

// TestRespondClosed checks that a form that is gone says why, keeps the text,
// and takes nothing.
func TestRespondClosed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*blog.Site)
		says   string
	}{
		{"off", func(s *blog.Site) { s.Comments.Web = false }, "dimatikan"},
		{"closed", func(s *blog.Site) { s.Comments.Policy = blog.CommentsClosed }, "tidak diterima lagi"},
		{"closed by itself", func(s *blog.Site) { s.Comments.CloseDays = 1 }, "ditutup pada"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu.", Published: time.Now().AddDate(0, 0, -3)})
			_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { tt.change(s); return nil })
			check(t, err)
			page := w.get("/kabar").page(t)
			if page.Find("form.respond").Length() != 0 || !strings.Contains(page.Find("#respond").Text(), tt.says) {
				t.Errorf("%q", page.Find("#respond").Text())
			}
			sent := w.post(respondPath(a), w.visit(a))
			if sent.StatusCode != 403 || sent.page(t).Find("textarea[readonly]").Text() != "Halo *dunia*" {
				t.Errorf("%d, %q", sent.StatusCode, sent.page(t).Find("textarea").Text())
			}
			if w.newest().ID != uuid.Nil {
				t.Error("taken all the same")
			}
		})
	}
}

// TestRespondAttacks checks what a visitor can put where.
func TestRespondAttacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	form := w.visit(a, "name", "<b>Pak\u202e</b>", "email", "rahasia@example.org", "website", `https://a.example/"onclick=x`,
		"text", "<script>alert(1)</script> [x](javascript:alert(1)) ![y](/studio/logout) https://spam.example\x00")
	w.post(respondPath(a), form)
	again := w.post(respondPath(a), form) // sent twice: the same comment
	c := w.newest()
	if n, err := w.blog.CommentCounts(t.Context()); err != nil || n[blog.Waiting] != 1 || again.StatusCode != 303 {
		t.Fatalf("%v %v, %d", n, err, again.StatusCode)
	}
	check(t, w.blog.Moderate(t.Context(), uuid.Nil, c.ID, blog.Visible))
	page := w.get("/kabar")
	stands := page.page(t).Find("#c-" + c.ID.String())
	if got := stands.Find(".p-author .p-name").Text(); got != "<b>Pak</b>" {
		t.Errorf("name %q", got)
	}
	if rel, _ := stands.Find(`.e-content a[href="https://spam.example"]`).Attr("rel"); !strings.Contains(rel, "nofollow") || !strings.Contains(rel, "ugc") {
		t.Errorf("rel %q", rel)
	}
	if n := stands.Find("script, .e-content img, [onclick], a[href^=javascript]").Length(); n != 0 {
		t.Errorf("%d dangerous elements", n)
	}
	if stands.HasClass("by-author") || stands.Find(".by-author").Length() != 0 {
		t.Error("marked as by the author")
	}
	object := strings.TrimPrefix(c.ObjectURI, w.origin)
	for _, path := range []string{"/kabar", "/feed.atom", "/", object, object + "/replies", "/-/comments/" + c.ID.String()} {
		for _, accept := range []string{"text/html", activityJSON} {
			if strings.Contains(w.get(path, "Accept", accept).body, "rahasia") {
				t.Errorf("%s as %s tells the address of mail", path, accept)
			}
		}
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
		if got := w.post(respondPath(a), w.visit(a), header...); got.StatusCode != http.StatusForbidden {
			t.Errorf("%v: %d", header, got.StatusCode)
		}
	}
	forged := "held-" + c.ID.String() + "=AAAA; held-x=1; visitor=%ff"
	if got := w.get("/kabar", "Cookie", forged); got.StatusCode != 200 || got.page(t).Find(".held").Length() != 0 {
		t.Errorf("forged cookie: %d", got.StatusCode)
	}
}

// TestRespondFlood checks that one address of mail is held up, and told so.
func TestRespondFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	statuses := map[int]int{}
	var last answer
	for range 8 {
		last = w.post(respondPath(a), w.visit(a))
		statuses[last.StatusCode]++
	}
	if diff := cmp.Diff(map[int]int{303: 5, 429: 3}, statuses); diff != "" {
		t.Error(diff)
	}
	if last.Header.Get("Retry-After") == "" || last.page(t).Find("#respond-text").Text() != "Halo *dunia*" {
		t.Error("refused without a wait, or without the text")
	}
}

// TestVisitorObject checks what other servers see of a visitor's comment.
func TestVisitorObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	w.post(respondPath(a), w.visit(a, "name", "Ani & <Budi>"))
	c := w.newest()
	path := strings.TrimPrefix(c.ObjectURI, w.origin)
	state := func(s blog.State) {
		t.Helper()
		check(t, w.blog.Moderate(t.Context(), uuid.Nil, c.ID, s))
	}
	status := func() []int {
		return []int{
			w.get(path, "Accept", activityJSON).StatusCode, w.get(path, "Accept", "text/html").StatusCode,
			w.get(path+"/replies", "Accept", activityJSON).StatusCode, w.get("/-/comments/" + c.ID.String()).StatusCode,
		}
	}
	if diff := cmp.Diff([]int{404, 404, 404, 404}, status()); diff != "" {
		t.Errorf("held: %s", diff)
	}
	state(blog.Visible)
	if diff := cmp.Diff([]int{200, 303, 200, 303}, status()); diff != "" {
		t.Errorf("visible: %s", diff)
	}
	var got struct {
		Type, AttributedTo, InReplyTo, Context, Content string
		To, CC                                          any
		Tag                                             []any
	}
	check(t, json.Unmarshal([]byte(w.get(path, "Accept", activityJSON).body), &got))
	if got.Type != "Note" || got.AttributedTo != w.origin+"/ap/actor" || got.InReplyTo != a.ObjectURI || got.Context != a.ObjectURI+"/context" || got.Tag != nil {
		t.Errorf("%+v", got)
	}
	if want := "<p>Ani &amp; &lt;Budi&gt; (web):</p>\n<p>Halo <em>dunia</em></p>\n"; got.Content != want {
		t.Errorf("content %q", got.Content)
	}
	reply, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: c.ID, Markdown: "Terima kasih."})
	check(t, err)
	if reply.InReplyTo != c.ObjectURI || len(reply.Mentions) != 0 {
		t.Errorf("answer to %s, naming %v", reply.InReplyTo, reply.Mentions)
	}
	if doc := w.get(strings.TrimPrefix(reply.ObjectURI, w.origin), "Accept", activityJSON).body; strings.Contains(doc, "visitor:") || strings.Contains(doc, "Mention") {
		t.Errorf("the answer names nobody: %s", doc)
	}
	if all := w.get(strings.TrimPrefix(a.ObjectURI, w.origin)+"/context?page=true", "Accept", activityJSON).body; !strings.Contains(all, c.ObjectURI) {
		t.Error("not in the conversation")
	}
	if _, err := w.blog.EditReply(t.Context(), uuid.Nil, c.ID, blog.Reply{Markdown: "Palsu"}); err == nil {
		t.Error("a visitor's comment was edited as the author's own")
	}
	state(blog.Hidden)
	if diff := cmp.Diff([]int{404, 404, 404, 404}, status()); diff != "" {
		t.Errorf("hidden: %s", diff)
	}
}
