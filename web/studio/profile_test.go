package studio_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestProfile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	if got := b.get("/studio"); got.doc.Find(`.whoami a[href="/studio/profile"]`).Length() != 1 {
		t.Error("the profile is not linked")
	}
	form := url.Values{
		"public": {"1"}, "display": {"Ratri \u202e<b>W</b>"}, "bio": {"Desa.\r\n<i>Data</i>."},
		"website": {"ratri.example"}, "fediverse": {"@ratri@danau.example"},
	}
	got := b.send("/studio/profile", form, map[string][]byte{"avatar": drawing(t)})
	if got.String() != "303 /studio/profile" {
		t.Fatalf("saved as %s\n%s", got, got.text)
	}
	saved, err := w.blog.Account(t.Context(), me.ID)
	check(t, err)
	if saved.Avatar == "" {
		t.Error("the picture was not taken")
	}
	want := blog.Profile{
		Public: true, Display: "Ratri <b>W</b>", Bio: "Desa.\n<i>Data</i>.", Website: "https://ratri.example",
		Fediverse: "ratri@danau.example", Avatar: saved.Avatar,
	}
	if diff := cmp.Diff(want, saved.Profile); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
	shown := b.get("/studio/profile")
	values := map[string]string{}
	shown.doc.Find("form.settings input, form.settings textarea").Each(func(_ int, field *goquery.Selection) {
		name, _ := field.Attr("name")
		values[name] = field.AttrOr("value", field.Text())
	})
	if diff := cmp.Diff("Desa.\n<i>Data</i>.", values["bio"]); diff != "" {
		t.Errorf("bio (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("@ratri@danau.example", values["fediverse"]); diff != "" {
		t.Errorf("handle (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("Ratri <b>W</b>", shown.say(".whoami strong")); diff != "" {
		t.Errorf("name in the corner (-want +got):\n%s", diff)
	}
	form.Set("avatar_remove", "1")
	form.Del("public")
	b.send("/studio/profile", form, nil)
	saved, err = w.blog.Account(t.Context(), me.ID)
	check(t, err)
	if saved.Avatar != "" || saved.Public {
		t.Errorf("after taking it back: %+v", saved.Profile)
	}
}

func TestProfileRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	for _, test := range []struct {
		name, field, value string
		files              map[string][]byte
	}{
		{name: "handle without a server", field: "fediverse", value: "ratri"},
		{name: "script", field: "website", value: "javascript:alert(1)"},
		{name: "name of nothing", field: "display", value: "\u200b"},
		{name: "long bio", field: "bio", value: strings.Repeat("x", 501)},
		{name: "no picture", field: "avatar", files: map[string][]byte{"avatar": []byte("GIF89a<script>")}},
	} {
		form := url.Values{"public": {"1"}}
		if test.value != "" {
			form.Set(test.field, test.value)
		}
		got := b.send("/studio/profile", form, test.files)
		if got.status != http.StatusUnprocessableEntity || got.doc.Find(`[name="`+test.field+`"][aria-invalid="true"]`).Length() != 1 {
			t.Errorf("%s: %s\n%s", test.name, got, got.say(".studio-main"))
		}
		if value := got.doc.Find(`[name="` + test.field + `"]`).First(); test.value != "" && value.AttrOr("value", value.Text()) != test.value {
			t.Errorf("%s: what was typed is gone", test.name)
		}
	}
	saved, err := w.blog.Account(t.Context(), me.ID)
	check(t, err)
	if diff := cmp.Diff(blog.Profile{}, saved.Profile); diff != "" {
		t.Error(diff)
	}
	if got := w.browser().post("/studio/profile", url.Values{"public": {"1"}}); got.status == http.StatusOK {
		t.Errorf("without signing in: %s", got)
	}
}

// public gives an account a public profile.
func (w *world) public(account uuid.UUID) {
	w.t.Helper()
	_, err := w.blog.ChangeProfile(w.t.Context(), uuid.Nil, account, func(p *blog.Profile) { p.Public = true })
	check(w.t, err)
}

