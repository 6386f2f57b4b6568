package postgres

import (
	"errors"
	"testing"

	"kabar/internal/blog"
)

func TestLocalActor(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	blogger, author := addBlogActor(t, s), addActor(t, s, blog.AuthorActor, "Ana", "b.test")
	remote := addActor(t, s, blog.Remote, "remote", "a.test")
	tests := []struct {
		name   string
		kind   blog.Kind
		handle string
		want   blog.Actor
		err    error
	}{
		{"blog", blog.BlogActor, "", blogger, nil},
		{"blog by another handle", blog.BlogActor, "old", blogger, nil},
		{"author in other case", blog.AuthorActor, "ana", author, nil},
		{"unknown author", blog.AuthorActor, "blog", blog.Actor{}, blog.ErrNotFound},
		{"no instance actor yet", blog.InstanceActor, "", blog.Actor{}, blog.ErrNotFound},
		{"remote", blog.Remote, "remote", blog.Actor{}, blog.ErrNotFound},
	}
	for _, tt := range tests {
		got, err := s.LocalActor(t.Context(), tt.kind, tt.handle)
		if !errors.Is(err, tt.err) {
			t.Errorf("%s: got %v", tt.name, err)
		}
		differ(t, tt.name, tt.want, got)
	}
	got, err := s.Actor(t.Context(), remote.ID)
	check(t, err)
	differ(t, "remote by id", remote, got)
	if _, err := s.Actor(t.Context(), newID()); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("unknown: got %v", err)
	}
}
