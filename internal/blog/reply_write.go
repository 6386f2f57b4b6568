package blog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// writeReply checks what an author wrote and renders it into c.
func (s *Service) writeReply(ctx context.Context, site Site, c *Comment, r Reply) error {
	c.Markdown = strings.TrimSpace(strings.ReplaceAll(r.Markdown, "\r\n", "\n"))
	c.Warning = strings.Join(strings.Fields(r.Warning), " ")
	c.Sensitive = c.Warning != ""
	if r.Language != "" {
		c.Language = r.Language
	}
	if err := checkReply(*c); err != nil {
		return err
	}
	var err error
	if c.Attachments, err = s.replyAttachments(ctx, site, r.Attachments); err != nil {
		return err
	}
	answered, known, err := s.conversation(ctx, site, *c)
	if err != nil {
		return fmt.Errorf("whom the answer is to: %w", err)
	}
	if c.Private() && len(answered) == 0 {
		return &Invalid{Field: "comment", Problem: "nobody-to-answer"}
	}
	c.Mentions = append(answered, known...)
	rendered, err := s.renderReply(ctx, site, *c)
	if err != nil {
		return err
	}
	c.HTML, c.Text = rendered.HTML, rendered.Text
	c.Mentions = mentions(rendered.Mentions, append(namedIn(c.Mentions, rendered.Mentions), answered...))
	return nil
}

func checkReply(c Comment) error {
	switch {
	case c.Markdown == "":
		return &Invalid{Field: "text", Problem: "required"}
	case len(c.Markdown) > MaxReply:
		return &Invalid{Field: "text", Problem: "too-long", Detail: fmt.Sprint(MaxReply)}
	case !utf8.ValidString(c.Markdown+c.Warning) || strings.ContainsRune(c.Markdown+c.Warning, 0):
		return &Invalid{Field: "text", Problem: "not-text"}
	case len(c.Warning) > 500:
		return &Invalid{Field: "warning", Problem: "too-long", Detail: "500"}
	}
	return checkLanguage(c.Language)
}

// replyAttachments are pictures of the media store as a comment carries them.
// Their addresses begin with the blog's origin and MediaPath.
func (s *Service) replyAttachments(ctx context.Context, site Site, chosen []ReplyAttachment) ([]Attachment, error) {
	if len(chosen) > MaxReplyAttachments {
		return nil, &Invalid{Field: "attachments", Problem: "too-many", Detail: fmt.Sprint(MaxReplyAttachments)}
	}
	var list []Attachment
	for _, a := range chosen {
		description := strings.TrimSpace(a.Description)
		m, err := s.Media(ctx, a.Media)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil, &Invalid{Field: "attachments", Problem: "no-file", Detail: a.Media}
		case err != nil:
			return nil, fmt.Errorf("attachments: %w", err)
		case description == "":
			return nil, &Invalid{Field: "attachments", Problem: "description-missing", Detail: m.Filename}
		case !utf8.ValidString(description) || strings.ContainsRune(description, 0):
			return nil, &Invalid{Field: "attachments", Problem: "not-text"}
		case utf8.RuneCountInString(description) > MaxCaption:
			return nil, &Invalid{Field: "attachments", Problem: "too-long", Detail: fmt.Sprint(MaxCaption)}
		}
		list = append(list, Attachment{
			URL: site.Address().Media(m.Name), Type: m.Type, Description: description,
			Blurhash: m.Blurhash, Width: m.Width, Height: m.Height,
		})
	}
	return list, nil
}

// maxAbove is how many answers are followed up to find who takes part.
const maxAbove = 20

// conversation is whom an answer is to (nobody when that is one of ours), and
// who else its text can name without being looked for. In a private
// conversation these are those who are in it: nobody else is told of it.
func (s *Service) conversation(ctx context.Context, site Site, c Comment) (answered, known []Mention, err error) {
	private := c.Private()
	if !private {
		known = c.Mentions
	}
	for range maxAbove {
		if c.ParentID == uuid.Nil {
			break
		}
		if c, err = s.Comment(ctx, c.ParentID); err != nil {
			return nil, nil, err
		}
		if private && !c.Private() {
			break // the conversation became private below it
		}
		if c.Actor.Kind == Remote {
			known = append(known, Mention{Handle: c.Actor.Acct(), ActorURI: c.Actor.URI, URL: c.Actor.Page()})
			if answered == nil {
				answered = known[len(known)-1:]
			}
		}
		if !private {
			break // the others above are found when the answer is sent
		}
		known = append(known, site.strangers(c.Mentions)...)
	}
	return slices.Clone(answered), known, nil
}

// strangers are the people of other servers among those whom a comment names,
// under their full handles.
func (s Site) strangers(named []Mention) []Mention {
	var list []Mention
	for _, m := range named {
		rest, remote := strings.CutPrefix(m.ActorURI, "https://")
		if !remote {
			rest, remote = strings.CutPrefix(m.ActorURI, "http://")
		}
		if _, ours := s.Address().Local(m.ActorURI); ours || !remote {
			continue
		}
		host, _, _ := strings.Cut(rest, "/")
		if !strings.Contains(m.Handle, "@") {
			m.Handle += "@" + host
		}
		if m.URL == "" {
			m.URL = m.ActorURI
		}
		list = append(list, m)
	}
	return list
}
