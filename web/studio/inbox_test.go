package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func path(id uuid.UUID) string { return "/studio/comments/" + id.String() }

// state is what became of a comment.
func (w *world) state(id uuid.UUID) blog.State {
	w.t.Helper()
	c, err := w.blog.Comment(w.t.Context(), id)
	check(w.t, err)
	return c.State
}

func TestInboxNarrowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	author, _ := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	mika, joao := w.addActor("remote", "mika", "danau.example"), w.addActor("remote", "joao", "sub.danau.example")
	dewi := w.addActor("visitor", "dewi", "")
	w.exec(`update actors set uri = 'visitor:x', name = 'Dewi', url = 'https://perpus.example', handle = '' where id = $1`, dewi)
	w.exec(`insert into visitors (actor_id, email, name, website, created) values ($1, 'dewi@perpus.example', 'Dewi', 'https://perpus.example', now())`, dewi)
	w.addComment(comment{a.ID, mika, "plain", blog.Visible, blog.Public})
	quote := w.addComment(comment{a.ID, joao, "quote", blog.Visible, blog.Public})
	w.exec(`update comments set quotes = $2 where id = $1`, quote, a.ObjectURI)
	mention := w.addComment(comment{uuid.Nil, joao, "mention", blog.Visible, blog.Public})
	w.exec(`update comments set mention = true where id = $1`, mention)
	web := w.addComment(comment{a.ID, dewi, "web", blog.Visible, blog.Public})
	w.exec(`update comments set local = true where id = $1`, web)
	gone := w.addComment(comment{a.ID, mika, "removed", blog.Visible, blog.Public})
	b.post(path(gone), url.Values{"do": {"delete"}})
	tests := []struct {
		name string
		who  *browser
		in   string
		want []string
	}{
		{"quotes", b, "?show=quotes", []string{"quote"}},
		{"mentions", b, "?show=mentions", []string{"mention"}},
		{"of visitors", b, "?show=web", []string{"web"}},
		{"deleted by moderators", b, "?show=removed", []string{"removed"}},
		{"deleted, for authors", author, "?show=removed", []string{"web", "mention", "quote", "plain"}},
		{"quotes, for authors", author, "?show=quotes", []string{"quote"}},
		{"by a person", b, "?actor=" + joao.String(), []string{"mention", "quote"}},
		{"by a person, quotes", b, "?show=quotes&actor=" + joao.String(), []string{"quote"}},
		{"from a server and below", b, "?server=danau.example", []string{"mention", "quote", "plain"}},
		{"from the one below", b, "?server=sub.danau.example", []string{"mention", "quote"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			differ(t, "rows", tt.want, texts(tt.who.get("/studio/comments"+tt.in)))
		})
	}
	differ(t, "says by whom", "By Joao · All comments", b.get("/studio/comments?actor="+joao.String()).say(".narrowed"))
	who := "#c-" + web.String() + " .who"
	differ(t, "visitor, for moderators", "Dewihttps://perpus.example · dewi@perpus.example (e-mail, for moderators only)", b.get("/studio/comments").say(who))
	differ(t, "visitor, for authors", "Dewihttps://perpus.example", author.get("/studio/comments").say(who))
	differ(t, "author has no verdicts", 0, author.get("/studio/comments").doc.Find("[value=hide],#bulk,[name=id]").Length())
}

