package federation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// tagEmoji is a custom emoji as Mastodon tells it.
func tagEmoji(name, address string) aptest.Doc {
	return aptest.Doc{
		"type": "Emoji", "id": "https://e.example/" + name, "name": name,
		"icon": aptest.Doc{"type": "Image", "mediaType": "image/png", "url": address},
	}
}

// come takes a note and returns the comment that it became.
func (r *receiver) come(n aptest.Note) blog.Comment {
	r.t.Helper()
	n.InReplyTo = r.article.ObjectURI
	bob := r.remote.Person("bob")
	create := bob.Prepare(bob.Compose(n))
	r.takes(create)
	c, err := r.store.CommentByObject(r.t.Context(), create.ObjectID)
	r.check(err)
	return c
}

func TestEmojis(t *testing.T) {
	t.Parallel()
	many := []any{}
	for i := range 500 {
		many = append(many, tagEmoji(fmt.Sprintf(":e%d:", i), fmt.Sprintf("https://e.example/%d.png", i)))
	}
	manyNames := strings.Builder{}
	for i := range 500 {
		fmt.Fprintf(&manyNames, ":e%d:", i)
	}
	kopi := blog.Emoji{Shortcode: "kopi", URL: "https://e.example/kopi.png"}
	tests := []struct {
		name, content, warning string
		tags                   []any
		want                   []blog.Emoji
	}{
		{"in the text", "halo :kopi:", "", []any{tagEmoji(":kopi:", kopi.URL)}, []blog.Emoji{kopi}},
		{"in the warning", "halo", "awas :kopi:", []any{tagEmoji(":kopi:", kopi.URL)}, []blog.Emoji{kopi}},
		{"without colons", "halo :kopi:", "", []any{tagEmoji("kopi", kopi.URL)}, []blog.Emoji{kopi}},
		{"not used", "halo", "", []any{tagEmoji(":kopi:", kopi.URL)}, nil},
		{"twice", ":kopi::kopi:", "", []any{tagEmoji(":kopi:", kopi.URL), tagEmoji(":kopi:", "https://e.example/2.png")}, []blog.Emoji{kopi}},
		{"markup", `:<b>x</b>: :"onload="x:`, "", []any{tagEmoji(":<b>x</b>:", kopi.URL), tagEmoji(`:"onload="x:`, kopi.URL)}, nil},
		{"script as address", ":kopi:", "", []any{tagEmoji(":kopi:", "javascript:alert(1)")}, nil},
		{"data as address", ":kopi:", "", []any{tagEmoji(":kopi:", "data:image/svg+xml,<svg/>")}, nil},
		{"no icon", ":kopi:", "", []any{aptest.Doc{"type": "Emoji", "name": ":kopi:"}}, nil},
		{"icon as address", ":kopi:", "", []any{aptest.Doc{"type": "Emoji", "name": ":kopi:", "icon": kopi.URL}}, []blog.Emoji{kopi}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			c := r.come(aptest.Note{Content: tt.content, Summary: tt.warning, Extra: aptest.Doc{"tag": tt.tags}})
			if diff := cmp.Diff(tt.want, c.Emojis); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	t.Run("500", func(t *testing.T) {
		t.Parallel()
		r := newReceiver(t)
		c := r.come(aptest.Note{Content: manyNames.String(), Extra: aptest.Doc{"tag": many}})
		if n := len(c.Emojis); n == 0 || n > 64 {
			t.Errorf("%d emoji", n)
		}
	})
}

// TestEmojisOfName: whatever stands in a name, few pictures come of it.
func TestEmojisOfName(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	r.takes(do(bob, "Like", r.article.ObjectURI))
	update := func(name string, tags []any) blog.Actor {
		profile := aptest.Doc{
			"id": bob.ID(), "type": "Person", "inbox": bob.Inbox(), "preferredUsername": "bob", "name": name, "tag": tags,
		}
		r.takes(bob.Prepare(aptest.Doc{"type": "Update", "object": profile}))
		known, err := r.store.RemoteActor(t.Context(), bob.ID())
		r.check(err)
		a, err := r.store.Actor(t.Context(), known.ID)
		r.check(err)
		return a
	}
	a := update("Bob :kopi: <b>", []any{tagEmoji(":kopi:", "https://e.example/k.png"), tagEmoji(":teh:", "https://e.example/t.png")})
	if diff := cmp.Diff([]blog.Emoji{{Shortcode: "kopi", URL: "https://e.example/k.png"}}, a.Emojis); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var tags []any
	name := ""
	for i := range 500 {
		code := fmt.Sprintf(":%c%c:", 'a'+i/26%26, 'a'+i%26)
		name += code
		tags = append(tags, tagEmoji(code, "https://e.example/"+fmt.Sprint(i)))
	}
	a = update(name, tags)
	shown := markup.EmojifyName(a.Name, blog.EmojiPictures(a.Emojis, map[string]blog.RemoteFile{"https://e.example/0": {Name: "x.webp"}}))
	if n := len(a.Emojis); n == 0 || n > 20 || strings.Count(shown.String(), "<img") != 1 {
		t.Errorf("%d emoji, %s", n, shown)
	}
	if a = update("Bob", tags); a.Emojis != nil {
		t.Errorf("still %v", a.Emojis)
	}
}

func TestEmojiOfReaction(t *testing.T) {
	t.Parallel()
	const picture = "https://e.example/k.png"
	tests := []struct {
		name, kind, content string
		tag                 aptest.Doc
		want                string
	}{
		{"Pleroma", "EmojiReact", ":kopi:", tagEmoji(":kopi:", picture), picture},
		{"Misskey", "Like", ":kopi:", tagEmoji(":kopi:", picture), picture},
		{"Misskey, of another server", "Like", ":kopi@c.example:", tagEmoji(":kopi@c.example:", picture), picture},
		{"another emoji", "Like", ":kopi:", tagEmoji(":teh:", picture), ""},
		{"a character", "EmojiReact", "☕", tagEmoji(":kopi:", picture), ""},
		{"no picture", "EmojiReact", ":kopi:", aptest.Doc{}, ""},
		{"bad address", "EmojiReact", ":kopi:", tagEmoji(":kopi:", "file:///etc/passwd"), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t)
			bob := r.remote.Person("bob")
			r.takes(do(bob, "Announce", r.article.ObjectURI)) // makes bob known: the next goes with the batch
			r.takes(bob.Prepare(aptest.Doc{"type": tt.kind, "object": r.article.ObjectURI, "content": tt.content, "tag": []any{tt.tag}}))
			var got string
			r.scan(`select coalesce(max(emoji_url), '') from reactions where content <> ''`, nil, &got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAttachments(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	c := r.come(aptest.Note{Content: "halo", Type: "Question", Extra: aptest.Doc{"attachment": []any{
		aptest.Doc{"type": "Video", "mediaType": "video/mp4", "url": "https://m.example/a.mp4", "icon": aptest.Doc{"type": "Image", "url": "https://m.example/a.jpg"}},
		aptest.Doc{"type": "Image", "mediaType": "image/png", "url": "https://m.example/a.png", "width": -4, "height": 1 << 30, "blurhash": `LEHV6nWB2yk8pyo0adR*.7kCMdnj`},
		aptest.Doc{"type": "Image", "url": "https://m.example/b.png", "blurhash": `"><script>`},
		aptest.Doc{"type": "Link", "href": "https://l.example/card"},
		aptest.Doc{"type": "Page", "mediaType": "text/html", "url": "https://l.example/card"},
		aptest.Doc{"type": "Audio", "mediaType": "audio/ogg", "url": "file:///etc/passwd"},
	}}})
	want := []blog.Attachment{
		{URL: "https://m.example/a.mp4", Type: "video/mp4", Preview: "https://m.example/a.jpg"},
		{URL: "https://m.example/a.png", Type: "image/png", Blurhash: "LEHV6nWB2yk8pyo0adR*.7kCMdnj"},
		{URL: "https://m.example/b.png", Type: "image/*"},
	}
	if diff := cmp.Diff(want, c.Attachments); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if c.Type != "Question" {
		t.Errorf("type %q", c.Type)
	}
}

// TestPollVotes: the Updates that a poll is sent with for every vote leave no
// mark and no version.
func TestPollVotes(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	choices := func(votes int) aptest.Doc {
		return aptest.Doc{"oneOf": []aptest.Doc{{"type": "Note", "name": "a", "replies": aptest.Doc{"type": "Collection", "totalItems": votes}}}}
	}
	create := bob.Prepare(bob.Compose(aptest.Note{Type: "Question", Content: "yang mana?", InReplyTo: r.article.ObjectURI, Extra: choices(0)}))
	r.takes(create)
	r.takes(update(bob, create, r.now(), choices(5)))
	c, err := r.store.CommentByObject(t.Context(), create.ObjectID)
	r.check(err)
	versions, err := r.store.CommentVersions(t.Context(), c.ID)
	r.check(err)
	if !c.Edited.IsZero() || len(versions) != 0 || c.Text != "yang mana?\n\na" {
		t.Errorf("edited %s, %d versions, %q", c.Edited, len(versions), c.Text)
	}
	r.takes(update(bob, create, r.now(), aptest.Doc{"content": "yang mana, ya?"}))
	versions, err = r.store.CommentVersions(t.Context(), c.ID)
	r.check(err)
	if len(versions) != 1 || versions[0].Text != "yang mana?\n\na" {
		t.Errorf("versions %+v", versions)
	}
}

// TestRemakeReadsEmoji: what an older version took in without its emoji gets
// them.
func TestRemakeReadsEmoji(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	c := r.come(aptest.Note{Content: ":kopi:", Type: "Question", Extra: aptest.Doc{"tag": []any{tagEmoji(":kopi:", "https://e.example/k.png")}}})
	r.exec(`update comments set policy = 1, emojis = null, type = ''`)
	r.exec(`delete from remote_media`)
	r.check(r.service.RemakeComments(t.Context()))
	again, err := r.store.Comment(t.Context(), c.ID)
	r.check(err)
	if diff := cmp.Diff(c, again); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := r.count(`select count(*) from remote_media join remote_media_uses on id = media_id`); n != 1 {
		t.Errorf("%d files are noted", n)
	}
}
