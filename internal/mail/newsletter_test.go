package mail_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/mail"
)

// round is a newsletter whose letters are taken by the test.
type round struct {
	*desk
	news  *mail.Newsletter
	taken []blog.Mail
	err   error // what the server says instead of taking one
}

func newRound(t *testing.T) *round {
	t.Helper()
	r := &round{desk: newDesk(t)}
	r.news = &mail.Newsletter{Blog: r.blog, Store: r.store, Log: slog.New(slog.DiscardHandler), Send: func(_ context.Context, m blog.Mail) error {
		if r.err == nil {
			r.taken = append(r.taken, m)
		}
		return r.err
	}}
	_, err := r.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Newsletter.On = true; return nil })
	r.check(err)
	r.pass(time.Second)
	return r
}

func (r *round) run() []blog.Mail {
	r.Helper()
	r.taken = nil
	r.check(r.news.Run(r.Context()))
	return r.taken
}

func (r *round) token(text string) string {
	r.Helper()
	_, token, ok := strings.Cut(text, "?token=")
	if !ok {
		r.Fatal("no link in", text)
	}
	return strings.Fields(token)[0]
}

func (r *round) subscribe(email string) blog.Subscriber {
	r.Helper()
	r.check(r.blog.Subscribe(r.Context(), email, "en"))
	sub, err := r.blog.ConfirmNewsletter(r.Context(), r.token(r.run()[0].Text))
	r.check(err)
	return sub
}

func (r *round) publish(title string) blog.Article {
	r.Helper()
	a, err := r.blog.Save(r.Context(), r.owner.ID, blog.Save{
		Input: blog.DraftInput{Title: title, Markdown: "Kopi dari desa.", Language: "id", Published: r.clock()}, Publish: true,
	})
	r.check(err)
	return a
}

func TestNewsletter(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	r.subscribe("mika@danau.example")
	a := r.publish("Kopi\u202e\r\nBcc: eve@evil.example")
	if got := r.run(); len(got) != 0 {
		t.Fatalf("before the delay: %v", got)
	}
	r.pass(11 * time.Minute)
	got := r.run()
	if len(got) != 1 {
		t.Fatalf("%d letters", len(got))
	}
	m := got[0]
	if strings.ContainsAny(m.Subject, "\r\n\u202e") || !strings.Contains(m.HTML, `lang="id"`) || !strings.Contains(m.Text, "/"+a.Slug) || m.List == "" {
		t.Errorf("the letter: %+v", m)
	}
	if again := r.run(); len(again) != 0 {
		t.Errorf("sent again: %v", again)
	}
	leave := r.token(m.Unsubscribe)
	for range 2 { // twice is as good as once
		r.check(r.blog.LeaveNewsletter(t.Context(), leave))
	}
	if n, err := r.store.CountSubscribers(t.Context()); err != nil || n != (blog.Subscribers{}) {
		t.Error("who left is still there:", n, err)
	}
	r.publish("Teh")
	r.pass(11 * time.Minute)
	if got := r.run(); len(got) != 0 {
		t.Error("sent to who left")
	}
}

func TestNewsletterTakenBack(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	r.subscribe("mika@danau.example")
	a := r.publish("Salah")
	r.check(r.blog.Delete(t.Context(), r.owner.ID, a.ID))
	r.pass(11 * time.Minute)
	if got := r.run(); len(got) != 0 {
		t.Errorf("%d letters", len(got))
	}
}

// TestNewsletterAfterAKill: a letter that was begun by a program that died is
// never sent again.
func TestNewsletterAfterAKill(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	r.subscribe("mika@danau.example")
	r.publish("Kopi")
	r.pass(11 * time.Minute)
	r.err = &mail.Error{Step: "connect", Err: errors.New("no answer")}
	r.run() // plans, and puts off
	r.err = nil
	r.pass(3 * time.Minute)
	due, err := r.store.DueLetters(t.Context(), 10, r.clock())
	r.check(err)
	if len(due) != 1 {
		t.Fatalf("%d due", len(due))
	}
	for _, want := range []bool{true, false} { // two nodes: one begins it, and dies
		got, err := r.store.BeginLetter(t.Context(), due[0].ID, r.clock())
		r.check(err)
		if got != want {
			t.Errorf("begun: %v, want %v", got, want)
		}
	}
	r.pass(time.Hour)
	if got := r.run(); len(got) != 0 {
		t.Error("sent twice")
	}
	issues, err := r.store.Issues(t.Context(), 10)
	r.check(err)
	if len(issues) != 1 || issues[0].Unknown != 1 || issues[0].Waiting != 0 {
		t.Errorf("%+v", issues)
	}
}

