package federation

import (
	"strings"
	"testing"

	"kabar/activitypub"
)

func TestReactionEmoji(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"one character", "🎉", "🎉"},
		{"older symbol", "☕", "☕"},
		{"heart with variation", "❤️", "❤️"},
		{"skin tone", "👍🏽", "👍🏽"},
		{"family", "👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"},
		{"flag", "🇮🇩", "🇮🇩"},
		{"flag of tags", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"},
		{"keycap", "1️⃣", "1️⃣"},
		{"arrow", "↔️", "↔️"},
		{"plus", "+", ""},
		{"blank around", " 🎉 ", "🎉"},
		{"custom", ":blobcat:", ":blobcat:"},
		{"custom of the sender's server", ":blobcat@.:", ":blobcat:"},
		{"custom of a third server", ":blobcat@other.example:", ":blobcat:"},
		{"nothing", "", ""},
		{"a text", "hello", ""},
		{"two emoji", "🎉🎉", ""},
		{"an emoji and a text", "🎉a", ""},
		{"a joiner at the end", "👨‍", ""},
		{"markup in a name", ":<img src=x>:", ""},
		{"a name without end", ":blobcat", ""},
		{"a long name", ":" + strings.Repeat("a", 100) + ":", ""},
		{"stacked marks", "☕" + strings.Repeat("\u0300", 50), ""},
		{"right to left", "\u202E🎉", ""},
	} {
		if got := reactionEmoji(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestReactionOf(t *testing.T) {
	t.Parallel()
	const tag = `"tag":[{"type":"Emoji","name":":other:","icon":{"type":"Image","url":"https://a.example/o.png"}},
		{"type":"Emoji","name":":blobcat:","icon":{"type":"Image","url":"https://a.example/b.png"}}]`
	for _, tt := range []struct{ name, in, kind, emoji, picture string }{
		{"like", `{"type":"Like"}`, "like", "", ""},
		{"like with a text", `{"type":"Like","content":"nice"}`, "like", "", ""},
		{"like with an emoji", `{"type":"Like","content":"🎉"}`, "emoji", "🎉", ""},
		{"Misskey", `{"type":"Like","_misskey_reaction":"🎉"}`, "emoji", "🎉", ""},
		{"EmojiReact", `{"type":"EmojiReact","content":"🎉",` + tag + `}`, "emoji", "🎉", ""},
		{"custom", `{"type":"EmojiReact","content":":blobcat:",` + tag + `}`, "emoji", ":blobcat:", "https://a.example/b.png"},
		{"custom by Misskey", `{"type":"Like","content":":blobcat@.:",` + tag + `}`, "emoji", ":blobcat:", "https://a.example/b.png"},
		{"custom without picture", `{"type":"Like","content":":missing:",` + tag + `}`, "emoji", ":missing:", ""},
		{
			"a picture that is a script",
			`{"type":"Like","content":":x:","tag":{"type":"Emoji","name":":x:","icon":{"type":"Image","url":"javascript:alert(1)"}}}`,
			"emoji", ":x:", "",
		},
		{"EmojiReact with a text", `{"type":"EmojiReact","content":"nice"}`, "emoji", "", ""},
		{"boost", `{"type":"Announce","content":"🎉"}`, "boost", "", ""},
	} {
		o, err := activitypub.Decode([]byte(tt.in))
		if err != nil {
			t.Fatal(err)
		}
		kind, emoji, _ := reactionOf(o)
		if kind != tt.kind || emoji != tt.emoji || emojiURL(o, emoji) != tt.picture {
			t.Errorf("%s: %s %q %q", tt.name, kind, emoji, emojiURL(o, emoji))
		}
	}
}
