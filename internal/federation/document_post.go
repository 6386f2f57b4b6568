package federation

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// maxEmbedded is the size of an activity's JSON from which on the language is
// told by nameMap (the content then stands once), and from which on a compact
// form is kept: Misskey refuses bodies over 64 KiB.
const maxEmbedded = 48 << 10

// article builds the object of an article. The same row always gives the same
// document, so what was delivered and what is fetched later are equal.
func (s *Service) article(ctx context.Context, site blog.Site, actor blog.Actor, a blog.Article) (*activitypub.Post, error) {
	rendered, err := s.Blog.RenderRemote(ctx, site, a)
	if err != nil {
		return nil, err
	}
	page := site.Address().Page(a.Slug)
	post := &activitypub.Post{
		ID: a.ObjectURI, Type: "Article", AttributedTo: actor.URI, Name: a.Title, Summary: a.Summary,
		Content: rendered.HTML.String(), MediaType: "text/html",
		URL:       activitypub.Links{activitypub.NewLink(page, "text/html")},
		Published: activitypub.At(a.Published), Updated: activitypub.At(a.Updated),
		To: []string{activitypub.Public}, CC: appendNew([]string{actor.URI + "/followers"}, actorURIs(a.Mentions)...),
		Context: a.ObjectURI + "/context", Conversation: a.ObjectURI + "/context",
		Tag:     append(hashtags(site, a.Tags), mentionTags(a.Mentions)...),
		Replies: repliesStub(a.ObjectURI),
		Likes:   activitypub.Counter(a.ObjectURI+"/likes", a.Likes),
		Shares:  activitypub.Counter(a.ObjectURI+"/shares", a.Boosts),
	}
	post.ContentMap = activitypub.LangMap{{Lang: a.Language, Value: post.Content}}
	if err := s.translate(ctx, site, a, post); err != nil {
		return nil, err
	}
	post.InteractionPolicy = interaction(site, a, actor.URI, s.Now())
	if a.Title == "" {
		post.Type = "Note"
		post.Attachment, err = s.attachments(ctx, site, a, rendered.Images)
		return post, err
	}
	if a.Cover != "" {
		post.Image = s.image(ctx, site, a.Cover, a.CoverAlt)
	}
	post.Preview = &activitypub.Post{Type: "Note", AttributedTo: actor.URI, Content: preview(a), Published: post.Published}
	return shrink(post, a.Language)
}

// shrink tells the language by nameMap when the document is long.
func shrink(post *activitypub.Post, language string) (*activitypub.Post, error) {
	body, err := activitypub.Marshal(post)
	if err != nil {
		return nil, err
	}
	if len(body) > maxEmbedded {
		post.ContentMap, post.SummaryMap = nil, nil
		if post.NameMap == nil {
			post.NameMap = activitypub.LangMap{{Lang: language, Value: post.Name}}
		}
	}
	return post, nil
}

// translate adds the translations of an article to its object: each of their
// texts stands in the maps, that of the article first.
func (s *Service) translate(ctx context.Context, site blog.Site, a blog.Article, post *activitypub.Post) error {
	changed, err := s.Blog.Translated(ctx, a.ID)
	if err != nil || changed.IsZero() {
		return err
	}
	if changed.After(a.Published) && changed.After(a.Updated) {
		post.Updated = activitypub.At(changed)
	}
	found, err := s.Blog.Translations(ctx, a.ID)
	if err != nil {
		return err
	}
	for _, t := range found[a.ID] {
		rendered, err := s.Blog.RenderRemote(ctx, site, t)
		if err != nil {
			return err
		}
		add(&post.ContentMap, a.Language, post.Content, t.Language, rendered.HTML.String())
		add(&post.NameMap, a.Language, post.Name, t.Language, t.Title)
		add(&post.SummaryMap, a.Language, post.Summary, t.Language, t.Summary)
	}
	return nil
}

// add puts a text in another language into a map that begins with the first.
func add(to *activitypub.LangMap, first, text, language, other string) {
	if other == "" {
		return
	}
	if len(*to) == 0 && text != "" {
		*to = activitypub.LangMap{{Lang: first, Value: text}}
	}
	*to = append(*to, activitypub.LangString{Lang: language, Value: other})
}

// preview is what servers show that do not render articles; without a link,
// since one would be crawled in place of the article.
func preview(a blog.Article) string {
	text := a.Summary
	if text == "" {
		text = a.Excerpt
	}
	return "<p><strong>" + html.EscapeString(a.Title) + "</strong></p>" + paragraphs(text)
}

// attachments are the pictures of a Note: other servers show none that stand
// in its text. An Article has none, since they would cost it the link preview.
func (s *Service) attachments(ctx context.Context, site blog.Site, a blog.Article, images []markup.Image) ([]*activitypub.Media, error) {
	var list []*activitypub.Media
	if a.Cover != "" {
		list = append(list, s.image(ctx, site, a.Cover, a.CoverAlt))
	}
	pictures, err := s.Blog.Pictures(ctx, a, images)
	if err != nil {
		return nil, err
	}
	for _, m := range pictures {
		if m.Name != a.Cover {
			list = append(list, s.image(ctx, site, m.Name, m.Description))
		}
	}
	return list, nil
}

