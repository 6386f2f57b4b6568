package blog

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestAddressSlug(t *testing.T) {
	t.Parallel()
	type result struct {
		Slug string
		OK   bool
	}
	a := Address{Origin: "https://blog.example"}
	tests := []struct {
		name, in string
		want     result
	}{
		{"page", "https://blog.example/halo", result{"halo", true}},
		{"query and fragment", "https://blog.example/halo?x=1#c-2", result{"halo", true}},
		{"slash at the end", "https://blog.example/halo/", result{"halo", true}},
		{"escaped", "https://blog.example/%D9%85", result{"م", true}},
		{"another host", "https://other.example/halo", result{}},
		{"the host as a prefix", "https://blog.example.evil/halo", result{}},
		{"another scheme", "http://blog.example/halo", result{}},
		{"another port", "https://blog.example:8443/halo", result{}},
		{"front page", "https://blog.example/", result{}},
		{"below", "https://blog.example/ap/objects/x", result{}},
		{"escaped slash", "https://blog.example/a%2Fb", result{}},
		{"broken escape", "https://blog.example/%zz", result{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			slug, ok := a.Slug(tt.in)
			if diff := cmp.Diff(tt.want, result{slug, ok}); diff != "" && (ok || tt.want.OK) {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCommentID(t *testing.T) {
	t.Parallel()
	id := uuid.MustParse("0193fbd2-0000-7000-8000-000000000001")
	a := Address{Origin: "https://blog.example"}
	page := a.Page("halo")
	for _, in := range []string{a.Comment("halo", id), page + "#c-" + id.String(), page + "?c=" + id.String(), page + "?order=newest&c=" + id.String()} {
		if got, ok := CommentID(in); !ok || got != id {
			t.Errorf("%s: got %s, %v", in, got, ok)
		}
	}
	for _, in := range []string{"https://blog.example/halo", "https://blog.example/halo?c=x", "https://blog.example/halo?c=" + id.String() + "#top", "https://blog.example/halo#c-x", "#top"} {
		if got, ok := CommentID(in); ok {
			t.Errorf("%s: got %s", in, got)
		}
	}
}
