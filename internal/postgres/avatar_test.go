package postgres

import (
	"testing"
	"time"

	"kabar/internal/blog"
)

// TestAvatars follows pictures from their first claim to the page.
func TestAvatars(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	mika := addActor(t, s, blog.Remote, "mika", "a.test")
	s.exec(t, `update actors set avatar_url = 'https://a.test/mika.png' where id = $1`, mika.ID)
	addActor(t, s, blog.Remote, "faceless", "a.test")
	claim := func(minutes int) []Avatar {
		t.Helper()
		found, err := s.ClaimAvatars(t.Context(), at(minutes), time.Hour, 10)
		check(t, err)
		return found
	}
	want := []Avatar{{Actor: mika.ID, URL: "https://a.test/mika.png"}}
	differ(t, "first claim", want, claim(0))
	differ(t, "while it is tried", 0, len(claim(1)))
	differ(t, "after an hour", want, claim(61))
	check(t, s.ReleaseAvatars(t.Context(), want))
	differ(t, "given back", want, claim(62))

	var tags []string
	s.Changed = func(changed ...string) { tags = append(tags, changed...) }
	other := Avatar{Actor: mika.ID, URL: "https://a.test/old.png", Name: "old.webp"}
	check(t, s.SetAvatars(t.Context(), []Avatar{other}))
	differ(t, "pages after a copy of an older picture", 0, len(tags))
	want[0].Name = "new.webp"
	check(t, s.SetAvatars(t.Context(), want))
	differ(t, "pages", []string{blog.PageActor(mika.ID)}, tags)
	differ(t, "copy", []string{"new.webp"}, s.column(t, `select avatar from actors where handle = 'mika'`))
	differ(t, "claims of what is there", 0, len(claim(600)))
}

// TestSetupHash lets one of two take the setup link.
func TestSetupHash(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	read := func() string {
		t.Helper()
		hash, err := s.SetupHash(t.Context())
		check(t, err)
		return hash
	}
	differ(t, "before", "", read())
	check(t, s.SetSetupHash(t.Context(), "one"))
	check(t, s.SetSetupHash(t.Context(), "two"))
	differ(t, "the later one", "two", read())
	for _, tt := range []struct {
		name, in string
		want     bool
	}{{"replaced", "one", false}, {"present", "two", true}, {"taken", "two", false}} {
		ours, err := s.TakeSetupHash(t.Context(), tt.in)
		check(t, err)
		differ(t, tt.name, tt.want, ours)
	}
	differ(t, "after", "", read())
}
