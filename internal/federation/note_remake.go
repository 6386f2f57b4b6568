package federation

import (
	"context"
	"fmt"

	"kabar/activitypub"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// remakeBatch is how many comments are made again at a time.
const remakeBatch = 100

// Outdated is a comment of another server whose HTML was made by an older
// policy of the sanitiser.
type Outdated struct {
	Comment blog.Comment // ID, ObjectURI, HTML and Attachments are set
	Raw     []byte       // the activity that it came with; nil = none that is believed
}

// RemakeComments makes the HTML of comments again by the present policy: from
// what came in, or else, which can only take away, from what was made of it.
func (s *Service) RemakeComments(ctx context.Context) error {
	for {
		list, err := s.Store.OutdatedComments(ctx, markup.PolicyVersion, remakeBatch)
		if err != nil {
			return fmt.Errorf("remake comments: %w", err)
		}
		if len(list) == 0 {
			return nil
		}
		comments := make([]blog.Comment, len(list))
		for i, o := range list {
			comments[i] = remade(o)
		}
		if err := s.Store.RemakeComments(ctx, comments); err != nil {
			return fmt.Errorf("remake comments: %w", err)
		}
	}
}

func remade(o Outdated) blog.Comment {
	c := o.Comment
	activity, err := activitypub.Decode(o.Raw)
	if err == nil {
		if post := activity.Object.First().Object; post != nil && post.ID == c.ObjectURI {
			writeContent(&c, post)
			return c
		}
	}
	c.HTML = markup.Sanitize(c.HTML.String())
	c.Text = markup.Plain(c.HTML.String())
	c.Policy = markup.PolicyVersion
	return c
}