func TestVerdictsAndUndo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	a := w.publish(me.ID, "Rumah")
	mika := w.addActor("remote", "mika", "danau.example")
	id := w.addComment(comment{a.ID, mika, "Hello", blog.Waiting, blog.Public})
	below := w.addComment(comment{a.ID, mika, "Below", blog.Waiting, blog.Public})
	tests := []struct {
		do, back string
		want     blog.State
		place    string
		said     string
	}{
		{"approve", "/studio/comments?show=waiting", blog.Visible, "#c-" + below.String(), "The comment stands on the page. Undo"},
		{"wait", "/studio/comments", blog.Waiting, "#c-" + id.String(), "The comment waits for another look. Undo"},
		{"spam", "/studio/comments", blog.Spam, "#c-" + id.String(), "The comment is marked as spam. Undo"},
		{"delete", "/studio/comments", blog.CommentDeleted, "#c-" + below.String(), "The comment is deleted. Undo"},
	}
	for _, tt := range tests {
		before := w.state(id)
		got := b.post(path(id), url.Values{"do": {tt.do}, "back": {tt.back}, "next": {below.String()}})
		differ(t, tt.do, "303 "+tt.back+tt.place, got.String())
		differ(t, tt.do, tt.want, w.state(id))
		list := b.get(tt.back)
		differ(t, tt.do, tt.said, list.say(".notice"))
		undo := list.doc.Find(".notice form")
		form := url.Values{}
		undo.Find("input").Each(func(_ int, s *goquery.Selection) { form.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
		differ(t, "undo "+tt.do, http.StatusSeeOther, b.post(undo.AttrOr("action", ""), form).status)
		differ(t, "undone "+tt.do, before, w.state(id))
		differ(t, "said", "Undone: 1 comment is as it was.", b.get("/studio/comments").say(".notice"))
		b.post(path(id), url.Values{"do": {tt.do}})
	}
	differ(t, "verdict on what is deleted", http.StatusGone, b.post(path(id), url.Values{"do": {"hide"}}).status)
	page := b.get(path(id))
	differ(t, "restore", 1, page.doc.Find("#history form[action='/studio/comments/undo']").Length())
	b.post("/studio/comments/undo", url.Values{"batch": {page.doc.Find("#history [name=batch]").AttrOr("value", "")}})
	differ(t, "restored", blog.Spam, w.state(id))
	differ(t, "no batch", http.StatusNotFound, b.post("/studio/comments/undo", url.Values{"batch": {newID().String()}}).status)
}

func TestBulk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	author, _ := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	mika := w.addActor("remote", "mika", "danau.example")
	var ids []string
	var last uuid.UUID
	for range 3 {
		last = w.addComment(comment{a.ID, mika, "again", blog.Waiting, blog.Public})
		ids = append(ids, last.String())
	}
	list := b.get("/studio/comments?show=waiting")
	differ(t, "boxes", 3, list.doc.Find("input[name=id][form=bulk]").Length())
	back := list.doc.Find("#bulk [name=back]").AttrOr("value", "")
	for _, do := range []struct{ do, said string }{
		{"approve", "3 comments stand on their pages. Undo"},
		{"hide", "3 comments are hidden. Undo"},
		{"spam", "3 comments are marked as spam. Undo"},
		{"wait", "3 comments wait for another look. Undo"},
		{"delete", "3 comments are deleted. Undo"},
	} {
		got := b.post("/studio/comments", url.Values{"do": {do.do}, "id": ids, "back": {back}})
		differ(t, do.do, "303 /studio/comments?show=waiting#list", got.String())
		differ(t, do.do, do.said, b.get(back).say(".notice"))
	}
	differ(t, "nothing ticked", "303 "+back+"#bulk", b.post("/studio/comments", url.Values{"do": {"hide"}, "back": {back}}).String())
	differ(t, "says so", "Tick the comments first.", b.get(back).say(".notice"))
	differ(t, "bad id", http.StatusBadRequest, b.post("/studio/comments", url.Values{"do": {"hide"}, "id": {"x"}}).status)
	differ(t, "bad button", http.StatusBadRequest, b.post("/studio/comments", url.Values{"do": {"fly"}, "id": ids}).status)
	differ(t, "too many", http.StatusBadRequest, b.post("/studio/comments", url.Values{"do": {"hide"}, "id": make([]string, 61)}).status)
	differ(t, "an author", http.StatusForbidden, author.post("/studio/comments", url.Values{"do": {"hide"}, "id": ids}).status)
	shown := w.addComment(comment{a.ID, mika, "Hello", blog.Visible, blog.Public})
	reply, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: shown, Markdown: "Ours"})
	check(t, err)
	differ(t, "an answer of another", http.StatusForbidden, b.post("/studio/comments", url.Values{"do": {"delete"}, "id": {reply.ID.String()}}).status)
}

