package federation_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

func TestCreate(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		note    aptest.Note
		outcome string
		thread  string
	}{
		{"public", aptest.Note{Content: "halo"}, "comment", "1: halo"},
		{"unlisted", aptest.Note{Content: "halo", Visibility: activitypub.VisibilityUnlisted}, "comment", "1: halo"},
		{"followers", aptest.Note{Content: "halo", Visibility: activitypub.VisibilityFollowers}, "private", "0:"},
		{"direct", aptest.Note{Content: "halo", Visibility: activitypub.VisibilityDirect}, "private", "0:"},
		{"article", aptest.Note{Type: "Article", Name: "Title", Content: "halo"}, "comment", "1: Title\n\nhalo"},
		{"page", aptest.Note{Type: "Page", Content: "halo"}, "comment", "1: halo"},
		{"question", aptest.Note{Type: "Question", Content: "which?", Extra: aptest.Doc{"oneOf": []aptest.Doc{
			{"type": "Note", "name": "<i>a</i>"}, {"type": "Note", "name": "b"},
		}}}, "comment", "1: which?\n\n<i>a</i>\n\nb"},
		{"vote", aptest.Note{Name: "yes"}, "ignored:vote", "0:"},
		{"video", aptest.Note{Type: "Video", Content: "halo"}, "ignored:type", "0:"},
		{"no reply", aptest.Note{Content: "halo", InReplyTo: "none"}, "ignored:no-reply", "0:"},
		{"page address", aptest.Note{Content: "halo", InReplyTo: origin + "/kopi"}, "comment", "1: halo"},
		{"page address with query", aptest.Note{Content: "halo", InReplyTo: origin + "/kopi?page=2"}, "comment", "1: halo"},
		{"no such article", aptest.Note{Content: "halo", InReplyTo: origin + "/teh"}, "ignored:no-target", "0:"},
		{"script", aptest.Note{Content: `<script>alert(1)</script><p onclick="x">halo</p>`}, "comment", "1: halo"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			switch tt.note.InReplyTo {
			case "":
				tt.note.InReplyTo = r.article.ObjectURI
			case "none":
				tt.note.InReplyTo = ""
			}
			bob := r.remote.Person("bob")
			create := bob.Prepare(bob.Compose(tt.note))
			r.takes(create)
			r.wantOutcome(create.ID, tt.outcome)
			r.wantThread(tt.thread)
		})
	}
}

// What came is shown as its author meant it.
func TestCreateContent(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := bob.Prepare(bob.Compose(aptest.Note{
		Content: "<p>halo</p>", InReplyTo: r.article.ObjectURI, Summary: "spoiler <b>x</b>", Language: "id",
		Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Mention: []string{r.actor.URI},
		Extra: aptest.Doc{"attachment": []any{
			aptest.Doc{"type": "Document", "mediaType": "image/png", "url": "https://m.example/a.png", "name": "a <cat>", "width": 3, "height": 2},
			aptest.Doc{"type": "Image", "url": aptest.Doc{"type": "Link", "href": "https://m.example/b.jpg"}},
			aptest.Doc{"type": "Document", "url": "javascript:alert(1)"},
		}},
	}))
	r.takes(create)
	c, err := r.store.CommentByObject(t.Context(), create.ObjectID)
	r.check(err)
	if c.Actor.Acct() != bob.Handle() || c.Actor.URI != bob.ID() {
		t.Errorf("actor %s %s, want %s %s", c.Actor.Acct(), c.Actor.URI, bob.Handle(), bob.ID())
	}
	want := blog.Comment{
		ObjectURI: create.ObjectID, ArticleID: r.article.ID, RootID: c.ID, InReplyTo: r.article.ObjectURI, HTML: c.HTML, Text: "halo",
		Policy: c.Policy, Warning: "spoiler x", Sensitive: true, Language: "id",
		URL: strings.Replace(create.ObjectID, "/users/bob/statuses/", "/@bob/", 1),
		Attachments: []blog.Attachment{
			{URL: "https://m.example/a.png", Type: "image/png", Description: "a <cat>", Width: 3, Height: 2},
			{URL: "https://m.example/b.jpg", Type: "image/*"},
		},
		Mentions:   []blog.Mention{{Handle: c.Mentions[0].Handle, ActorURI: r.actor.URI}},
		Visibility: blog.Public, State: blog.Visible, Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		ID: c.ID, Created: c.Created, InboundID: c.InboundID, Actor: c.Actor, Replies: create.ObjectID + "/replies",
	}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("comment (-want +got):\n%s", diff)
	}
	if got := c.HTML.String(); got != "<p>halo</p>" {
		t.Errorf("HTML = %q", got)
	}
}

