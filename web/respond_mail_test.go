package web_test

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/mail"
)

// mails plans what is due and returns what is sent then.
func (w *world) mails() (sent []blog.Mail) {
	w.t.Helper()
	ctx := w.t.Context()
	check(w.t, w.blog.TellVisitors(ctx))
	rows, err := w.store.Pool().Query(ctx, `delete from river_job where kind = 'visitor_mail' returning args`)
	check(w.t, err)
	jobs, err := pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
	check(w.t, err)
	visitors := &mail.Visitors{Blog: w.blog, Send: func(_ context.Context, m blog.Mail) error {
		sent = append(sent, m)
		return nil
	}}
	for _, raw := range jobs {
		var job blog.VisitorMail
		check(w.t, json.Unmarshal(raw, &job))
		check(w.t, visitors.Tell(ctx, job))
	}
	return sent
}

// links are the paths in a mail, by their kind.
func (w *world) links(m blog.Mail) map[string]string {
	found := map[string]string{}
	for _, at := range regexp.MustCompile(`http://\S+`).FindAllString(m.Text, -1) {
		path := strings.TrimPrefix(at, w.origin)
		kind, _, _ := strings.Cut(strings.TrimPrefix(path, "/-/"), "?")
		kind, _, _ = strings.Cut(kind, "/")
		found[kind] = path
	}
	return found
}

// subjects are the addresses and subjects of mails.
func subjects(mails []blog.Mail) []string {
	list := []string{}
	for _, m := range mails {
		list = append(list, m.To+": "+m.Subject)
	}
	return list
}

// subscribed is a visitor's visible comment with a wish for mail, and the
// question that was sent.
func subscribed(t *testing.T, w *world, a blog.Article) (blog.Comment, blog.Mail) {
	t.Helper()
	w.wantsMail(a)
	if diff := cmp.Diff([]string{}, subjects(w.mails())); diff != "" {
		t.Fatalf("while the comment waits: %s", diff)
	}
	c := w.newest()
	check(t, w.blog.Moderate(t.Context(), uuid.Nil, c.ID, blog.Visible))
	asked := w.mails()
	if diff := cmp.Diff([]string{"ani@example.org: Kirim email bila ada balasan di Kabar?"}, subjects(asked)); diff != "" {
		t.Fatal(diff)
	}
	return c, asked[0]
}

// wantsMail leaves a comment with the box ticked.
func (w *world) wantsMail(a blog.Article) {
	w.t.Helper()
	if got := w.post(respondPath(a), w.visit(a, "notify", "1")); got.StatusCode != 303 {
		w.t.Fatalf("respond: %d", got.StatusCode)
	}
}

// TestAnswersByMail checks that answers are told to who wants it: after a yes,
// when they are visible, once, and until they leave.
func TestAnswersByMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	c, asked := subscribed(t, w, a)
	if again := w.mails(); len(again) != 0 {
		t.Errorf("asked twice: %v", subjects(again))
	}
	mika := w.stranger("mika")
	early := w.comment(a, &c, mika, "Sebelum jawaban", nil)
	if got := w.mails(); len(got) != 0 {
		t.Errorf("told before a yes: %v", subjects(got))
	}
	path := w.links(asked)["confirm"]
	if got := w.get(path).page(t).Find("main form button").Length(); got != 1 {
		t.Errorf("%d buttons", got)
	}
	if got := w.mails(); len(got) != 0 {
		t.Errorf("opening the link was taken for a yes: %v", subjects(got))
	}
	if got := w.post(path, url.Values{}); got.StatusCode != 200 {
		t.Fatalf("confirm: %d", got.StatusCode)
	}
	told := w.mails()
	if diff := cmp.Diff([]string{"ani@example.org: The mika membalas Anda di “Kabar”"}, subjects(told)); diff != "" {
		t.Error(diff)
	}
	if got := w.links(told[0])["comments"]; got != "/-/comments/"+early.ID.String() {
		t.Errorf("leads to %s", got)
	}
	held := w.comment(a, &c, mika, "Tertahan", func(c *blog.Comment) { c.State = blog.Waiting })
	w.comment(a, &c, mika, "Surat", func(c *blog.Comment) { c.Visibility = blog.Direct })
	w.comment(a, &early, mika, "Bukan untuk Ani", nil)
	if got := w.mails(); len(got) != 0 {
		t.Errorf("told of what readers cannot see, or of another's: %v", subjects(got))
	}
	for _, state := range []blog.State{blog.Visible, blog.Hidden, blog.Visible} {
		check(t, w.blog.Moderate(t.Context(), uuid.Nil, held.ID, state))
		want := map[blog.State]int{blog.Visible: 1}[state]
		if state == blog.Visible && held.State == blog.Hidden {
			want = 0 // told already
		}
		if got := w.mails(); len(got) != want {
			t.Errorf("%s: %v", state, subjects(got))
		}
		held.State = state
	}
	if got := w.post(w.links(told[0])["leave"], url.Values{"List-Unsubscribe": {"One-Click"}}); got.StatusCode != 200 {
		t.Fatalf("leave: %d", got.StatusCode)
	}
	w.comment(a, &c, mika, "Setelah pergi", nil)
	if got := w.mails(); len(got) != 0 {
		t.Errorf("told after leaving: %v", subjects(got))
	}
}

// TestMailForStrangers checks that nobody can order mail for somebody else, or
// forge a link.
func TestMailForStrangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(blog.DraftInput{Title: "Kabar", Markdown: "Satu."})
	_, asked := subscribed(t, w, a)
	links := w.links(asked)
	token := func(path string) string { _, t, _ := strings.Cut(path, "token="); return t }
	for _, forged := range []string{
		"/-/confirm", "/-/confirm?token=x", "/-/confirm?token=" + token(links["leave"]), "/-/leave?token=" + token(links["confirm"]),
		links["confirm"] + "A", "/-/leave?token=" + url.QueryEscape("a\r\nb"),
	} {
		if got := []int{w.get(forged).StatusCode, w.post(forged, url.Values{}).StatusCode}; !cmp.Equal(got, []int{404, 404}) {
			t.Errorf("%s: %v", forged, got)
		}
	}
	if got := w.post(links["leave"], url.Values{}); got.StatusCode != 200 {
		t.Fatalf("leave: %d", got.StatusCode)
	}
	if got := w.post(links["confirm"], url.Values{}); got.StatusCode != 404 {
		t.Errorf("a yes after a no: %d", got.StatusCode)
	}
	w.wantsMail(a)
	if got := w.mails(); len(got) != 0 {
		t.Errorf("who said no is asked again: %v", subjects(got))
	}
	for i := range 5 {
		w.wantsMail(w.publish(blog.DraftInput{Title: "Lain", Slug: string(rune('a'+i)) + "-lain", Markdown: "Dua."}))
		if i == 2 {
			break // five comments of one address pass at once
		}
	}
	count := 0
	for range 4 {
		count += len(w.mails())
	}
	if count != 2 {
		t.Errorf("%d more questions to one address in a day", count)
	}
}