func TestDecide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	editor, _ := w.signedIn(blog.Editor)
	author, _ := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	mika, joao := w.addActor("remote", "mika", "danau.example"), w.addActor("remote", "joao", "danau.example")
	first := w.addComment(comment{a.ID, mika, "one", blog.Visible, blog.Public})
	second := w.addComment(comment{a.ID, mika, "two", blog.Waiting, blog.Public})
	other := w.addComment(comment{a.ID, joao, "three", blog.Visible, blog.Public})
	page := b.get(path(first) + "/person?back=/studio/comments%3Fshow=waiting")
	differ(t, "says how many", true, strings.Contains(page.say(".options"), "Hide their comments: 2 change"))
	differ(t, "record", true, strings.Contains(page.say(".record"), "1 shown, 1 waiting"))
	differ(t, "way back", "/studio/comments?show=waiting", page.doc.Find("form [name=back]").AttrOr("value", ""))

	got := b.post(path(first)+"/person", url.Values{"do": {"hide"}, "back": {"/studio/comments"}})
	differ(t, "hide", "303 /studio/comments", got.String())
	differ(t, "said", "2 comments are hidden. Undo", b.get("/studio/comments").say(".notice"))
	differ(t, "states", []blog.State{blog.Hidden, blog.Hidden, blog.Visible}, []blog.State{w.state(first), w.state(second), w.state(other)})

	differ(t, "server", http.StatusSeeOther, b.post(path(first)+"/server", url.Values{"do": {"block"}, "reason": {"Spam"}, "past": {"1"}}).status)
	differ(t, "said", "danau.example is blocked. Earlier comments that are hidden now: 1. Undo", b.get("/studio/comments").say(".notice"))
	differ(t, "hidden", blog.Hidden, w.state(other))
	differ(t, "rule", "Blocked", b.get(path(first)).say("section[aria-labelledby=server] .status"))
	differ(t, "take back", http.StatusSeeOther, b.post(path(first)+"/server", url.Values{"do": {"unrule"}}).status)
	differ(t, "no rule", "", b.get(path(first)).say("section[aria-labelledby=server] .status"))

	differ(t, "nothing chosen", http.StatusUnprocessableEntity, b.post(path(first)+"/person", url.Values{"reason": {"Long story"}}).status)
	kept := b.post(path(first)+"/person", url.Values{"do": {"silence"}, "reason": {strings.Repeat("x", 501)}})
	differ(t, "too long", http.StatusUnprocessableEntity, kept.status)
	differ(t, "kept", "silence", kept.doc.Find("[name=do][checked]").AttrOr("value", ""))
	differ(t, "silence", http.StatusSeeOther, b.post(path(first)+"/person", url.Values{"do": {"silence"}}).status)
	differ(t, "rule", "Silenced", b.get(path(first)).say("section[aria-labelledby=person] .status"))
	differ(t, "an editor blocks", http.StatusForbidden, editor.post(path(first)+"/person", url.Values{"do": {"block"}}).status)
	differ(t, "an editor hides", http.StatusSeeOther, editor.post(path(first)+"/person", url.Values{"do": {"spam"}}).status)
	differ(t, "an editor is not offered it", 0, editor.get(path(first)+"/person").doc.Find("[value=block],[name=reason]").Length())
	differ(t, "an author", http.StatusForbidden, author.get(path(first)+"/person").status)
	differ(t, "an author", http.StatusForbidden, author.post(path(first)+"/person", url.Values{"do": {"hide"}}).status)
	differ(t, "about what else", http.StatusNotFound, b.get(path(first)+"/planet").status)
	shown := w.addComment(comment{a.ID, joao, "Hello", blog.Visible, blog.Public})
	reply, err := w.blog.Reply(t.Context(), me.ID, blog.Reply{Comment: shown, Markdown: "Ours"})
	check(t, err)
	differ(t, "about ourselves", http.StatusNotFound, b.get(path(reply.ID)+"/person").status)
}

func TestReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addActor("instance", "blog.test", "blog.test")
	b, me := w.signedIn(blog.Moderator)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Buy", blog.Spam, blog.Public})
	differ(t, "names the server", true, strings.Contains(b.get(path(id)+"/report").say("form"), "Send it to danau.example."))
	long := b.post(path(id)+"/report", url.Values{"text": {strings.Repeat("x", 1001)}, "forward": {"1"}})
	differ(t, "too long", http.StatusUnprocessableEntity, long.status)
	differ(t, "kept", 1001, len(long.doc.Find("#text").Text()))
	differ(t, "sent", http.StatusSeeOther, b.post(path(id)+"/report", url.Values{"text": {"Spam"}, "forward": {"1"}}).status)
	differ(t, "said", "The report is on its way.", b.get("/studio/comments").say(".notice"))
	found, err := w.blog.Reports(t.Context(), blog.ReportQuery{Comment: id, Limit: 9})
	check(t, err)
	differ(t, "reports", 1, len(found))
	differ(t, "report", []any{"Spam", true, true, me.ID}, []any{found[0].Content, found[0].Outgoing, found[0].Forward, found[0].Account})
	differ(t, "on the record", true, strings.Contains(b.get(path(id)).say("section[aria-labelledby=person] .record"), "Reports1"))
}

