package site

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
	"kabar/web/templates"
)

func TestRemoval(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   blog.Comment
		want templates.CommentState
	}{
		{"deleted", blog.Comment{State: blog.CommentDeleted, Visibility: blog.Public}, templates.CommentDeleted},
		{"edited to private", blog.Comment{State: blog.Visible, Visibility: blog.Followers}, templates.CommentPrivate},
		{"hidden", blog.Comment{State: blog.Hidden, Visibility: blog.Public}, templates.CommentHidden},
		{"spam", blog.Comment{State: blog.Spam, Visibility: blog.Public}, templates.CommentHidden},
		{"hidden and then private", blog.Comment{State: blog.Hidden, Visibility: blog.Direct}, templates.CommentHidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, removal(tt.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
