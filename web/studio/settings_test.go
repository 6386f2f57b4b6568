package studio_test

import (
	"net/http"
	"net/url"
	"testing"

	"kabar/internal/blog"
)

func settingsForm(more ...string) url.Values {
	form := url.Values{
		"title": {"Ruang Tengah"}, "description": {"Two\r\nlines"}, "handle": {"ruang"}, "actor_type": {"Group"}, "language": {"en"},
		"zone": {"Asia/Makassar"}, "field_name": {"Website", "", "Left"}, "field_value": {"https://ruang.example", "x", ""}, "indexable": {"1"},
		"signed_get": {"1"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = []string{more[i+1]}
	}
	return form
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	got := b.send("/studio/settings", settingsForm(), map[string][]byte{"icon": drawing(t)})
	differ(t, "answer", "303 /studio/settings", got.String())
	site, err := w.blog.Site(t.Context())
	check(t, err)
	if site.Icon == "" {
		t.Error("no icon")
	}
	want := blog.DefaultSite(w.url, "blog.test")
	want.Title, want.Description, want.Handle, want.ActorType = "Ruang Tengah", "Two\nlines", "ruang", "Group"
	want.Language, want.TimeZone, want.Discoverable, want.SignedGET = "en", "Asia/Makassar", false, true
	want.Fields, want.Icon, want.Ready = []blog.Field{{Name: "Website", Value: "https://ruang.example"}}, site.Icon, true
	differ(t, "settings", want, site)

	page := b.get("/studio/settings")
	differ(t, "said", "Saved.", page.say(".notice"))
	differ(t, "zone", "Asia/Makassar", page.say("#zone option[selected]"))
	differ(t, "switches", 2, page.doc.Find("[role=switch][checked]").Length())
}

func TestSettingsProblems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	tests := []struct {
		name  string
		in    url.Values
		files map[string][]byte
		field string
		want  string
	}{
		{"no title", settingsForm("title", " "), nil, "title", "This is required."},
		{"handle", settingsForm("handle", "a b"), nil, "handle", "Only letters, digits and underscores: a b"},
		{"zone", settingsForm("zone", "Mars"), nil, "zone", "This time zone is not known: Mars"},
		{"kind", settingsForm("actor_type", "Robot"), nil, "actor_type", "This kind of account is not known: Robot"},
		{"icon", settingsForm(), map[string][]byte{"icon": []byte("text")}, "icon", "This file is no PNG, JPEG, WebP or GIF image."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := b.send("/studio/settings", tt.in, tt.files)
			differ(t, "status", http.StatusUnprocessableEntity, got.status)
			differ(t, "says", tt.want, got.say("#"+tt.field+"-problem"))
			differ(t, "kept", tt.in.Get("handle"), got.doc.Find("#handle").AttrOr("value", ""))
		})
	}
	w.addFollower("mika", "danau.example")
	got := b.send("/studio/settings", settingsForm(), nil)
	differ(t, "with followers", "Cannot change, since there are followers.", got.say("#handle-problem"))
	differ(t, "locked", 1, got.doc.Find("#handle[readonly]").Length())
}
