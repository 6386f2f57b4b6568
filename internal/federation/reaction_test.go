package federation_test

import (
	"fmt"
	"sync"
	"testing"

	"kabar/activitypub/aptest"
)

// numbers are the likes, boosts and reactions of the article.
func (r *receiver) numbers() string {
	a, err := r.store.Article(r.t.Context(), r.article.ID)
	r.check(err)
	return fmt.Sprintf("%d likes %d boosts %d reactions", a.Likes, a.Boosts, r.count(`select count(*) from reactions`))
}

// reactionTest is what people do to the article, and what counts of it.
type reactionTest struct {
	name string
	what func(r *receiver, bob *aptest.Person) []*aptest.Sent
	last string // outcome of the last
	want string
}

func TestReactions(t *testing.T) {
	t.Parallel()
	type activities = []*aptest.Sent
	testReactions(t, []reactionTest{
		{"like", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Like", r.article.ObjectURI)}
		}, "like", "1 likes 0 boosts 1 reactions"},
		{"like by page address", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Like", r.article.ObjectURI), do(bob, "Like", origin+"/kopi")}
		}, "ignored:known", "1 likes 0 boosts 1 reactions"},
		{"two of a server", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Like", r.article.ObjectURI), do(r.remote.Person("eve"), "Like", r.article.ObjectURI)}
		}, "like", "2 likes 0 boosts 2 reactions"},
		{"boost twice", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Announce", r.article.ObjectURI), do(bob, "Announce", r.article.ObjectURI)}
		}, "ignored:known", "0 likes 1 boosts 1 reactions"},
		{"of something else", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Announce", bob.ID()+"/1")}
		}, "ignored:not-ours", "0 likes 0 boosts 0 reactions"},
		{"of an embedded lie", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Announce", aptest.Doc{"type": "Create", "object": aptest.Doc{"id": r.article.ObjectURI}})}
		}, "ignored:not-ours", "0 likes 0 boosts 0 reactions"},
		{"undone", func(r *receiver, bob *aptest.Person) activities {
			like := do(bob, "Like", r.article.ObjectURI)
			return activities{like, do(bob, "Undo", like.Activity)}
		}, "undone", "0 likes 0 boosts 0 reactions"},
		{"undone by id", func(r *receiver, bob *aptest.Person) activities {
			boost := do(bob, "Announce", r.article.ObjectURI)
			return activities{boost, do(bob, "Undo", boost.ID)}
		}, "undone", "0 likes 0 boosts 0 reactions"},
		{"undone without id", func(r *receiver, bob *aptest.Person) activities {
			return activities{
				do(bob, "Like", r.article.ObjectURI),
				do(bob, "Undo", aptest.Doc{"type": "Like", "actor": bob.ID(), "object": r.article.ObjectURI}),
			}
		}, "undone", "0 likes 0 boosts 0 reactions"},
		{"undone before it came", func(r *receiver, bob *aptest.Person) activities {
			like := do(bob, "Like", r.article.ObjectURI)
			return activities{do(bob, "Undo", like.Activity), like}
		}, "ignored:undone", "0 likes 0 boosts 0 reactions"},
		{"undone, and done again before that came", func(r *receiver, bob *aptest.Person) activities {
			like := do(bob, "Like", r.article.ObjectURI)
			return activities{like, do(bob, "Like", r.article.ObjectURI), do(bob, "Undo", like.Activity)}
		}, "ignored:unknown", "1 likes 0 boosts 1 reactions"},
		{"undone by a neighbour", func(r *receiver, bob *aptest.Person) activities {
			like := do(bob, "Like", r.article.ObjectURI)
			return activities{like, do(r.remote.Person("eve"), "Undo", like.ID)}
		}, "ignored:unknown", "1 likes 0 boosts 1 reactions"},
		{"boost deleted", func(r *receiver, bob *aptest.Person) activities {
			boost := do(bob, "Announce", r.article.ObjectURI)
			return activities{boost, do(bob, "Delete", boost.ID)}
		}, "deleted", "0 likes 0 boosts 0 reactions"},
		{"undo of a deletion", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Undo", aptest.Doc{"type": "Delete", "actor": bob.ID(), "object": bob.ID()})}
		}, "ignored:undo-type", "0 likes 0 boosts 0 reactions"},
	})
}