// Whatever the order of arrival, the same stands there in the end.
func TestOrder(t *testing.T) {
	t.Parallel()
	private := aptest.Doc{"to": []string{"https://x.example/followers"}, "cc": []string{}}
	tests := []struct {
		name  string
		after func(p *aptest.Person, create *aptest.Sent) []*aptest.Sent
		want  string
	}{
		{"edited", func(p *aptest.Person, c *aptest.Sent) []*aptest.Sent {
			return []*aptest.Sent{
				update(p, c, time.Now().Add(-2*time.Minute), aptest.Doc{"content": "second"}),
				update(p, c, time.Now().Add(-time.Minute), aptest.Doc{"content": "third"}),
			}
		}, "1: third"},
		{"deleted", func(p *aptest.Person, c *aptest.Sent) []*aptest.Sent {
			return []*aptest.Sent{update(p, c, time.Now().Add(-time.Minute), aptest.Doc{"content": "second"}), remove(p, c)}
		}, "0:"},
		{"made private", func(p *aptest.Person, c *aptest.Sent) []*aptest.Sent {
			return []*aptest.Sent{
				update(p, c, time.Now().Add(-2*time.Minute), aptest.Doc{"content": "second"}),
				update(p, c, time.Now().Add(-time.Minute), private),
			}
		}, "0:"},
		{"made public again", func(p *aptest.Person, c *aptest.Sent) []*aptest.Sent {
			return []*aptest.Sent{
				update(p, c, time.Now().Add(-2*time.Minute), private),
				update(p, c, time.Now().Add(-time.Minute), aptest.Doc{"content": "third"}),
			}
		}, "1: third"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			for i, order := range permutations(3) {
				for _, together := range []bool{true, false} {
					r.article = r.publish("a" + string(rune('a'+i)) + map[bool]string{true: "x"}[together])
					bob := r.remote.Person("bob")
					create := bob.Prepare(bob.Compose(aptest.Note{
						Content: "first", InReplyTo: r.article.ObjectURI, Published: time.Now().Add(-time.Hour),
					}))
					sent := append([]*aptest.Sent{create}, tt.after(bob, create)...)
					for _, j := range order {
						r.accept(sent[j].Body)
						if !together {
							r.work()
						}
					}
					r.work()
					if got := r.thread(); got != tt.want {
						t.Errorf("order %v, together %v: %q, want %q", order, together, got, tt.want)
					}
				}
			}
		})
	}
}

func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{{}}
	}
	var all [][]int
	for _, p := range permutations(n - 1) {
		for i := range n {
			all = append(all, append(append(append([]int{}, p[:i]...), n-1), p[i:]...))
		}
	}
	return all
}

