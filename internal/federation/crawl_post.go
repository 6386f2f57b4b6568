package federation

import (
	"context"
	"errors"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// doPost looks at a post that may belong to the conversation, and if it does,
// for the answers to it.
func (c *crawl) doPost(ctx context.Context, t task) error {
	r := &receipt{pass: c.pass, fetches: maxFetches}
	o := t.object
	if o == nil {
		var err error
		if o, err = r.fetch(ctx, t.address); err != nil {
			return err
		}
	}
	if o.ID != t.address {
		known, err := c.Store.KnownObjects(ctx, []string{o.ID})
		if err != nil || known[o.ID] {
			return err
		}
	}
	comment, err := r.found(ctx, o)
	var v verdict
	switch {
	case errors.As(err, &v), errors.Is(err, errNoParent):
		return nil // of no concern here
	case err != nil:
		return err
	}
	c.mu.Lock()
	c.found++
	c.mu.Unlock()
	if comment.State != blog.Visible && comment.State != blog.Waiting {
		return nil
	}
	return c.below(ctx, t, o, comment)
}

// below asks for the answers to a post that was found.
func (c *crawl) below(ctx context.Context, t task, o *activitypub.Object, comment NewComment) error {
	next := task{address: comment.Replies, depth: t.depth}
	if replies := o.Replies.First().Object; replies != nil && replies.IsCollection() {
		if err := c.take(ctx, next, replies, o.ID); err != nil {
			return err
		}
	} else if next.address != "" {
		c.add(next)
	}
	if comment.Context != "" {
		c.add(task{address: comment.Context, depth: t.depth})
	}
	return nil
}

// found takes a post as a comment whose own chain of inReplyTo reaches an
// object of ours: whatever listed it has no say in that (FEP-7888, "reverse
// inclusion"). Errors: a verdict, errNoParent, *unreachable, the database's.
func (r *receipt) found(ctx context.Context, o *activitypub.Object) (NewComment, error) {
	owner := o.AttributedTo.ID()
	if err := checkPost(o, owner); err != nil {
		return NewComment{}, err
	}
	v := blog.Visibility(o.Visibility(""))
	switch {
	case r.blocked(owner):
		return NewComment{}, refused("blocked", owner)
	case len(o.InReplyTo) == 0:
		return NewComment{}, ignored("no-reply")
	case v != blog.Public && v != blog.Unlisted:
		return NewComment{}, ignored("private")
	}
	place, err := r.place(ctx, printable(o.InReplyTo.ID()))
	if err != nil {
		return NewComment{}, err
	}
	actor, err := r.actorOf(ctx, owner)
	if err != nil {
		return NewComment{}, err
	}
	c := r.newComment(o, actor)
	c.InboundID, c.Done.ID = 0, 0
	c.Put(place)
	list := []NewComment{c}
	err = r.addComments(ctx, list...)
	return list[0], err // as it was judged
}