// TestNewsletterRetry: a server that is away for hours costs no letter, and no
// subscriber.
func TestNewsletterRetry(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	sub := r.subscribe("mika@danau.example")
	r.publish("Kopi")
	r.err = &mail.Error{Step: "connect", Err: errors.New("no answer")}
	for range 10 {
		r.pass(3 * time.Hour)
		r.run()
	}
	r.err = nil
	r.pass(3 * time.Hour)
	if got := r.run(); len(got) != 1 {
		t.Errorf("%d letters", len(got))
	}
	sub, err := r.store.Subscriber(t.Context(), sub.ID)
	r.check(err)
	if sub.Failures != 0 || !sub.Paused.IsZero() {
		t.Errorf("%+v", sub)
	}
}

// TestNewsletterBounces: three letters refused for good pause a subscriber.
func TestNewsletterBounces(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	sub := r.subscribe("mika@danau.example")
	for want := 1; want <= 3; want++ {
		r.err = nil
		r.publish("Kopi")
		r.pass(11 * time.Minute)
		r.err = mail.ErrNotConfigured // permanent
		r.run()
		got, err := r.store.Subscriber(t.Context(), sub.ID)
		r.check(err)
		if got.Failures != want || got.Paused.IsZero() == (want == 3) {
			t.Errorf("after %d: %+v", want, got)
		}
	}
}

func TestNewsletterRate(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	for _, name := range []string{"a", "b", "c"} {
		r.subscribe(name + "@danau.example")
	}
	_, err := r.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error { s.Newsletter.Rate = 2; return nil })
	r.check(err)
	r.publish("Kopi")
	r.pass(11 * time.Minute)
	var got []int
	for range 3 {
		got = append(got, len(r.run()))
		if len(got) == 2 {
			r.pass(2 * time.Minute)
		}
	}
	if diff := cmp.Diff([]int{2, 0, 1}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNewsletterWeekly(t *testing.T) {
	t.Parallel()
	r := newRound(t) // Saturday
	sub := r.subscribe("mika@danau.example")
	r.check(r.store.SetSubscriber(t.Context(), sub.ID, "id", true))
	r.publish("Kopi")
	r.publish("Teh")
	var got []int
	for range 4 {
		r.pass(25 * time.Hour)
		got = append(got, len(r.run()))
	}
	if diff := cmp.Diff([]int{0, 1, 0, 0}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNewsletterQuestion(t *testing.T) {
	t.Parallel()
	r := newRound(t)
	for range 50 {
		r.check(r.blog.Subscribe(t.Context(), "Mika@danau.example", "en"))
	}
	asked := r.run()
	if len(asked) != 1 {
		t.Fatalf("%d questions", len(asked))
	}
	token := r.token(asked[0].Text)
	for name, bad := range map[string]string{"none": "", "forged": token[:len(token)-4] + "AAAA", "strange": url.QueryEscape("\r\n")} {
		if _, err := r.blog.ConfirmNewsletter(t.Context(), bad); !errors.Is(err, blog.ErrNotFound) {
			t.Error(name, err)
		}
	}
	if err := r.blog.LeaveNewsletter(t.Context(), token); !errors.Is(err, blog.ErrNotFound) {
		t.Error("the question's link leaves:", err)
	}
	_, err := r.blog.ConfirmNewsletter(t.Context(), token)
	r.check(err)
	if _, err := r.blog.ConfirmNewsletter(t.Context(), token); !errors.Is(err, blog.ErrGone) {
		t.Error("replayed:", err)
	}
	r.check(r.blog.Subscribe(t.Context(), "mika@danau.example", "en"))
	if got := r.run(); len(got) != 0 {
		t.Error("asked although subscribed")
	}
	for _, bad := range []string{"", "x", "a@b.example\r\nBcc: c@d.example"} {
		if err := r.blog.Subscribe(t.Context(), bad, "en"); !errors.As(err, new(*blog.Invalid)) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
