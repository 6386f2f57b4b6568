package site

import (
	"context"
	"html/template"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/web/templates"
)

// stage turns comments into what a page shows.
type stage struct {
	who   *people
	path  string // of the article
	base  string // its whole address
	id    string // of the article
	alone bool   // one comment with what is around it: no page of the conversation
	// answerable: visitors of the web may answer.
	answerable bool

	responses map[uuid.UUID][]blog.Response
	coming    chan reading // what becomes of them
}

// reading is what people did to all that a page shows, or why that is not known.
type reading struct {
	responses map[uuid.UUID][]blog.Response
	err       error
}

// stage reads what the comments of a page need beside themselves, once for all:
// the copies of remote files, and what people did to them, which the database
// finds out while the page is being made.
func (p *Part) stage(ctx context.Context, who *people, a blog.Article, t blog.Thread) (*stage, error) {
	s := &stage{who: who, id: a.ID.String(), path: articlePath(a), base: p.Page.Absolute(articlePath(a))}
	var shown []uuid.UUID
	blog.Walk(t.Nodes, func(n *blog.Node) {
		if n.Comment.Shown() {
			shown = append(shown, n.Comment.ID)
		}
	})
	s.coming = make(chan reading, 1) // nobody may come for it
	go func() {
		responses, err := p.Page.Blog.Responses(ctx, append(shown, a.ID), faces)
		s.coming <- reading{responses, err}
	}()
	wanted := addresses{}
	blog.Walk(t.Nodes, func(n *blog.Node) {
		wanted.add(n.Comment.RemoteAddresses(), n.Comment.Actor)
		if n.Above != nil {
			wanted.add(nil, n.Above.Actor)
		}
	})
	var err error
	who.files, err = p.Page.Blog.RemoteFiles(ctx, wanted.list())
	return s, err
}

// addresses are those of files at other servers, each once.
type addresses map[string]bool

func (a addresses) add(files []string, actors ...blog.Actor) {
	for _, file := range files {
		a[file] = true
	}
	for _, actor := range actors {
		for _, file := range actor.RemoteAddresses() {
			a[file] = true
		}
	}
}

func (a addresses) list() []string {
	delete(a, "")
	return slices.Collect(maps.Keys(a))
}

// stand shows comments with all that belongs to them.
func (s *stage) stand(ctx context.Context, nodes []*blog.Node) ([]templates.Comment, error) {
	shown := s.place(nodes, "")
	come := <-s.coming
	if come.err != nil {
		return nil, come.err
	}
	s.responses = come.responses
	wanted := addresses{}
	for _, responses := range s.responses {
		for _, response := range responses {
			wanted.add([]string{response.URL}, response.Faces...)
		}
	}
	if err := s.who.copies(ctx, wanted); err != nil {
		return nil, err
	}
	s.react(nodes, shown)
	return shown, nil
}

// react adds what people did to the comments.
func (s *stage) react(nodes []*blog.Node, shown []templates.Comment) {
	for i, n := range nodes {
		shown[i].Reactions = s.who.reactions(s.responses[n.Comment.ID])
		s.react(n.Replies, shown[i].Replies)
	}
}

// place shows comments that answer the same one, parent.
func (s *stage) place(nodes []*blog.Node, parent string) []templates.Comment {
	shown := make([]templates.Comment, len(nodes))
	for i, n := range nodes {
		c := &shown[i]
		s.comment(c, &n.Comment, parent)
		if n.Above != nil {
			c.AnswersTo, c.AnswersURL = s.who.person(n.Above.Actor).DisplayName(), s.path+blog.CommentPlace(n.Above.ID)
		}
		c.Replies = s.place(n.Replies, c.Author.DisplayName())
		if n.Left > 0 {
			c.More, c.MoreCount, c.Apart = restOf(n), n.Left, s.alone
		}
	}
	return shown
}

// comment fills made, the place of a comment on the page.
func (s *stage) comment(made *templates.Comment, c *blog.Comment, parent string) {
	place := blog.CommentPlace(c.ID)
	made.ID, made.AnswersTo, made.Permalink = c.ID.String(), parent, s.path+place
	if !c.Shown() {
		made.State = removal(*c)
		return
	}
	made.Author, made.ByAuthor, made.FromWeb = s.who.person(c.Actor), c.ByAuthor(), c.FromWeb()
	made.URL, made.ReplyURI, made.Software = webAddress(c.URL), c.ObjectURI, c.Actor.Software
	if made.URL == "" {
		made.URL = webAddress(c.ObjectURI)
	}
	if made.Local = c.Local; c.Local {
		made.URL = s.base + place
	}
	made.Language, made.Published, made.Edited = c.Language, c.Published, c.Edited
	pictures := blog.EmojiPictures(c.Emojis, s.who.files)
	made.ContentHTML, made.Long = markup.Emojify(c.HTML, pictures).HTML(), long(c)
	if c.Warning != "" {
		made.Warning, made.WarningHTML = c.Warning, markup.EmojifyName(c.Warning, pictures).HTML()
	}
	made.Quote, made.QuoteURL, made.Poll = c.Quotes != "", s.base, c.Type == "Question"
	if made.Quote && c.ParentID != uuid.Nil {
		made.QuoteURL += blog.CommentPlace(c.ParentID)
	}
	made.Likes, made.Boosts = c.Likes, c.Boosts
	made.ReactionsURL = templates.ReactionsPath(made.ID)
	if s.answerable {
		made.RespondURL = templates.RespondToPath(s.id, made.ID)
	}
	for _, a := range c.Attachments {
		if file := s.who.part.Page.Attachment(a, *c, s.who.files); file.URL != "" {
			made.Attachments = append(made.Attachments, file)
		}
	}
}

// What is longer than this is folded.
const (
	longText  = 1500 // characters
	longLines = 24
)

// long reports whether a comment would fill the page by itself.
func long(c *blog.Comment) bool {
	html := c.HTML.String()
	return len(html) > longText && utf8.RuneCountInString(c.Text) > longText ||
		strings.Count(html, "<br")+strings.Count(html, "<p")+strings.Count(html, "<li") > longLines
}

// removal is why readers see a placeholder instead of a comment.
func removal(c blog.Comment) templates.CommentState {
	switch c.State {
	case blog.CommentDeleted:
		return templates.CommentDeleted
	case blog.Visible:
		return templates.CommentPrivate
	}
	return templates.CommentHidden
}

// reactions are what people did to an article or a comment.
func (p *people) reactions(responses []blog.Response) []templates.Reaction {
	made := make([]templates.Reaction, len(responses))
	for i, response := range responses {
		made[i] = templates.Reaction{Kind: response.Kind, Name: response.Content, Count: response.Count}
		if response.Kind == "emoji" {
			made[i].Emoji = p.emoji(response)
		}
		for _, face := range response.Faces {
			made[i].People = append(made[i].People, p.person(face))
		}
	}
	return made
}

// emoji is a custom emoji as its picture, or as its name while we have none.
func (p *people) emoji(r blog.Response) template.HTML {
	var pictures map[string]string
	if file, ok := p.files[r.URL]; ok {
		pictures = map[string]string{strings.Trim(r.Content, ":"): mediaPath(file.Name)}
	}
	return markup.EmojifyName(r.Content, pictures).HTML()
}
