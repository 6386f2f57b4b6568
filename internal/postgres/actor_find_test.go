package postgres

import (
	"errors"
	"testing"

	"kabar/internal/blog"
)

func TestFindActor(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ana := addActor(t, s, blog.Remote, "ana", "a.test")
	addActor(t, s, blog.Remote, "ana", "b.test")
	addBlogActor(t, s)
	s.exec(t, `update actors set url = 'https://a.test/@ana' where id = $1`, ana.ID)
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"handle", "@ana@a.test", ana.URI},
		{"in another case, without the first at", " ANA@A.test ", ana.URI},
		{"page", "https://a.test/@ana", ana.URI},
		{"id", ana.URI, ana.URI},
		{"unknown", "@x@a.test", ""},
		{"a domain", "a.test", ""},
		{"ours", "@blog@b.test", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.FindActor(t.Context(), tt.in)
			if tt.want == "" && !errors.Is(err, blog.ErrNotFound) {
				t.Errorf("got %v, %v", got.URI, err)
			}
			differ(t, "id", tt.want, got.URI)
		})
	}
}