// A comment with everything, as moderators and as authors see its page.
func TestCommentPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	author, _ := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	mika := w.addActor("remote", "mika", "danau.example")
	top := w.addComment(comment{a.ID, mika, "top", blog.Visible, blog.Public})
	hidden := w.addComment(comment{a.ID, mika, "middle", blog.Hidden, blog.Public})
	id := w.addComment(comment{a.ID, mika, "deep", blog.Visible, blog.Public})
	w.exec(`update comments set parent_id = $2, depth = 1 where id = $1`, hidden, top)
	w.exec(`update comments set parent_id = $2, depth = 2, edited = now() where id = $1`, id, hidden)
	w.exec(`insert into comment_versions (comment_id, number, html, text, warning, attachments, language, at) values ($1, 1, '<p>was</p>', 'was', '', '[]', '', now())`, id)
	b.post(path(id), url.Values{"do": {"hide"}})
	b.post(path(id), url.Values{"do": {"approve"}})
	above := func(a answer) []string {
		return a.doc.Find(".above .said").Map(func(_ int, s *goquery.Selection) string { return strings.TrimSpace(s.Text()) })
	}
	page := b.get(path(id))
	differ(t, "above", []string{"top", "middle"}, above(page))
	differ(t, "history", 2, page.doc.Find("#history li").Length())
	differ(t, "by whom", true, strings.Contains(page.say("#history li:first-child"), "Shown ("+me.Name+")"))
	differ(t, "only the last can be undone", 1, page.doc.Find("#history form").Length())
	differ(t, "version", "was", page.say(".version .said"))
	differ(t, "person", true, strings.Contains(page.say("section[aria-labelledby=person]"), "2 shown, 1 hidden"))
	seen := author.get(path(id))
	differ(t, "above, for authors", []string{"top"}, above(seen))
	differ(t, "background, for authors", 0, seen.doc.Find("#history,.version,.record").Length())
	differ(t, "hidden, for authors", http.StatusForbidden, author.get(path(hidden)).status)
	differ(t, "unknown", http.StatusNotFound, b.get(path(newID())).status)
	differ(t, "no id", http.StatusNotFound, b.get("/studio/comments/x").status)
}

func TestReact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	for _, tt := range []struct{ do, said, next string }{
		{"like", "Liked. Its author is told.", "unlike"},
		{"boost", "Boosted to the followers.", "unboost"},
		{"unlike", "The like is taken back.", "like"},
		{"unboost", "The boost is taken back.", "boost"},
	} {
		differ(t, tt.do, "303 /studio/comments#c-"+id.String(), b.post(path(id), url.Values{"do": {tt.do}}).String())
		list := b.get("/studio/comments")
		differ(t, tt.do, tt.said, list.say(".notice"))
		differ(t, "after "+tt.do, 1, list.doc.Find("#c-"+id.String()+" [value="+tt.next+"]").Length())
	}
	private := w.addComment(comment{uuid.Nil, w.addActor("remote", "joao", "danau.example"), "Psst", blog.Visible, blog.Direct})
	owner, _ := w.signedIn(blog.Owner)
	owner.post(path(private), url.Values{"do": {"boost"}})
	differ(t, "boost what is private", "Only what was said in public can be boosted.", owner.get("/studio/comments").say(".notice"))
}

func TestPeople(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	w.addFollower("joao", "maresia.example")
	w.addActor("remote", "minggu", "danau.example") // did nothing here
	for in, want := range map[string]string{
		"mi":            `[{"handle":"@mika@danau.example","name":"Mika"}]`,
		"@Mika@dan":     `[{"handle":"@mika@danau.example","name":"Mika"}]`,
		"JO":            `[{"handle":"@joao@maresia.example","name":"Joao"}]`,
		"%":             `[]`,
		"":              `[]`,
		"nobody at all": `[]`,
	} {
		differ(t, in, want, b.get("/studio/people?"+url.Values{"q": {in}}.Encode()).text)
	}
	differ(t, "signed out", http.StatusSeeOther, w.browser().get("/studio/people?q=mi").status)
}
