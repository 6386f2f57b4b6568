package postgres

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// decision is a moderator's about single comments.
func decision(state blog.State, ids ...uuid.UUID) blog.Moderation {
	return blog.Moderation{
		Selection: blog.Selection{Comments: ids}, State: state, Reasons: []blog.Reason{{Rule: blog.RuleModerator}},
		Batch: newID(), At: at(60), NewID: newID,
	}
}

func moderate(t *testing.T, s *Store, m blog.Moderation) blog.Moderated {
	t.Helper()
	done, err := s.Moderate(t.Context(), m, audit("comment."+string(m.State)))
	check(t, err)
	return done
}

func undo(t *testing.T, s *Store, batch uuid.UUID) blog.Moderated {
	t.Helper()
	done, err := s.UndoModeration(t.Context(), batch, decision(""), audit("comment.undo"))
	check(t, err)
	return done
}

func TestModerate(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	public, private, loose := commentBy(ana, a, 1), commentBy(ana, a, 2), commentBy(ana, a, 3)
	private.Visibility = blog.Followers
	loose.ArticleID, loose.RootID = uuid.Nil, uuid.Nil
	addComments(t, s, public, private, loose)
	tests := []struct {
		name    string
		id      uuid.UUID
		state   blog.State
		want    int
		changed int
	}{
		{"hidden", public.ID, blog.Hidden, 0, 1},
		{"hidden becomes spam", public.ID, blog.Spam, 0, 1},
		{"visible again", public.ID, blog.Visible, 1, 1},
		{"visible twice", public.ID, blog.Visible, 1, 0},
		{"private hidden", private.ID, blog.Hidden, 1, 1},
		{"private visible", private.ID, blog.Visible, 1, 1},
		{"without an article", loose.ID, blog.Hidden, 1, 1},
		{"deleted", public.ID, blog.CommentDeleted, 0, 1},
	}
	for _, tt := range tests {
		done := moderate(t, s, decision(tt.state, tt.id))
		differ(t, tt.name+": changed", tt.changed, len(done.Comments))
		c, err := s.Comment(t.Context(), tt.id)
		check(t, err)
		differ(t, tt.name, tt.state, c.State)
		checkCount(t, s, a.ID, tt.want)
	}
	differ(t, "what is deleted stays so", 0, len(moderate(t, s, decision(blog.Visible, public.ID)).Comments))
	differ(t, "unknown", 0, len(moderate(t, s, decision(blog.Spam, newID())).Comments))
}

// states are the comments' states with what is left of their text.
func states(t *testing.T, s *Store, list ...blog.Comment) []string {
	t.Helper()
	var got []string
	for _, c := range list {
		c, err := s.Comment(t.Context(), c.ID)
		check(t, err)
		word := string(c.State) + " " + c.Text
		for _, r := range c.Reasons {
			word += " " + r.Rule
		}
		got = append(got, word)
	}
	return got
}

// TestUndoModeration takes each verdict back, over comments in every state.
func TestUndoModeration(t *testing.T) {
	t.Parallel()
	for _, state := range []blog.State{blog.Visible, blog.Waiting, blog.Hidden, blog.Spam, blog.CommentDeleted} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			a, ana, budi := talk(t, s)
			shown, waits, spam, other := commentBy(ana, a, 1), commentBy(ana, a, 2), commentBy(ana, a, 3), commentBy(budi, a, 4)
			waits.State, waits.Reasons = blog.Waiting, []blog.Reason{{Rule: "links", Detail: "4"}}
			spam.State = blog.Spam
			addComments(t, s, shown, waits, spam, other)
			before := states(t, s, shown, waits, spam, other)
			m := decision(state)
			m.Selection = blog.Selection{Actor: ana.ID}
			done := moderate(t, s, m)
			after := states(t, s, shown, waits, spam, other)
			if cmp.Equal(before, after) {
				t.Fatal("nothing changed")
			}
			differ(t, "another's", before[3], after[3])
			heard := hear(s)
			back := undo(t, s, done.Batch)
			differ(t, "all of them", len(done.Comments), len(back.Comments))
			differ(t, "as it was", before, states(t, s, shown, waits, spam, other))
			checkCount(t, s, a.ID, 2)
			differ(t, "tags", []string{blog.PageArticle(a.ID)}, *heard)
			undo(t, s, back.Batch)
			differ(t, "done again", after, states(t, s, shown, waits, spam, other))
			events, err := s.CommentHistory(t.Context(), waits.ID)
			check(t, err)
			if state != blog.Waiting {
				differ(t, "history", []blog.State{blog.Waiting, state, state, blog.Waiting, blog.Waiting, state}, []blog.State{
					events[0].Was, events[0].State, events[1].Was, events[1].State, events[2].Was, events[2].State,
				})
				differ(t, "what it took back", done.Batch, events[1].Undoes)
			}
		})
	}
}

func TestUndoLeavesWhatChangedSince(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	one, two := commentBy(ana, a, 1), commentBy(ana, a, 2)
	addComments(t, s, one, two)
	batch := moderate(t, s, decision(blog.Hidden, one.ID, two.ID)).Batch
	moderate(t, s, decision(blog.Spam, one.ID))
	moderate(t, s, decision(blog.Hidden, one.ID))
	differ(t, "undone", []uuid.UUID{two.ID}, undo(t, s, batch).Comments)
	differ(t, "states", []string{"hidden Well moderator", "visible Well"}, states(t, s, one, two))
	checkCount(t, s, a.ID, 1)
	differ(t, "a second time", 0, len(undo(t, s, batch).Comments))
	if _, err := s.UndoModeration(t.Context(), newID(), decision(""), audit("x")); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("unknown batch: %v", err)
	}
}

func TestModerateServer(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	sub := addActor(t, s, blog.Remote, "sub", "x.a.test:8443")
	alike := addActor(t, s, blog.Remote, "alike", "nota.test")
	list := []blog.Comment{commentBy(ana, a, 1), commentBy(budi, a, 2), commentBy(sub, a, 3), commentBy(alike, a, 4)}
	addComments(t, s, list...)
	m := decision(blog.Hidden)
	m.Selection = blog.Selection{Domain: "a.test"}
	moderate(t, s, m)
	differ(t, "states", []string{"hidden Well moderator", "visible Well", "hidden Well moderator", "visible Well"}, states(t, s, list...))
	checkCount(t, s, a.ID, 2)
}

// TestDeleteByModerator keeps another's comment until its time is over, and
// ends one of ours at once.
func TestDeleteByModerator(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	theirs, ours := commentBy(ana, a, 1), commentBy(ana, a, 2)
	ours.Actor, _ = s.LocalActor(t.Context(), blog.BlogActor, "")
	ours.Local = true
	addComments(t, s, theirs, ours)
	done := moderate(t, s, decision(blog.CommentDeleted, theirs.ID, ours.ID))
	differ(t, "final", []uuid.UUID{ours.ID}, done.Final)
	differ(t, "states", []string{"deleted Well moderator", "deleted "}, states(t, s, theirs, ours))
	differ(t, "told", 1, len(queued(t, s, "comment_changed")))
	checkCount(t, s, a.ID, 0)
	n, err := s.BlankRemoved(t.Context(), at(60))
	check(t, err)
	differ(t, "too early", 0, n)
	n, err = s.BlankRemoved(t.Context(), at(61))
	check(t, err)
	differ(t, "blanked", 1, n)
	differ(t, "after that", []string{"deleted  moderator", "deleted "}, states(t, s, theirs, ours))
	differ(t, "no way back", 0, len(undo(t, s, done.Batch).Comments))
	checkCount(t, s, a.ID, 0)
}
