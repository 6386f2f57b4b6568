package blog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

// number is an id that reads well in a table.
func number(n byte) uuid.UUID { return uuid.UUID{15: n} }

func said(n, parent byte, state State) Comment {
	return Comment{ID: number(n), ParentID: number(parent), State: state, Visibility: Public}
}

// outline draws a tree: 1(2(3)) 4, with a minus before what is not shown.
func outline(nodes []*Node) string {
	var parts []string
	for _, n := range nodes {
		part := string('0' + n.Comment.ID[15])
		if !n.Comment.Shown() {
			part = "-" + part
		}
		if len(n.Replies) > 0 {
			part += "(" + outline(n.Replies) + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " ")
}

func TestTree(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   []Comment
		want string
	}{
		{"nothing", nil, ""},
		{"nested in order", []Comment{said(1, 0, Visible), said(2, 1, Visible), said(3, 2, Visible), said(4, 0, Visible)}, "1(2(3)) 4"},
		{"child before parent", []Comment{said(2, 1, Visible), said(1, 0, Visible)}, "1(2)"},
		{"removed with an answer stays", []Comment{said(1, 0, CommentDeleted), said(2, 1, Visible)}, "-1(2)"},
		{"removed alone goes", []Comment{said(1, 0, CommentDeleted), said(2, 0, Visible)}, "2"},
		{"removed below removed goes", []Comment{said(1, 0, Hidden), said(2, 1, CommentDeleted)}, ""},
		{"parent on another page", []Comment{said(2, 9, Visible)}, "2"},
		{"a circle hangs nobody", []Comment{said(1, 2, Visible), said(2, 1, Visible), said(3, 0, Visible)}, "3"},
		{"its own parent", []Comment{said(1, 1, Visible), said(2, 0, Visible)}, "2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, outline(Tree(tt.in))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
