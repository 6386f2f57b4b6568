package federation_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/inbox"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

// site changes the settings.
func (r *receiver) site(change func(*blog.Site)) {
	r.t.Helper()
	_, err := r.service.Blog.ChangeSite(r.t.Context(), uuid.Nil, func(s *blog.Site) error {
		change(s)
		return nil
	})
	r.check(err)
}

func (r *receiver) rule(b blog.NewBlock) blog.Moderated {
	r.t.Helper()
	_, past, err := r.service.Blog.AddBlock(r.t.Context(), uuid.Nil, b)
	r.check(err)
	return past
}

// state is the state of a comment and why.
func (r *receiver) state(sent *aptest.Sent) string {
	r.t.Helper()
	c, err := r.store.CommentByObject(r.t.Context(), sent.ObjectID)
	r.check(err)
	words := []string{string(c.State)}
	for _, reason := range c.Reasons {
		words = append(words, reason.Rule)
	}
	return strings.Join(words, " ")
}

func (r *receiver) wantState(sent *aptest.Sent, want string) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.state(sent)); diff != "" {
		r.t.Errorf("state (-want +got):\n%s", diff)
	}
}

func (r *receiver) moderate(verdict blog.Verdict, sent ...*aptest.Sent) blog.Moderated {
	r.t.Helper()
	what := blog.Selection{}
	for _, s := range sent {
		c, err := r.store.CommentByObject(r.t.Context(), s.ObjectID)
		r.check(err)
		what.Comments = append(what.Comments, c.ID)
	}
	done, err := r.service.Blog.ModerateAll(r.t.Context(), uuid.Nil, what, verdict)
	r.check(err)
	return done
}

// TestPolicies lets a stranger, a follower, and somebody on the list answer
// under each policy, together in one batch.
func TestPolicies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		policy blog.CommentPolicy
		want   [3]string
		thread string
	}{
		{blog.CommentsOpen, [3]string{"visible", "visible", "visible"}, "3: a b c"},
		{blog.CommentsFirstWait, [3]string{"waiting first", "waiting first", "visible"}, "1: c"},
		{blog.CommentsFollowers, [3]string{"waiting no-follower", "visible", "visible"}, "2: b c"},
		{blog.CommentsApproved, [3]string{"waiting not-approved", "waiting not-approved", "visible"}, "1: c"},
		{blog.CommentsClosed, [3]string{"hidden closed", "hidden closed", "hidden closed"}, "0:"},
	}
	for _, tt := range tests {
		t.Run(string(tt.policy), func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			stranger, follower, listed := r.remote.Person("a"), r.remote.Person("b"), r.remote.Person("c")
			r.takes(do(follower, "Follow", r.actor.URI))
			r.rule(blog.NewBlock{Value: listed.ID(), Severity: blog.SeverityAllow})
			r.check(r.service.Blog.ChangeArticlePolicy(t.Context(), uuid.Nil, r.article.ID, blog.ArticlePolicy{Comments: tt.policy}))
			// Their servers have to be known for the short way.
			for _, p := range []*aptest.Person{stranger, follower, listed} {
				r.takes(do(p, "Like", r.article.ObjectURI))
			}
			var sent []*aptest.Sent
			for i, p := range []*aptest.Person{stranger, follower, listed} {
				sent = append(sent, r.reply(p, r.article.ObjectURI, string(rune('a'+i))))
				r.accept(sent[i].Body)
			}
			r.work()
			var got [3]string
			for i, s := range sent {
				got[i] = r.state(s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			r.wantThread(tt.thread)
			// The next one of somebody who was approved does not wait for being the first.
			if tt.policy == blog.CommentsFirstWait {
				r.moderate(blog.Approve, sent[0])
				second := r.reply(stranger, r.article.ObjectURI, "again")
				r.takes(second)
				r.wantState(second, "visible")
			}
		})
	}
}

func TestClosesByItself(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	days := 3
	r.check(r.service.Blog.ChangeArticlePolicy(t.Context(), uuid.Nil, r.article.ID, blog.ArticlePolicy{CloseDays: &days}))
	before := r.reply(bob, r.article.ObjectURI, "before")
	r.takes(before)
	r.pass(4 * 24 * time.Hour)
	after := r.reply(bob, r.article.ObjectURI, "after")
	r.takes(after)
	r.wantState(after, "hidden closed")
	edit := update(bob, before, r.now(), aptest.Doc{"content": "edited"})
	r.takes(edit)
	r.wantThread("1: edited")
}

