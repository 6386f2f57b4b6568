package site

import (
	"strings"

	"kabar/internal/blog"
	"kabar/web/templates"
)

// stage turns comments into what a page shows, until it is full.
type stage struct {
	who  *people
	base string // address of the article
	left int    // comments that still find room
}

func (p *Part) stage(who *people, a blog.Article) *stage {
	return &stage{who: who, base: p.Page.Absolute(articlePath(a)), left: threadSize}
}

// stand shows comments that answer the same one, parent, and says how many
// did not find room.
func (s *stage) stand(nodes []*blog.Node, parent string, level int) (shown []templates.Comment, rest int) {
	for i, n := range nodes {
		if s.left <= 0 {
			return shown, len(nodes) - i
		}
		s.left--
		c := s.comment(n.Comment, parent)
		if level == threadDepth {
			rest = len(n.Replies)
		} else {
			c.Replies, rest = s.stand(n.Replies, c.Author.DisplayName(), level+1)
		}
		if rest > 0 {
			c.More, c.MoreCount = moreOf(n, len(c.Replies)), rest
		}
		shown = append(shown, c)
	}
	return shown, 0
}

func (s *stage) comment(c blog.Comment, parent string) templates.Comment {
	made := templates.Comment{ID: c.ID.String(), AnswersTo: parent}
	if !c.Shown() {
		made.State = removal(c)
		return made
	}
	made.Author, made.ByAuthor = s.who.person(c.Actor), c.ByAuthor()
	made.URL, made.ReplyURI, made.Software = webAddress(c.URL), c.ObjectURI, c.Actor.Software
	if made.URL == "" {
		made.URL = webAddress(c.ObjectURI)
	}
	if c.Local {
		made.URL = s.base + "#c-" + made.ID
	}
	made.Language, made.Published, made.Edited = c.Language, c.Published, c.Edited
	made.Warning, made.ContentHTML = c.Warning, c.HTML.HTML()
	made.Likes, made.Boosts = c.Likes, c.Boosts
	for _, a := range c.Attachments {
		if file := attachment(a, c.Sensitive); file.URL != "" {
			made.Attachments = append(made.Attachments, file)
		}
	}
	return made
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

// attachment is a file at its own server: it is linked, since a picture would
// send every reader's browser there.
func attachment(a blog.Attachment, sensitive bool) templates.Attachment {
	major, _, _ := strings.Cut(a.Type, "/")
	kind := map[string]string{"image": "picture", "video": "video", "audio": "audio"}[major]
	if kind == "" {
		kind = "file"
	}
	return templates.Attachment{
		Kind: kind, URL: webAddress(a.URL), Description: a.Description, Width: a.Width, Height: a.Height, Sensitive: sensitive,
	}
}
