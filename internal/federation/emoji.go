package federation

import (
	"slices"
	"strings"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// Bounds of the custom emoji that are kept of a post and of an actor.
const (
	maxNoteEmojis = 64
	maxNameEmojis = 20
)

// emojis are the custom emoji (Mastodon, "Emoji" in tag) that a text uses, each
// once; of two with one name the first counts. What is declared and not used
// is not fetched.
func emojis(o *activitypub.Object, text string, limit int) []blog.Emoji {
	var list []blog.Emoji
	for _, tag := range o.Tag.Objects() {
		if len(list) == limit {
			break
		}
		e, ok := emoji(tag)
		known := slices.ContainsFunc(list, func(other blog.Emoji) bool { return other.Shortcode == e.Shortcode })
		if ok && !known && strings.Contains(text, ":"+e.Shortcode+":") {
			list = append(list, e)
		}
	}
	return list
}

func emoji(tag *activitypub.Object) (e blog.Emoji, ok bool) {
	if !tag.Is("Emoji") {
		return e, false
	}
	if e.Shortcode, ok = markup.Shortcode(tag.Name); !ok {
		return e, false
	}
	icon := tag.Icon.First()
	address := icon.ID
	if icon.Object != nil {
		address = fileAddress(icon.Object)
	}
	e.URL, ok = markup.SafeURL(address)
	return e, ok
}

// fileAddress is where an Image, Document or Link leads.
func fileAddress(file *activitypub.Object) string {
	if link := file.URL.First(); link.ID != "" {
		return link.ID
	}
	return file.Href
}

// emojiURL is the picture of the custom emoji that a reaction is made with.
// Misskey names an emoji of another server :name@host:.
func emojiURL(activity *activitypub.Object, content string) string {
	name, _, _ := strings.Cut(strings.Trim(content, ":"), "@")
	if !strings.HasPrefix(content, ":") {
		return ""
	}
	for _, tag := range activity.Tag.Objects() {
		told, _, _ := strings.Cut(strings.Trim(tag.Name, ":"), "@")
		if icon := *tag; told == name {
			icon.Name = name
			if e, ok := emoji(&icon); ok {
				return e.URL
			}
		}
	}
	return ""
}
