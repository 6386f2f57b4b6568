package aptest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
)

// TestReplies looks at what a server lists below a note: what its own people
// answered, what was delivered, and what it was told.
func TestReplies(t *testing.T) {
	t.Parallel()
	ctx, ok := withTimeout(t), must(t)
	w := newWorld(t, aptest.WorldOptions{})
	home, other := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	note := ok(home.Person("bob").Post(ctx, aptest.Note{Content: "a"}))
	want := []string{
		ok(home.Person("ann").Reply(ctx, note.ObjectID, "b")).ObjectID,
		ok(other.Person("eve").Reply(ctx, note.ObjectID, "c")).ObjectID,
		"https://x.example/1",
	}
	home.List(note.ObjectID, "https://x.example/1", "https://x.example/1")
	served, err := other.Fetch(ctx, note.ObjectID+"/replies")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, served.First.First().Object.Items.IDs()); diff != "" {
		t.Error(diff)
	}
}

// TestCollectionPages walks along a collection of each kind.
func TestCollectionPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	s := start(t, w, aptest.Options{})
	type result struct {
		Items, Total int
		More         bool
	}
	five := []any{"https://x.example/1", "https://x.example/2", "https://x.example/3", "https://x.example/4", "https://x.example/5"}
	tests := []struct {
		name string
		in   aptest.Collection
		page string
		want result
	}{
		{"whole", aptest.Collection{Items: five}, "?page=1", result{5, -1, false}},
		{"paged", aptest.Collection{Items: five, PageSize: 2}, "?page=2", result{2, -1, true}},
		{"last", aptest.Collection{Items: five, PageSize: 2}, "?page=3", result{1, -1, false}},
		{"beyond", aptest.Collection{Items: five, PageSize: 2}, "?page=9", result{0, -1, false}},
		{"endless", aptest.Collection{Items: five, Endless: true}, "?page=9", result{5, -1, true}},
		{"head", aptest.Collection{Items: five, Ordered: true, Total: 99}, "", result{0, 99, false}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o, err := s.Fetch(withTimeout(t), s.ServeCollection("/c/"+tt.name, tt.in)+tt.page)
			if err != nil {
				t.Fatal(err)
			}
			got := result{len(o.Items) + len(o.OrderedItems), o.TotalItems, len(o.Next) > 0}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
