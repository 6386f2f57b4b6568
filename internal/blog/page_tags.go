package blog

import (
	"strings"

	"github.com/google/uuid"
)

// Page tags say what a rendered page shows. A page carries the tags of all
// that it shows; a change names the tags of what it changed, and every page
// that carries one of them is dropped.
const (
	// PageSite is carried by every page: the settings, and what else stands
	// on all of them.
	PageSite = "site"
	// PageList is carried by what lists articles: the front page, the archive,
	// the pages of tags and authors, feeds, the sitemap and the outbox. It
	// changes when an article is published, edited or deleted, and when the
	// profile of somebody who may stand in bylines is. For the
	// counters that a list shows it carries PageArticle of each article too.
	PageList = "list"
)

// PageArticle is carried by what shows an article, its comments, its reactions
// or their numbers.
func PageArticle(id uuid.UUID) string { return "article:" + id.String() }

// PagedArticle is the article of a PageArticle.
func PagedArticle(tag string) (id uuid.UUID, ok bool) {
	text, ok := strings.CutPrefix(tag, "article:")
	if !ok {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(text)
	return id, err == nil
}

// PageActor is carried by what shows somebody's name or picture, and, for one
// of ours, the number of followers.
func PageActor(id uuid.UUID) string { return "actor:" + id.String() }