func TestEditorDetails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	other := w.addAccount("lain", blog.Author)
	w.public(me.ID)
	w.public(other.ID)
	fresh := b.get("/studio/articles/new")
	if got := fresh.doc.Find(`[name="author"][checked]`).AttrOr("value", ""); got != me.ID.String() {
		t.Errorf("a new article is by %q", got)
	}
	form := url.Values{
		"title": {"Air"}, "source": {"Teks."}, "language": {"id"}, "do": {"publish"}, "series": {"Air Bersih"}, "part": {"2"},
		"author": {other.ID.String(), me.ID.String()}, "pinned": {"1"}, "history": {"1"}, "cover_caption": {"Satu"},
	}
	got := b.send("/studio/articles/new", form, nil)
	if got.status != http.StatusSeeOther {
		t.Fatalf("%s\n%s", got, got.say(".studio-main"))
	}
	id := uuid.MustParse(strings.TrimPrefix(got.location, "/studio/articles/"))
	a, err := w.blog.Article(t.Context(), id)
	check(t, err)
	if a.Pinned.IsZero() {
		t.Error("it is not pinned")
	}
	want := blog.Details{
		Series: "Air Bersih", Part: 2, History: true, Authors: []uuid.UUID{other.ID, me.ID}, CoverCaption: "Satu", Pinned: a.Pinned,
	}
	if diff := cmp.Diff(want, a.Details); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	shown := b.get(got.location)
	var order []string
	shown.doc.Find(`[name="author"]`).Each(func(_ int, box *goquery.Selection) { order = append(order, box.AttrOr("value", "")) })
	if diff := cmp.Diff([]string{other.ID.String(), me.ID.String()}, order); diff != "" {
		t.Errorf("order of authors (-want +got):\n%s", diff)
	}
	if known := shown.doc.Find(`#series-names option[value="Air Bersih"]`).Length(); known != 1 {
		t.Errorf("the series is offered %d times", known)
	}
	form.Set("revision", "1")
	form.Set("do", "update")
	form.Del("pinned")
	form.Set("part", "")
	if got := b.send(got.location, form, nil); got.status != http.StatusSeeOther {
		t.Fatalf("%s\n%s", got, got.say(".studio-main"))
	}
	a, err = w.blog.Article(t.Context(), id)
	check(t, err)
	if !a.Pinned.IsZero() || a.Part != 0 {
		t.Errorf("after taking back: %+v", a.Details)
	}
}

func TestEditorDetailsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Author)
	hidden := w.addAccount("diam", blog.Author)
	for _, test := range []struct{ name, field, value, problem string }{
		{"somebody without a profile", "author", hidden.ID.String(), "authors"},
		{"nobody", "author", "x", "authors"},
		{"no series", "series", "#", "series"},
		{"part that is no number", "part", "dua", "part"},
		{"part of nothing", "part", "0", "part"},
		{"long caption", "cover_caption", strings.Repeat("x", 501), "cover_caption"},
	} {
		form := url.Values{"title": {"T"}, "source": {"x"}, "language": {"id"}, "do": {"publish"}, "series": {"Air"}}
		form.Set(test.field, test.value)
		got := b.send("/studio/articles/new", form, nil)
		if got.status != http.StatusUnprocessableEntity || got.doc.Find("#"+test.problem+"-problem").Length() != 1 {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}

func TestCoAuthor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	other := w.addAccount("lain", blog.Author)
	w.public(me.ID)
	a, err := w.blog.Save(t.Context(), other.ID, blog.Save{Input: blog.DraftInput{
		Title: "Ours", Markdown: "x", Language: "id", Details: &blog.Details{Authors: []uuid.UUID{me.ID}},
	}, Publish: true})
	check(t, err)
	theirs := w.publish(other.ID, "Theirs")

	list := b.get("/studio/articles").say(".studio-main")
	if !strings.Contains(list, "Ours") || strings.Contains(list, "Theirs") {
		t.Errorf("the list is %q", list)
	}
	path := "/studio/articles/" + a.ID.String()
	if got := b.get(path); got.status != http.StatusOK || got.doc.Find(`[value="delete"]`).Length() != 0 {
		t.Errorf("the editor: %s", got)
	}
	form := url.Values{
		"title": {"Ours"}, "source": {"edited"}, "language": {"id"}, "revision": {"1"}, "do": {"update"}, "author": {me.ID.String()},
	}
	if got := b.send(path, form, nil); got.status != http.StatusSeeOther {
		t.Errorf("saving: %s", got)
	}
	if got := b.send(path, url.Values{"do": {"delete"}}, nil); got.status != http.StatusForbidden {
		t.Errorf("deleting: %s", got)
	}
	if got := b.get("/studio/articles/" + theirs.ID.String()); got.status != http.StatusForbidden {
		t.Errorf("another's: %s", got)
	}
	form.Set("revision", "2")
	form.Del("author")
	b.send(path, form, nil)
	if got := b.get(path); got.status != http.StatusForbidden {
		t.Errorf("after leaving the byline: %s", got)
	}
	now, err := w.blog.Article(t.Context(), a.ID)
	check(t, err)
	if slices.Contains(now.Authors, me.ID) || now.AccountID != other.ID {
		t.Errorf("now it is %v of %s", now.Authors, now.AccountID)
	}
}
