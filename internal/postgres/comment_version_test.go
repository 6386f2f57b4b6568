package postgres

import (
	"fmt"
	"testing"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

func versions(t *testing.T, s *Store, c blog.Comment) []blog.CommentVersion {
	t.Helper()
	list, err := s.CommentVersions(t.Context(), c.ID)
	check(t, err)
	return list
}

// edit changes a comment that came in, as its author does.
func edit(t *testing.T, s *Store, c blog.Comment, minute int, change func(*blog.Comment)) {
	t.Helper()
	change(&c)
	c.Edited, c.Created = at(minute), at(minute)
	found, err := s.EditComment(t.Context(), federation.NewComment{Comment: c, Done: federation.Done{At: at(minute)}})
	check(t, err)
	differ(t, "found", true, found)
}

func TestCommentVersions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	c := commentBy(ana, a, 1)
	check(t, s.AddComments(t.Context(), federation.NewComment{Comment: c, Done: federation.Done{At: at(1)}}))
	differ(t, "before any edit", 0, len(versions(t, s, c)))
	second := func(c *blog.Comment) { c.HTML, c.Text = safe("<p>Second</p>"), "Second" }
	edit(t, s, c, 2, second)
	edit(t, s, c, 3, second) // nothing new
	edit(t, s, c, 4, func(c *blog.Comment) { second(c); c.Warning, c.Attachments = "hot", nil })
	want := []blog.CommentVersion{
		{Number: 2, HTML: safe("<p>Second</p>"), Text: "Second", Attachments: c.Attachments, Language: "id", At: at(3)},
		{Number: 1, HTML: c.HTML, Text: c.Text, Attachments: c.Attachments, Language: "id", At: at(1)},
	}
	differ(t, "after", want, versions(t, s, c))

	for i := range maxVersions {
		edit(t, s, c, 10+i, func(c *blog.Comment) { c.HTML = safe(fmt.Sprint(i)) })
	}
	list := versions(t, s, c)
	differ(t, "many", [3]int{maxVersions, maxVersions + 2, 3}, [3]int{len(list), list[0].Number, list[len(list)-1].Number})
	check(t, s.DeleteObject(t.Context(), federation.Deletion{URI: c.ObjectURI, Actor: ana.URI}, federation.Done{At: at(99)}))
	differ(t, "after the deletion", 0, len(versions(t, s, c)))
}

func TestCommentVersionsOfReply(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	c := commentBy(ana, a, 1)
	addComments(t, s, c)
	after := c
	after.HTML, after.Edited = safe("<p>Better</p>"), at(2)
	check(t, s.EditReply(t.Context(), after, blog.CommentChanged{}, audit("x")))
	differ(t, "versions", []blog.CommentVersion{
		{Number: 1, HTML: c.HTML, Text: c.Text, Attachments: c.Attachments, Language: "id", At: at(1)},
	}, versions(t, s, c))
	check(t, s.DeleteActor(t.Context(), budi.URI, federation.Done{At: at(3)}))
	differ(t, "after somebody else left", 1, len(versions(t, s, c)))
	check(t, s.DeleteActor(t.Context(), ana.URI, federation.Done{At: at(4)}))
	differ(t, "after its author left", 0, len(versions(t, s, c)))
}

// TestPollIsNotEdited: a poll comes again with every vote, from some servers
// with a new date.
func TestPollIsNotEdited(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, kind string
		change     func(*blog.Comment)
		want       int // minute of the mark; 0 = none
	}{
		{"a vote", "Question", func(*blog.Comment) {}, 0},
		{"another choice", "Question", func(c *blog.Comment) { c.HTML = safe("<ul><li>x</li></ul>") }, 5},
		{"a note", "", func(*blog.Comment) {}, 5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			a, ana, _ := talk(t, s)
			c := commentBy(ana, a, 1)
			c.Type = tt.kind
			check(t, s.AddComments(t.Context(), federation.NewComment{Comment: c, Done: federation.Done{At: at(1)}}))
			edit(t, s, c, 5, tt.change)
			got, err := s.Comment(t.Context(), c.ID)
			check(t, err)
			if got.Edited.IsZero() != (tt.want == 0) || tt.want != 0 && !got.Edited.Equal(at(tt.want)) {
				t.Errorf("edited %s", got.Edited)
			}
		})
	}
}
