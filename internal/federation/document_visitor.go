package federation

import (
	"html"
	"time"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// visitorPost builds the object of a comment that a visitor left on our page.
// Visitors are no actors that other servers could ask for, so it is the
// instance's, and says first whose words follow. It is sent to nobody: who
// follows the thread fetches it, and answers to it find their place.
func visitorPost(site blog.Site, c blog.Comment, a blog.Article, now time.Time) (*activitypub.Post, error) {
	rendered, err := blog.RenderVisitor(c)
	if err != nil {
		return nil, err
	}
	content := "<p>" + html.EscapeString(c.Actor.Label()) + " (web):</p>\n" + rendered.HTML.String()
	return &activitypub.Post{
		ID: c.ObjectURI, Type: "Note", AttributedTo: site.Address().InstanceActor(),
		Content: content, MediaType: "text/html", ContentMap: activitypub.LangMap{{Lang: c.Language, Value: content}},
		URL:       activitypub.Links{activitypub.NewLink(site.Address().Comment(a.Slug, c.ID), "text/html")},
		Published: activitypub.At(c.Published), Updated: activitypub.At(c.Edited), InReplyTo: c.InReplyTo,
		To:      []string{activitypub.Public},
		Context: a.ObjectURI + "/context", Conversation: a.ObjectURI + "/context",
		Replies: repliesStub(c.ObjectURI),
		Likes:   activitypub.Counter(c.ObjectURI+"/likes", c.Likes), Shares: activitypub.Counter(c.ObjectURI+"/shares", c.Boosts),
		InteractionPolicy: interaction(site, a, site.Address().InstanceActor(), now),
	}, nil
}
