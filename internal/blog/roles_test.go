package blog_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
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
		{"newsletter", blog.SendNewsletter, "aa----"},
		{"what does not exist", "fly", "------"},
	}
	rows := map[string]bool{}
	for _, tt := range tests {
		rows[string(tt.in)] = true
	}
	for _, do := range declaredActions(t) {
		if !rows[do] {
			t.Errorf("%s has no row", do)
		}
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

// declaredActions are the values of the constants of the type Action.
func declaredActions(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "roles.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Action" {
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, value)
		}
		return true
	})
	if len(list) < 9 {
		t.Fatalf("only %d actions were found: %q", len(list), list)
	}
	return list
}
