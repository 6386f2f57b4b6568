package blog_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// TestRoles holds the whole table: for each action a letter for each role,
// o = own things only, a = all, - = never.
func TestRoles(t *testing.T) {
	t.Parallel()
	roles := []blog.Role{blog.Owner, blog.Editor, blog.Author, blog.Moderator, "", "reader"}
	tests := []struct {
		name string
		in   blog.Action
		want string
	}{
		{"articles", blog.WriteArticle, "aao---"},
		{"answers", blog.WriteReply, "aaaa--"},
		{"changes of answers", blog.ChangeReply, "aaoo--"},
		{"verdicts", blog.ModerateComments, "aa-a--"},
		{"followers", blog.SeeFollowers, "aa-a--"},
		{"blocks", blog.BlockOthers, "a--a--"},
		{"deliveries", blog.SeeDeliveries, "aa----"},
		{"settings", blog.ChangeSite, "a-----"},
		{"what does not exist", "fly", "------"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			for _, role := range roles {
				got += letter(blog.Account{ID: uuid.New(), Role: role}, tt.in)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func letter(a blog.Account, do blog.Action) string {
	answers := fmt.Sprint(a.May(do, uuid.New()), a.May(do, uuid.Nil), a.MayAll(do), a.May(do, a.ID), a.MayOwn(do))
	switch answers {
	case "true true true true true":
		return "a"
	case "false false false true true":
		return "o"
	case "false false false false false":
		return "-"
	}
	return "?"
}