func TestEmojiReactions(t *testing.T) {
	t.Parallel()
	type activities = []*aptest.Sent
	testReactions(t, []reactionTest{
		{"like with an emoji", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Like", r.article.ObjectURI, aptest.Doc{"content": "🎉", "_misskey_reaction": "🎉"})}
		}, "emoji", "0 likes 0 boosts 1 reactions"},
		{"like with a text", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "Like", r.article.ObjectURI, aptest.Doc{"content": "nice"})}
		}, "like", "1 likes 0 boosts 1 reactions"},
		{"a like and an emoji like", func(r *receiver, bob *aptest.Person) activities {
			return activities{
				do(bob, "Like", r.article.ObjectURI), do(bob, "Like", r.article.ObjectURI, aptest.Doc{"content": "🎉"}),
				do(bob, "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": "🎉"}),
			}
		}, "ignored:known", "1 likes 0 boosts 2 reactions"},
		{"emoji like undone as a whole", func(r *receiver, bob *aptest.Person) activities {
			plain := do(bob, "Like", r.article.ObjectURI)
			like := do(bob, "Like", r.article.ObjectURI, aptest.Doc{"content": ":cat@.:"})
			return activities{plain, like, do(bob, "Undo", aptest.Doc{"type": "Like", "object": r.article.ObjectURI, "content": ":cat:"})}
		}, "undone", "1 likes 0 boosts 1 reactions"},
		{"emoji undone before it came", func(r *receiver, bob *aptest.Person) activities {
			like := do(bob, "Like", r.article.ObjectURI, aptest.Doc{"content": "🎉"})
			return activities{do(bob, "Undo", like.Activity), do(bob, "Undo", like.ID), like}
		}, "ignored:undone", "0 likes 0 boosts 0 reactions"},
		{"emoji undone by somebody else", func(r *receiver, bob *aptest.Person) activities {
			like := do(bob, "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": "🎉"})
			eve := r.remote.Person("eve")
			return activities{like, do(eve, "Undo", like.ID), do(eve, "Undo", aptest.Doc{
				"type": "EmojiReact", "object": r.article.ObjectURI, "content": "🎉",
			})}
		}, "ignored:unknown", "0 likes 0 boosts 1 reactions"},
		{"plain like undone, the emoji stays", func(r *receiver, bob *aptest.Person) activities {
			return activities{
				do(bob, "Like", r.article.ObjectURI), do(bob, "Like", r.article.ObjectURI, aptest.Doc{"content": "🎉"}),
				do(bob, "Undo", aptest.Doc{"type": "Like", "object": r.article.ObjectURI}),
			}
		}, "undone", "0 likes 0 boosts 1 reactions"},
		{"emoji", func(r *receiver, bob *aptest.Person) activities {
			return activities{
				do(bob, "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": "🎉"}),
				do(bob, "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": "👍"}),
			}
		}, "emoji", "0 likes 0 boosts 2 reactions"},
		{"emoji without one", func(r *receiver, bob *aptest.Person) activities {
			return activities{do(bob, "EmojiReact", r.article.ObjectURI)}
		}, "ignored:no-emoji", "0 likes 0 boosts 0 reactions"},
		{"emoji undone", func(r *receiver, bob *aptest.Person) activities {
			return activities{
				do(bob, "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": "🎉"}),
				do(bob, "EmojiReact", r.article.ObjectURI, aptest.Doc{"content": "👍"}),
				do(bob, "Undo", aptest.Doc{"type": "EmojiReact", "object": r.article.ObjectURI, "content": "👍"}),
			}
		}, "undone", "0 likes 0 boosts 1 reactions"},
	})
}

func testReactions(t *testing.T, tests []reactionTest) {
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			sent := tt.what(r, r.remote.Person("bob"))
			r.takes(sent...)
			r.wantOutcome(sent[len(sent)-1].ID, tt.last)
			if got := r.numbers(); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

func TestCommentReactions(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := r.reply(bob, r.article.ObjectURI, "halo")
	like, boost := do(bob, "Like", create.ObjectID), do(bob, "Announce", create.ObjectID)
	r.takes(create, like, do(bob, "Like", create.ObjectID), boost)
	c, err := r.store.CommentByObject(t.Context(), create.ObjectID)
	r.check(err)
	if c.Likes != 1 || c.Boosts != 1 {
		t.Errorf("%d likes, %d boosts, want 1 of each", c.Likes, c.Boosts)
	}
	if got := r.numbers(); got != "0 likes 0 boosts 2 reactions" {
		t.Errorf("of the article: %s", got)
	}
	r.takes(do(bob, "Undo", boost.Activity))
	if c, _ = r.store.Comment(t.Context(), c.ID); c.Boosts != 0 {
		t.Errorf("%d boosts after the Undo", c.Boosts)
	}
}

// TestLikeAndUndoAtOnce leaves no like that was taken back, whichever of both
// is worked on first.
func TestLikeAndUndoAtOnce(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.takes(r.reply(bob, r.article.ObjectURI, "known"))
	for range 100 {
		like := do(bob, "Like", r.article.ObjectURI)
		r.accept(like.Body)
		r.accept(do(bob, "Undo", like.Activity).Body)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				batch, err := r.service.ClaimInbound(t.Context(), 1)
				if err != nil || len(batch) == 0 {
					return
				}
				if err := r.service.ProcessBatch(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	r.work()
	if n := r.count(`select count(*) from reactions`); n != 0 {
		t.Errorf("%d likes are left", n)
	}
	if n := r.count(`select likes from articles where id = $1`, r.article.ID); n != 0 {
		t.Errorf("%d likes are counted", n)
	}
}

// In one batch, a reaction to what comes with it counts, and one to what is
// somebody else's is of no concern, whoever it is from.
func TestReactionsOfABatch(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.remote.Person("eve")
	r.takes(do(bob, "Like", r.article.ObjectURI))
	create := r.reply(bob, r.article.ObjectURI, "halo")
	comes := do(bob, "Like", create.ObjectID)
	elsewhere, stranger := do(bob, "Announce", "https://elsewhere.example/notes/1"), do(eve, "Like", "https://elsewhere.example/notes/1")
	gone := do(bob, "Like", origin+"/ap/objects/none")
	for _, sent := range []*aptest.Sent{comes, elsewhere, create, stranger, gone} {
		r.accept(sent.Body)
	}
	r.work()
	for sent, want := range map[*aptest.Sent]string{
		create: "comment", comes: "like", elsewhere: "ignored:not-ours", stranger: "ignored:not-ours", gone: "ignored:not-ours",
	} {
		r.wantOutcome(sent.ID, want)
	}
	if likes := r.count(`select likes from comments where object_uri = $1`, create.ObjectID); likes != 1 {
		t.Errorf("%d likes of the reply, want 1", likes)
	}
}