func TestSpamIsHeldBack(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	eve, bob := r.remote.Person("eve"), r.remote.Person("bob")
	shop := ""
	for i := range 8 {
		shop += fmt.Sprintf(`<a href="https://shop.example/%d">buy</a> `, i)
	}
	spam, plain := r.reply(eve, r.article.ObjectURI, shop), r.reply(bob, r.article.ObjectURI, "halo")
	r.takes(spam, plain)
	r.wantThread("1: halo")
	c, err := r.store.CommentByObject(t.Context(), spam.ObjectID)
	r.check(err)
	if c.State != blog.Spam || c.Reasons[0] != (blog.Reason{Rule: blog.RuleLinks, Detail: "8"}) {
		t.Errorf("got %s %v", c.State, c.Reasons)
	}
	events, err := r.store.CommentHistory(t.Context(), c.ID)
	r.check(err)
	if len(events) != 1 || events[0].State != blog.Spam || !cmp.Equal(events[0].Reasons, c.Reasons) {
		t.Errorf("history: %+v", events)
	}
	r.moderate(blog.Approve, spam)
	next := r.reply(eve, r.article.ObjectURI, shop)
	r.takes(next)
	r.wantState(next, "visible")
}

func TestSilence(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	past := r.reply(bob, r.article.ObjectURI, "past")
	r.takes(past)
	host := federation.Host(bob.ID())
	hidden := r.rule(blog.NewBlock{Value: host, Severity: blog.SeveritySilence, HidePast: true})
	sent := r.reply(bob, r.article.ObjectURI, "halo")
	r.takes(sent)
	r.wantOutcome(sent.ID, "comment")
	r.wantState(sent, "hidden silenced")
	r.wantState(past, "hidden moderator blocked")
	r.wantThread("0:")
	_, err := r.service.Blog.UndoModeration(t.Context(), uuid.Nil, hidden.Batch)
	r.check(err)
	r.check(r.service.Blog.Unblock(t.Context(), uuid.Nil, host))
	r.wantThread("1: past")
}

func TestAllowList(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	waiting := r.reply(eve, r.article.ObjectURI, "before")
	r.accept(waiting.Body)
	r.rule(blog.NewBlock{Value: federation.Host(bob.ID()), Severity: blog.SeverityAllow})
	r.site(func(s *blog.Site) { s.AllowList = true })
	r.work()
	r.wantOutcome(waiting.ID, "refused:not-allowed")
	r.takes(r.reply(bob, r.article.ObjectURI, "halo"))
	r.wantThread("1: halo")
	body := r.reply(eve, r.article.ObjectURI, "late").Body
	activity, err := activitypub.Decode(body)
	r.check(err)
	err = r.service.Accept(t.Context(), inbox.Delivery{Signer: eve.ID(), Host: federation.Host(eve.ID()), Activity: activity, Raw: body})
	if !errors.Is(err, inbox.ErrBlocked) {
		t.Errorf("somebody who is not allowed: %v", err)
	}
	r.site(func(s *blog.Site) { s.AllowList = false })
	r.takes(r.reply(eve, r.article.ObjectURI, "now"))
	r.wantThread("2: halo now")
}

// TestEditIsJudgedUpward holds what newly has a word, and leaves a moderator's
// verdict alone.
func TestEditIsJudgedUpward(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.rule(blog.NewBlock{Kind: blog.BlockWord, Value: "kasino", Severity: blog.SeveritySilence})
	create := r.reply(bob, r.article.ObjectURI, "halo")
	r.takes(create)
	edit := func(text string) {
		r.pass(time.Minute)
		r.takes(update(bob, create, r.now(), aptest.Doc{"content": text}))
	}
	edit("KASINÓ!")
	r.wantState(create, "waiting word")
	r.wantThread("0:")
	edit("halo again")
	r.wantState(create, "waiting word")
	r.moderate(blog.Approve, create)
	edit("kasino once more")
	r.wantState(create, "visible moderator")
	r.wantThread("1: kasino once more")
	r.moderate(blog.Hide, create)
	edit("harmless")
	r.wantThread("0:")
}

