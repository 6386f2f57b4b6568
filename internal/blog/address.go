package blog

import (
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// Address makes every address of the blog from its origin, and reads them
// back. Ids of actors, objects and activities are opaque and never change;
// page addresses are human and may.
type Address struct{ Origin string }

// Actor is the id of an actor of ours.
func (a Address) Actor(id uuid.UUID) string { return a.Origin + "/ap/actors/" + id.String() }

// InstanceActor is the id of the actor that signs our fetches.
func (a Address) InstanceActor() string { return a.Origin + "/ap/actor" }

// Object is the id of an ActivityPub object of ours.
func (a Address) Object(id uuid.UUID) string { return a.Origin + "/ap/objects/" + id.String() }

// Activity is the id of an activity of ours.
func (a Address) Activity(id uuid.UUID) string { return a.Origin + "/ap/activities/" + id.String() }

// SharedInbox is the inbox of the whole blog.
func (a Address) SharedInbox() string { return a.Origin + "/ap/inbox" }

// Home is the front page.
func (a Address) Home() string { return a.Origin + "/" }

// Page is the page of an article.
func (a Address) Page(slug string) string { return a.Origin + "/" + url.PathEscape(slug) }

// Comment is the place of a comment on the page of its article.
func (a Address) Comment(slug string, id uuid.UUID) string { return a.Page(slug) + CommentPlace(id) }

// CommentPlace leads from the page of an article to a comment: the query picks
// the part of a long conversation that has it.
func CommentPlace(id uuid.UUID) string {
	text := id.String()
	return "?c=" + text + "#c-" + text
}

// Tag is the page of a tag.
func (a Address) Tag(tag string) string { return a.Origin + "/tags/" + url.PathEscape(TagKey(tag)) }

// Author is the page of an author.
func (a Address) Author(handle string) string { return a.Origin + "/authors/" + url.PathEscape(handle) }

// Media is the address of a file in the media store.
func (a Address) Media(name string) string { return a.Origin + MediaPath + name }

// MediaName is the file in the media store that an address of ours names.
func (a Address) MediaName(uri string) (string, bool) {
	name, ok := strings.CutPrefix(uri, a.Origin+MediaPath)
	return name, ok && name != "" && !strings.Contains(name, "/")
}

// MediaPath is the path below which the media store is served.
const MediaPath = "/-/media/"

// Local reports the path of uri below the origin, without query and
// fragment; ok is false when it belongs to another origin.
func (a Address) Local(uri string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(uri, a.Origin)
	if !ok || rest != "" && rest[0] != '/' && rest[0] != '?' && rest[0] != '#' {
		return "", false
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	return rest, true
}

// Slug reports the slug that uri names, if it is the page of an article.
func (a Address) Slug(uri string) (string, bool) {
	path, ok := a.Local(uri)
	if !ok {
		return "", false
	}
	slug, err := url.PathUnescape(strings.Trim(path, "/"))
	if err != nil || slug == "" || strings.Contains(slug, "/") {
		return "", false
	}
	return slug, true
}

// CommentID reports the comment that uri names by its fragment (#c-{id}), or
// without one by its query (?c={id}).
func CommentID(uri string) (uuid.UUID, bool) {
	address, name, ok := strings.Cut(uri, "#c-")
	if !ok {
		u, err := url.Parse(address)
		if err != nil || u.Fragment != "" {
			return uuid.Nil, false
		}
		name = u.Query().Get("c")
	}
	id, err := uuid.Parse(name)
	return id, err == nil
}
