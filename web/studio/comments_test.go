package studio_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// texts are what the rows of a list say.
func texts(a answer) []string {
	said := []string{}
	a.doc.Find(".item .said").Each(func(_ int, s *goquery.Selection) { said = append(said, s.Find("p").First().Text()) })
	return said
}

func TestCommentFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	a, other := w.publish(me.ID, "Rumah"), w.publish(me.ID, "Kebun")
	mika := w.addActor("remote", "mika", "danau.example")
	for _, c := range []comment{
		{a.ID, mika, "shown", blog.Visible, blog.Public},
		{a.ID, mika, "waits", blog.Waiting, blog.Public},
		{other.ID, mika, "hidden", blog.Hidden, blog.Unlisted},
		{other.ID, mika, "spam", blog.Spam, blog.Public},
		{uuid.Nil, mika, "direct", blog.Visible, blog.Direct},
		{uuid.Nil, mika, "lost", blog.Visible, blog.Public},
	} {
		w.addComment(c)
	}
	author, _ := w.signedIn(blog.Author)
	tests := []struct {
		name string
		who  *browser
		in   string
		want []string
	}{
		{"all", b, "", []string{"lost", "direct", "spam", "hidden", "waits", "shown"}},
		{"waiting", b, "?show=waiting", []string{"waits"}},
		{"hidden", b, "?show=hidden", []string{"hidden"}},
		{"spam", b, "?show=spam", []string{"spam"}},
		{"private", b, "?show=private", []string{"direct"}},
		{"unattached", b, "?show=unattached", []string{"lost"}},
		{"of an article", b, "?article=" + a.ID.String(), []string{"waits", "shown"}},
		{"by text", b, "?q=WAIT", []string{"waits"}},
		{"by name", b, "?q=Mika&show=spam", []string{"spam"}},
		{"by handle", b, "?q=@mika@danau.example&show=hidden", []string{"hidden"}},
		{"by nothing there", b, "?q=%25", []string{}},
		{"for authors", author, "", []string{"lost", "shown"}},
		{"private, for authors", author, "?show=private", []string{"lost", "shown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			differ(t, "rows", tt.want, texts(tt.who.get("/studio/comments"+tt.in)))
		})
	}
	differ(t, "software", 6, strings.Count(b.get("/studio/comments").say(".rows"), "via Mastodon"))
	differ(t, "bad place", http.StatusBadRequest, b.get("/studio/comments?before=x").status)
}

// impatient looks through two comments for each page of a search.
type impatient struct{ blog.Reader }

func (i impatient) NthComment(ctx context.Context, before blog.Cursor, _ int) (blog.Cursor, error) {
	return i.Reader.NthComment(ctx, before, 2)
}

// A search through many comments goes on where its page ended, with or without
// something found there, and misses nothing.
func TestSearchOfCommentsGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	a := w.publish(me.ID, "Rumah")
	mika := w.addActor("remote", "mika", "danau.example")
	for _, text := range []string{"batu satu", "angin", "angin lagi", "hujan", "batu dua"} {
		w.addComment(comment{a.ID, mika, text, blog.Visible, blog.Public})
	}
	w.blog.Reader = impatient{w.store}
	var pages [][]string
	for path := "/studio/comments?q=batu"; path != ""; {
		answer := b.get(path)
		pages = append(pages, texts(answer))
		path = answer.doc.Find(".paging [rel=next]").AttrOr("href", "")
		if looked := strings.Contains(answer.say("main"), "were looked through"); looked != (path != "") {
			t.Errorf("page %d tells that it ended early: %t, and goes on at %q", len(pages), looked, path)
		}
	}
	differ(t, "pages", [][]string{{"batu dua"}, {}, {"batu satu"}}, pages)
	differ(t, "within an article all are looked through", []string{"batu dua", "batu satu"}, texts(b.get("/studio/comments?q=batu&article="+a.ID.String())))
}

// A form that cannot be taken shows nobody what the list keeps from them.
func TestRefusedReplyHidesComment(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(uuid.Nil, "Rumah")
	mika := w.addActor("remote", "mika", "danau.example")
	author, _ := w.signedIn(blog.Author)
	moderator, _ := w.signedIn(blog.Moderator)
	for name, id := range map[string]uuid.UUID{
		"private": w.addComment(comment{a.ID, mika, "a secret", blog.Visible, blog.Direct}),
		"hidden":  w.addComment(comment{a.ID, mika, "a secret", blog.Hidden, blog.Public}),
	} {
		form := url.Values{"do": {"reply"}, "text": {"Hi"}}
		got := author.post("/studio/comments/"+id.String(), form)
		differ(t, name+", author", http.StatusForbidden, got.status)
		differ(t, name+", said to the author", false, strings.Contains(got.text, "a secret"))
		got = moderator.post("/studio/comments/"+id.String(), url.Values{"do": {"reply"}})
		differ(t, name+", moderator", http.StatusUnprocessableEntity, got.status)
	}
}

func TestCommentPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	a := w.publish(me.ID, "Rumah")
	mika := w.addActor("remote", "mika", "danau.example")
	for range 65 {
		w.addComment(comment{a.ID, mika, "again", blog.Visible, blog.Public})
	}
	path, sizes := "/studio/comments", []int{}
	for path != "" {
		got := b.get(path)
		sizes = append(sizes, got.doc.Find(".item").Length())
		path = got.doc.Find("[rel=next]").Last().AttrOr("href", "")
	}
	differ(t, "rows on each page", []int{30, 30, 5}, sizes)
}

func TestModerate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	a := w.publish(uuid.Nil, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Waiting, blog.Public})
	path := "/studio/comments/" + id.String()
	tests := []struct {
		do   string
		want blog.State
		said string
	}{
		{"approve", blog.Visible, "The comment stands on the page."},
		{"hide", blog.Hidden, "The comment is hidden."},
		{"spam", blog.Spam, "The comment is marked as spam."},
		{"approve", blog.Visible, "The comment stands on the page."},
	}
	for _, tt := range tests {
		got := b.post(path, url.Values{"do": {tt.do}, "back": {"/studio/comments?q=Hello"}})
		differ(t, tt.do, "303 /studio/comments?q=Hello#c-"+id.String(), got.String())
		c, err := w.blog.Comment(t.Context(), id)
		check(t, err)
		differ(t, tt.do, tt.want, c.State)
		differ(t, tt.do, tt.said+" Undo", b.get("/studio/comments?q=Hello").say(".notice"))
	}
	audit, err := w.store.Audit(t.Context(), blog.AuditQuery{Limit: 1})
	check(t, err)
	differ(t, "audit", me.ID, audit[0].AccountID)
	differ(t, "unknown button", http.StatusBadRequest, b.post(path, url.Values{"do": {"fly"}}).status)
	differ(t, "unknown comment", http.StatusNotFound, b.post("/studio/comments/"+newID().String(), url.Values{"do": {"hide"}}).status)
}

func TestReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	path := "/studio/comments/" + id.String()

	empty := b.post(path, url.Values{"do": {"reply"}, "text": {" "}, "warning": {"Doors"}})
	differ(t, "empty", http.StatusUnprocessableEntity, empty.status)
	differ(t, "says", "This is required.", empty.say("#text-"+id.String()+"-problem"))
	differ(t, "warning kept", "Doors", empty.doc.Find("[name=warning]").AttrOr("value", ""))
	differ(t, "stands open", 1, empty.doc.Find("#form-"+id.String()+" #text-"+id.String()).Length())

	got := b.post(path, url.Values{"do": {"reply"}, "text": {"Thank *you*."}})
	differ(t, "sent", http.StatusSeeOther, got.status)
	list := b.get("/studio/comments")
	differ(t, "said", "Your reply is sent and stands on the page.", list.say(".notice"))
	differ(t, "rows", []string{"Thank you.", "Hello"}, texts(list))
	page, err := w.blog.Thread(t.Context(), blog.ThreadQuery{Article: a.ID, Answers: 10, Siblings: 10, Levels: 10, Room: 10})
	check(t, err)
	thread := page.Comments()
	differ(t, "on the page", 2, len(thread))
	mine := thread[1]
	differ(t, "answers", []uuid.UUID{id, me.ID}, []uuid.UUID{mine.ParentID, mine.AccountID})

	own := "/studio/comments/" + mine.ID.String()
	differ(t, "its text to edit", "Thank *you*.", b.get("/studio/comments?edit="+mine.ID.String()).doc.Find("#text-"+mine.ID.String()).Text())
	differ(t, "edit", http.StatusSeeOther, b.post(own, url.Values{"do": {"edit"}, "text": {"Thanks."}, "warning": {"Doors"}}).status)
	edited, err := w.blog.Comment(t.Context(), mine.ID)
	check(t, err)
	differ(t, "edited", []any{"Thanks.", "Doors", true}, []any{edited.Text, edited.Warning, !edited.Edited.IsZero()})
	bad := b.post(own, url.Values{"do": {"edit"}, "text": {""}})
	differ(t, "edit to nothing", "This is required.", bad.say("#text-"+mine.ID.String()+"-problem"))
	differ(t, "delete", http.StatusSeeOther, b.post(own, url.Values{"do": {"delete"}}).status)
	differ(t, "gone", []string{"Hello"}, texts(b.get("/studio/comments")))
}