func TestForged(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, mallory := r.remote.Person("bob"), r.server().Person("mallory")
	neighbour := r.remote.Person("neighbour")
	bobs := r.reply(bob, r.article.ObjectURI, "halo")
	r.takes(bobs)
	note := func(id, by string) aptest.Doc {
		return aptest.Doc{
			"id": id, "type": "Note", "attributedTo": by, "content": "forged", "inReplyTo": r.article.ObjectURI,
			"to": []string{activitypub.Public}, "updated": time.Now().Add(time.Second).UTC().Format(time.RFC3339),
		}
	}
	tests := []struct {
		name string
		sent *aptest.Sent
		want string
	}{
		{"object of another host", do(mallory, "Create", note(bob.ID()+"/forged", mallory.ID())), "refused:origin"},
		{"attributed to another", do(mallory, "Create", note(mallory.ID()+"/1", bob.ID())), "refused:attribution"},
		{"no id", do(mallory, "Create", note("", mallory.ID())), "refused:no-id"},
		{"update of another host's", do(mallory, "Update", note(bobs.ObjectID, bob.ID())), "refused:origin"},
		{"update of a neighbour's", do(neighbour, "Update", note(bobs.ObjectID, bob.ID())), "refused:attribution"},
		{"update as one's own", do(neighbour, "Update", note(bobs.ObjectID, neighbour.ID())), "refused:not-owner"},
		{"create under a known id", do(neighbour, "Create", note(bobs.ObjectID, neighbour.ID())), "ignored:known"},
		{"delete of another host's", do(mallory, "Delete", bobs.ObjectID), "refused:origin"},
		{"delete of a neighbour's", do(neighbour, "Delete", bobs.ObjectID), "refused:not-owner"},
		{"delete of another actor", do(neighbour, "Delete", bob.ID()), "ignored:unknown"},
		{"update of another actor", do(neighbour, "Update", aptest.Doc{"id": bob.ID(), "type": "Person", "name": "x", "inbox": bob.Inbox()}), "refused:not-owner"},
		{"undo of another's", do(mallory, "Undo", aptest.Doc{"id": bobs.ID, "type": "Like", "actor": bob.ID(), "object": r.article.ObjectURI}), "refused:not-owner"},
		{"update of our article", do(mallory, "Update", note(r.article.ObjectURI, mallory.ID())), "refused:origin"},
		{"delete of our article", do(mallory, "Delete", r.article.ObjectURI), "refused:origin"},
		{"add", do(mallory, "Add", bobs.ObjectID), "ignored:type"},
		{"what is that", do(mallory, "Frobnicate", bobs.ObjectID), "ignored:type"},
	}
	for _, tt := range tests {
		r.takes(tt.sent)
		if got := r.outcome(tt.sent.ID); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	r.wantThread("1: halo")
}

func TestEdit(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := r.reply(bob, r.article.ObjectURI, "first")
	r.takes(create)
	c, err := r.store.CommentByObject(t.Context(), create.ObjectID)
	r.check(err)
	// The moderator's verdict outlives what its author does.
	r.check(r.service.Blog.Moderate(t.Context(), uuid.Nil, c.ID, blog.Hidden))
	r.wantThread("0:")
	r.pass(10 * time.Second)
	second := update(bob, create, r.now(), aptest.Doc{"content": "second"})
	r.takes(second)
	r.wantOutcome(second.ID, "updated")
	r.wantThread("0:")
	r.check(r.service.Blog.Moderate(t.Context(), uuid.Nil, c.ID, blog.Visible))
	r.wantThread("1: second")
	if c, _ = r.store.Comment(t.Context(), c.ID); c.Edited.IsZero() {
		t.Error("not shown as edited")
	}
	older := update(bob, create, r.now().Add(-5*time.Second), aptest.Doc{"content": "older"})
	r.takes(older)
	r.wantOutcome(older.ID, "ignored:older")
	gone := remove(bob, create)
	r.takes(gone)
	r.pass(time.Minute)
	late := update(bob, create, r.now(), aptest.Doc{"content": "back"})
	r.takes(late)
	r.wantOutcome(late.ID, "ignored:deleted")
	r.wantThread("0:")
}

// TestEditsWhileTheClockIsSet: the order of edits is what their server says,
// whatever our own clock shows, as long as that can be.
func TestEditsWhileTheClockIsSet(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := r.reply(bob, r.article.ObjectURI, "first")
	r.takes(create)
	r.pass(20 * time.Minute)
	// In the second in which it was written, and twice in it.
	written, err := time.Parse(time.RFC3339, create.Activity["object"].(aptest.Doc)["published"].(string))
	r.check(err)
	for _, text := range []string{"first of all", "second"} {
		r.takes(update(bob, create, written, aptest.Doc{"content": text}))
		r.wantThread("1: " + text)
	}
	r.pass(-20 * time.Minute)
	third := update(bob, create, written.Add(time.Second), aptest.Doc{"content": "third"})
	r.takes(third)
	r.wantOutcome(third.ID, "updated")
	r.wantThread("1: third")
	// A clock that is days ahead counts as ours, so that it does not rule later edits out.
	r.pass(time.Hour)
	for _, text := range []string{"fourth", "fifth"} {
		r.pass(time.Second)
		r.takes(update(bob, create, r.now().AddDate(0, 0, 2), aptest.Doc{"content": text}))
		r.wantThread("1: " + text)
	}
	r.pass(time.Second)
	r.takes(update(bob, create, r.now(), aptest.Doc{"content": "sixth"}))
	r.wantThread("1: sixth")
}

// A poll is sent again for every vote; that is no edit.
func TestUpdateWithoutVersion(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := bob.Prepare(bob.Compose(aptest.Note{Type: "Question", Content: "which?", InReplyTo: r.article.ObjectURI}))
	r.takes(create)
	for _, content := range []string{"<p>which?</p>", "<p>what?</p>"} {
		r.takes(do(bob, "Update", update(bob, create, r.now(), aptest.Doc{"content": content, "updated": nil}).Activity["object"]))
		c, err := r.store.CommentByObject(t.Context(), create.ObjectID)
		r.check(err)
		if edited := !c.Edited.IsZero(); edited != (content == "<p>what?</p>") {
			t.Errorf("after an Update with %q: edited = %v", content, edited)
		}
	}
}

func TestLetter(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	letter := bob.Prepare(bob.Compose(aptest.Note{
		Content: "hush", Visibility: activitypub.VisibilityDirect, Mention: []string{r.actor.URI},
	}))
	r.takes(letter)
	r.wantOutcome(letter.ID, "private")
	r.wantThread("0:")
	private, err := r.store.Comments(t.Context(), blog.CommentQuery{Private: true, Limit: 10})
	r.check(err)
	if len(private) != 1 || private[0].Text != "hush" {
		t.Errorf("the Studio's inbox holds %v", private)
	}
}

// After a change of the sanitiser's policy all is made again, once.
func TestRemakeComments(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	parent := r.reply(bob, r.article.ObjectURI, "fetched")
	create := bob.Prepare(bob.Compose(aptest.Note{Content: "<p>one <em>two</em></p>", Summary: "w", InReplyTo: parent.ObjectID}))
	r.takes(create)
	r.exec(`update comments set policy = 0, html = '<p>old</p><script>x</script>', text = 'old', warning = 'old'`)
	var tags []string
	r.store.Changed = func(changed ...string) { tags = append(tags, changed...) }
	for range 2 {
		r.check(r.service.RemakeComments(t.Context()))
	}
	got := map[string]string{}
	for _, id := range []string{parent.ObjectID, create.ObjectID} {
		c, err := r.store.CommentByObject(t.Context(), id)
		r.check(err)
		got[id] = c.HTML.String() + c.Warning
	}
	want := map[string]string{parent.ObjectID: "<p>old</p>old", create.ObjectID: "<p>one <em>two</em></p>w"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("HTML (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{blog.PageArticle(r.article.ID)}, tags); diff != "" {
		t.Errorf("changed pages (-want +got):\n%s", diff)
	}
}

// between does something after an edit has found no comment.
type between struct {
	federation.Store
	do func()
}

func (b *between) EditComment(ctx context.Context, c federation.NewComment) (bool, error) {
	found, err := b.Store.EditComment(ctx, c)
	if do := b.do; do != nil {
		b.do = nil
		do()
	}
	return found, err
}

// TestCreateDuringUpdate keeps an edit whose Create is written by another
// worker while the edit is taken for a new comment.
func TestCreateDuringUpdate(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.takes(do(bob, "Like", r.article.ObjectURI))
	create := r.reply(bob, r.article.ObjectURI, "first")
	r.service.Store = &between{Store: r.service.Store, do: func() {
		r.takes(create)
	}}
	r.takes(update(bob, create, r.now(), aptest.Doc{"content": "second"}))
	r.wantOutcome(create.ID, "ignored:known") // it waits for what came before it
	r.wantThread("1: second")
}