// TestPrivateBecomesPublic judges by everything what was not judged before.
func TestPrivateBecomesPublic(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := bob.Prepare(bob.Compose(aptest.Note{Content: "psst", InReplyTo: r.article.ObjectURI, Visibility: activitypub.VisibilityDirect, Mention: []string{r.actor.URI}}))
	r.takes(create)
	r.wantState(create, "visible")
	r.wantThread("0:")
	r.site(func(s *blog.Site) { s.Comments.Policy = blog.CommentsFirstWait })
	r.takes(update(bob, create, r.now().Add(time.Second), aptest.Doc{"content": "loud", "to": []string{activitypub.Public}}))
	r.wantState(create, "waiting first")
	r.wantThread("0:")
}

// TestTricksOfAuthors moves an answer with an Update, makes it private, and
// brings it back after its end.
func TestTricksOfAuthors(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	top := r.reply(bob, r.article.ObjectURI, "top")
	other := r.reply(bob, r.article.ObjectURI, "other")
	below := r.reply(bob, top.ObjectID, "below")
	r.takes(top, other, below)
	r.pass(time.Minute)
	r.takes(update(bob, below, r.now(), aptest.Doc{"content": "moved", "inReplyTo": other.ObjectID}))
	r.wantThread("3: top ( moved ) other")
	r.pass(time.Minute)
	r.takes(update(bob, below, r.now(), aptest.Doc{"content": "secret", "to": []string{bob.ID() + "/followers"}, "cc": []string{}}))
	r.wantThread("2: top other")

	r.moderate(blog.Remove, other)
	r.wantThread("1: top")
	r.takes(update(bob, other, r.now().Add(time.Hour), aptest.Doc{"content": "back"}))
	r.takes(bob.Prepare(aptest.Doc{"type": "Create", "to": other.Activity["to"], "object": other.Activity["object"]}))
	r.wantThread("1: top")
	r.takes(remove(bob, top))
	r.takes(bob.Prepare(aptest.Doc{"type": "Create", "to": top.Activity["to"], "object": top.Activity["object"]}))
	r.wantThread("0:")
}

// TestAuthorEndsWhatAModeratorDeleted makes it final.
func TestAuthorEndsWhatAModeratorDeleted(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	one, two := r.reply(bob, r.article.ObjectURI, "one"), r.reply(bob, r.article.ObjectURI, "two")
	r.takes(one, two)
	done := r.moderate(blog.Remove, one, two)
	gone := remove(bob, one)
	r.takes(gone)
	r.wantOutcome(gone.ID, "deleted")
	_, err := r.service.Blog.UndoModeration(t.Context(), uuid.Nil, done.Batch)
	r.check(err)
	r.wantThread("1: two")
	if n := r.count(`select count(*) from comments where text = 'one'`); n != 0 {
		t.Error("the text is still there")
	}
}

// TestPlaceFoundLate judges an answer by the article that it turns out to stand
// under.
func TestPlaceFoundLate(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	parent := r.reply(bob, r.article.ObjectURI, "parent")
	r.remote.Misbehave(aptest.Behaviour{Path: path(r.remote, parent.ObjectID), Status: 503})
	r.check(r.service.Blog.ChangeArticlePolicy(t.Context(), uuid.Nil, r.article.ID, blog.ArticlePolicy{Comments: blog.CommentsFollowers}))
	eve := r.server().Person("eve")
	child := r.reply(eve, parent.ObjectID, "child")
	grandchild := r.reply(eve, child.ObjectID, "grandchild")
	r.takes(child, grandchild)
	r.wantState(child, "visible")
	r.remote.Behave()
	r.takes(parent)
	r.wantState(child, "waiting no-follower")
	r.wantState(grandchild, "waiting no-follower")
	r.wantThread("0:")
}