// reply builds the object of an answer by one of our authors; place is its
// page, people are those it is addressed to, whom it answers first.
func reply(site blog.Site, c blog.Comment, place, conversation string, people []RemoteActor) (*activitypub.Post, error) {
	rendered, err := blog.RenderReply(site, c, place)
	if err != nil {
		return nil, err
	}
	content := greet(rendered.HTML.String(), c, people)
	cc := appendNew([]string{c.Actor.URI + "/followers"}, actorURIs(c.Mentions)...)
	return &activitypub.Post{
		ID: c.ObjectURI, Type: "Note", AttributedTo: c.Actor.URI, Summary: c.Warning, Sensitive: c.Sensitive,
		Content: content, MediaType: "text/html", ContentMap: activitypub.LangMap{{Lang: c.Language, Value: content}},
		URL:       activitypub.Links{activitypub.NewLink(place, "text/html")},
		Published: activitypub.At(c.Published), Updated: activitypub.At(c.Edited), InReplyTo: c.InReplyTo,
		To: []string{activitypub.Public}, CC: appendNew(cc, remoteURIs(people)...),
		Context: conversation, Conversation: conversation,
		Tag: mentionTags(c.Mentions), Attachment: files(c.Attachments),
		Replies: repliesStub(c.ObjectURI),
		Likes:   activitypub.Counter(c.ObjectURI+"/likes", c.Likes), Shares: activitypub.Counter(c.ObjectURI+"/shares", c.Boosts),
	}, nil
}

// files are the pictures of an answer, as Mastodon sends its own.
func files(attachments []blog.Attachment) []*activitypub.Media {
	var list []*activitypub.Media
	for _, a := range attachments {
		list = append(list, &activitypub.Media{
			Type: "Document", MediaType: a.Type, URL: a.URL, Name: a.Description,
			Width: a.Width, Height: a.Height, Blurhash: a.Blurhash,
		})
	}
	return list
}

// greet puts the mention of whom the answer is to in front of its text, as
// other servers' people are used to; our own page shows it by its place.
func greet(content string, c blog.Comment, people []RemoteActor) string {
	if len(people) == 0 || !slices.Contains(actorURIs(c.Mentions), people[0].URI) {
		return content // it is to one of ours
	}
	first := people[0]
	address := first.URL
	if address == "" {
		address = first.URI
	}
	if strings.Contains(content, `href="`+html.EscapeString(address)+`"`) {
		return content
	}
	mention := fmt.Sprintf(`<span class="h-card"><a href="%s" class="u-url mention">@<span>%s</span></a></span> `,
		html.EscapeString(address), html.EscapeString(first.Handle))
	if rest, ok := strings.CutPrefix(content, "<p>"); ok {
		return "<p>" + mention + rest
	}
	return "<p>" + mention + "</p>" + content
}

func repliesStub(object string) *activitypub.Collection {
	return &activitypub.Collection{ID: object + "/replies", Type: "Collection", First: activitypub.Ref(object + "/replies?page=true")}
}

func hashtags(site blog.Site, tags []string) []activitypub.Document {
	var docs []activitypub.Document
	seen := map[string]bool{}
	for _, tag := range tags {
		name := hashtagName(tag)
		if key := strings.ToLower(name); name != "" && !seen[key] {
			seen[key] = true
			docs = append(docs, activitypub.NewHashtag(site.Address().Tag(tag), "#"+name))
		}
	}
	return docs
}

// hashtagName makes one word of a tag: "media sosial" becomes mediaSosial,
// since hashtags hold neither blanks nor hyphens. Digits alone make none.
func hashtagName(tag string) string {
	var b strings.Builder
	raise := false
	for _, r := range tag {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '_', r == zeroWidthNonJoiner && b.Len() > 0:
			if raise && b.Len() > 0 {
				r = unicode.ToUpper(r)
			}
			raise = false
			b.WriteRune(r)
		default:
			raise = true
		}
	}
	name := strings.TrimRight(b.String(), string(zeroWidthNonJoiner))
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return ""
	}
	return name
}

// zeroWidthNonJoiner stands inside words of Persian and other languages.
const zeroWidthNonJoiner = '\u200C'

func mentionTags(mentions []blog.Mention) []activitypub.Document {
	var docs []activitypub.Document
	for _, m := range mentions {
		if m.ActorURI != "" {
			docs = append(docs, activitypub.NewMention(m.ActorURI, "@"+m.Handle))
		}
	}
	return docs
}

func actorURIs(mentions []blog.Mention) []string {
	var uris []string
	for _, m := range mentions {
		if m.ActorURI != "" {
			uris = append(uris, m.ActorURI)
		}
	}
	return uris
}

func remoteURIs(people []RemoteActor) []string {
	uris := make([]string, 0, len(people))
	for _, p := range people {
		uris = append(uris, p.URI)
	}
	return uris
}

func appendNew(list []string, more ...string) []string {
	seen := map[string]bool{}
	for _, s := range list {
		seen[s] = true
	}
	for _, s := range more {
		if !seen[s] {
			seen[s] = true
			list = append(list, s)
		}
	}
	return list
}
