package federation_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
)

func TestMentionElsewhere(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.server().Person("eve")
	theirs := eve.Prepare(eve.Compose(aptest.Note{Content: "theirs"}))
	us := []string{r.actor.URI}
	tests := []struct {
		name    string
		note    aptest.Note
		outcome string
	}{
		{"by itself", aptest.Note{Content: "a", Mention: us}, "mention"},
		{"of somebody else", aptest.Note{Content: "b", Mention: []string{eve.ID()}}, "ignored:no-reply"},
		{"of nobody of ours", aptest.Note{Content: "c", Mention: []string{r.actor.URI + "/followers", origin + "/ap/actors/" + uuid.NewString()}}, "ignored:no-reply"},
		{"in another thread", aptest.Note{Content: "d", Mention: us, InReplyTo: theirs.ObjectID}, "mention"},
		{"below what is gone", aptest.Note{Content: "e", Mention: us, InReplyTo: origin + "/teh"}, "ignored:no-target"},
		{"in ours", aptest.Note{Content: "f", Mention: us, InReplyTo: r.article.ObjectURI}, "comment"},
		{"in private", aptest.Note{Content: "g", Mention: us, Visibility: activitypub.VisibilityDirect}, "private"},
	}
	for _, tt := range tests {
		sent := bob.Prepare(bob.Compose(tt.note))
		r.takes(sent)
		if got := r.outcome(sent.ID); got != tt.outcome {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.outcome)
		}
	}
	r.wantThread("1: f")
	for _, tt := range []struct {
		name string
		q    blog.CommentQuery
		want int
	}{{"mentions", blog.CommentQuery{Mentions: true}, 2}, {"unattached", blog.CommentQuery{Unattached: true}, 0}, {"private", blog.CommentQuery{Private: true}, 1}} {
		tt.q.Limit = 10
		found, err := r.store.Comments(t.Context(), tt.q)
		r.check(err)
		if len(found) != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, len(found), tt.want)
		}
	}
}

// TestConversationElsewhere goes on below a post that names the blog, and
// comes into our thread when what it answers does.
func TestConversationElsewhere(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	sent := bob.Prepare(bob.Compose(aptest.Note{Content: "halo", Mention: []string{r.actor.URI}}))
	r.takes(sent)
	post, err := r.store.CommentByObject(t.Context(), sent.ObjectID)
	r.check(err)
	answer, err := r.service.Blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: post.ID, Markdown: "Halo juga."})
	r.check(err)
	again := bob.Prepare(bob.Compose(aptest.Note{Content: "lagi", InReplyTo: answer.ObjectURI}))
	hush := bob.Prepare(bob.Compose(aptest.Note{
		Content: "hush", InReplyTo: answer.ObjectURI, Visibility: activitypub.VisibilityDirect, Mention: []string{r.actor.URI},
	}))
	r.takes(again, hush)
	r.wantOutcome(again.ID, "mention")
	r.wantOutcome(hush.ID, "private")
	for _, s := range []*aptest.Sent{again, hush} {
		c, err := r.store.CommentByObject(t.Context(), s.ObjectID)
		r.check(err)
		if c.ParentID != answer.ID || c.ArticleID != uuid.Nil {
			t.Errorf("%s stands below %s", c.Text, c.ParentID)
		}
	}
	r.wantThread("0:")
}

// TestMentionAfterLooking finds that a reply answers something elsewhere only
// when that can be read again.
func TestMentionAfterLooking(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, far := r.remote.Person("bob"), r.server()
	eve := far.Person("eve")
	theirs := eve.Prepare(eve.Compose(aptest.Note{Content: "theirs"}))
	far.Misbehave(aptest.Behaviour{Path: path(far, theirs.ObjectID), Status: http.StatusBadGateway})
	named := bob.Prepare(bob.Compose(aptest.Note{Content: "named", InReplyTo: theirs.ObjectID, Mention: []string{r.actor.URI}}))
	other := bob.Prepare(bob.Compose(aptest.Note{Content: "other", InReplyTo: theirs.ObjectID}))
	r.takes(named, other)
	r.wantOutcome(named.ID, "unattached")
	far.Behave()
	r.pass(2 * time.Hour)
	r.check(r.service.RetryParents(t.Context()))
	r.wantOutcome(named.ID, "mention")
	r.wantOutcome(other.ID, "ignored:elsewhere")
}