// TestFlood takes from one server as much as it may send, and from others
// everything.
func TestFlood(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.service.Limits = federation.Limits{ActorPerMinute: 300, HostPerMinute: 100}
	taken, later := 0, 0
	for i := range 150 {
		p := r.remote.Person(fmt.Sprintf("bot%d", i%10))
		body := r.reply(p, r.article.ObjectURI, "flood").Body
		activity, err := activitypub.Decode(body)
		r.check(err)
		err = r.service.Accept(t.Context(), inbox.Delivery{Signer: p.ID(), Host: federation.Host(p.ID()), Activity: activity, Raw: body})
		var wait interface{ RetryAfter() time.Duration }
		switch {
		case err == nil:
			taken++
		case errors.As(err, &wait):
			later++
		default:
			t.Fatal(err)
		}
	}
	if taken != 100 || later != 50 {
		t.Errorf("%d taken, %d to come again", taken, later)
	}
	r.takes(r.reply(r.server().Person("bob"), r.article.ObjectURI, "halo"))
	if thread := r.thread(); !strings.HasPrefix(thread, "101:") || !strings.HasSuffix(thread, " halo") {
		t.Errorf("the thread is %.40s…", thread)
	}
	host := federation.Host(r.remote.Person("bot1").ID())
	done, err := r.service.Blog.ModerateAll(t.Context(), uuid.Nil, blog.Selection{Domain: host}, blog.MarkSpam)
	r.check(err)
	r.wantThread("1: halo")
	_, err = r.service.Blog.UndoModeration(t.Context(), uuid.Nil, done.Batch)
	r.check(err)
	if thread := r.thread(); !strings.HasPrefix(thread, "101:") {
		t.Errorf("after the undo: %.40s…", thread)
	}
}

// TestHiddenAnswerIsNotServed takes an answer of ours out of all that other
// servers can ask for, and brings it back.
func TestHiddenAnswerIsNotServed(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	answer, err := r.service.Blog.Reply(t.Context(), uuid.Nil, blog.Reply{Article: r.article.ID, Markdown: "Rahasia."})
	r.check(err)
	job := blog.CommentChanged{Comment: answer.ID, Change: "create", Activity: newID()}
	r.check(r.service.CommentChanged(t.Context(), job))
	served := func() string {
		_, object := r.service.Object(t.Context(), answer.ID)
		_, activity := r.service.ActivityDocument(t.Context(), job.Activity)
		outbox, err := r.store.OutboxCount(t.Context(), r.actor.ID)
		r.check(err)
		replies, err := r.store.ThreadCount(t.Context(), r.article.ID, federation.ThreadPart{Everything: true})
		r.check(err)
		return fmt.Sprint(object == nil, activity == nil, outbox, replies)
	}
	steps := []struct {
		verdict blog.Verdict
		want    string
	}{{blog.Approve, "true true 1 1"}, {blog.Hide, "false false 0 0"}, {blog.Approve, "true true 1 1"}}
	for _, step := range steps {
		_, err := r.service.Blog.ModerateAll(t.Context(), uuid.Nil, blog.Selection{Comments: []uuid.UUID{answer.ID}}, step.verdict)
		r.check(err)
		if diff := cmp.Diff(step.want, served()); diff != "" {
			t.Errorf("%s: object, activity, outbox, replies (-want +got):\n%s", step.verdict, diff)
		}
	}
}

// TestReportNamesComments keeps which comments a Flag is about.
func TestReportNamesComments(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	create := r.reply(bob, r.article.ObjectURI, "rude")
	r.takes(create)
	r.takes(do(eve, "Flag", []string{bob.ID(), create.ObjectID, "https://x.example/unknown"}, aptest.Doc{"content": "<b>rude</b>"}))
	c, err := r.store.CommentByObject(t.Context(), create.ObjectID)
	r.check(err)
	reports, err := r.service.Blog.Reports(t.Context(), blog.ReportQuery{Comment: c.ID, Limit: 10})
	r.check(err)
	if len(reports) != 1 || len(reports[0].Objects) != 3 || !cmp.Equal(reports[0].Comments, []uuid.UUID{c.ID}) || reports[0].State != blog.ReportOpen {
		t.Fatalf("reports: %+v", reports)
	}
	by := newID()
	r.exec(`insert into accounts (id, name, role, created) values ($1, 'mod', 'moderator', now())`, by)
	r.check(r.service.Blog.ResolveReport(t.Context(), by, reports[0].ID, blog.ReportResolved))
	done, err := r.service.Blog.ReportByID(t.Context(), reports[0].ID)
	r.check(err)
	if done.State != blog.ReportResolved || done.ResolvedBy != by || done.Resolved.IsZero() {
		t.Errorf("resolved: %+v", done)
	}
}
