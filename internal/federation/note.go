package federation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// firstLook is when the parent of an unattached comment is looked for again;
// nextLooks are the waits after that one and the second.
const firstLook = time.Minute

var nextLooks = []time.Duration{time.Hour, 24 * time.Hour}

// MaxDepth is how deep answers nest; what is deeper stands beside what it
// answers. It bounds the recursion of everything that walks a thread.
const MaxDepth = 500

// create takes a reply as a comment.
func (r *receipt) create(ctx context.Context) error {
	o, err := r.post(ctx)
	if err != nil {
		return err
	}
	return r.comment(ctx, o, r.Actor)
}

// update changes a comment or a profile. A post that is not known is new here:
// its Create may still be on the way, or was never sent to us.
func (r *receipt) update(ctx context.Context) error {
	if o := r.activity.Object.First().Object; o != nil && o.IsActor() || r.activity.Object.ID() == r.Actor {
		return r.updateActor(ctx, o)
	}
	o, err := r.post(ctx)
	if err != nil {
		return err
	}
	return r.edit(ctx, o, r.Actor)
}

func (r *receipt) edit(ctx context.Context, o *activitypub.Object, owner string) error {
	actor, err := r.actorOf(ctx, owner)
	if err != nil {
		return err
	}
	c := r.newComment(o, actor)
	if !o.Updated.IsZero() { // also in the second in which it was written
		c.Edited = version(o.Updated, r.Now())
	}
	c.Done.Outcome = "updated"
	if _, _, err := r.readQuote(ctx, &c, o, actor); err != nil {
		return err
	}
	if err := r.judgeEdit(ctx, &c); err != nil {
		return err
	}
	found, err := r.Store.EditComment(ctx, c)
	if err != nil || found {
		return err
	}
	if err := r.comment(ctx, o, owner); err != nil {
		return err
	}
	// Its Create may have come meanwhile, with the text of before.
	_, err = r.Store.EditComment(ctx, c)
	return err
}

// post returns the object of a Create or Update: embedded, or fetched where
// only its id came.
func (r *receipt) post(ctx context.Context) (*activitypub.Object, error) {
	item := r.activity.Object.First()
	if item.Object != nil {
		return item.Object, checkPost(item.Object, r.Actor)
	}
	if !sameOrigin(item.ID, r.Actor) {
		return nil, refused("origin", item.ID)
	}
	o, err := r.fetch(ctx, item.ID)
	if err != nil {
		return nil, err
	}
	return o, checkPost(o, r.Actor)
}

// checkPost refuses what is not of that actor, and what is no comment.
func checkPost(o *activitypub.Object, actor string) error {
	authors := o.AttributedTo.IDs()
	switch {
	case o.ID == "" || printable(o.ID) != o.ID:
		return refused("no-id", "")
	case !sameOrigin(o.ID, actor):
		return refused("origin", o.ID)
	case len(authors) > 0 && !slices.Contains(authors, actor):
		return refused("attribution", authors[0])
	case !o.Is("Note", "Article", "Page", "Question"):
		return ignored("type")
	case o.IsVote():
		return ignored("vote")
	}
	return nil
}

// comment finds the place of a reply and puts it there.
func (r *receipt) comment(ctx context.Context, o *activitypub.Object, owner string) error {
	names, err := r.names(ctx, o)
	if err != nil {
		return err
	}
	_, local := r.site.Address().Local(o.Quote)
	if len(o.InReplyTo) == 0 && !names && !r.addressed(o) && !local {
		return ignored("no-reply")
	}
	actor, err := r.actorOf(ctx, owner)
	if err != nil {
		return err
	}
	c := r.newComment(o, actor)
	private := c.Private()
	quoted, quotes, err := r.readQuote(ctx, &c, o, actor)
	if err != nil {
		return err
	}
	place, err := r.place(ctx, c.InReplyTo)
	var v verdict
	switch {
	case err == nil:
		c.Put(place)
	case quotes && (errors.As(err, &v) || errors.Is(err, errNoParent)):
		c.InReplyTo = "" // it answers nothing of ours
		c.Put(quoted)
	case private && r.addressed(o) && errors.As(err, &v):
		// A letter to one of our authors: it belongs to no article.
	case names && !private && errors.As(err, &v) && elsewhere(v):
		c.mention()
	case c.InReplyTo == "":
		return ignored("no-reply")
	case errors.Is(err, errNoParent):
		c.RetryAt = r.Now().Add(firstLook)
		if !private {
			c.Done.Outcome = outcomeUnattached
		}
	default:
		return err
	}
	return r.addComments(ctx, c)
}

// elsewhere reports that a reply answers nothing of ours, as far as anybody can
// tell; what answers something of ours that is gone is no mention.
func elsewhere(v verdict) bool {
	switch v.outcome {
	case "ignored:elsewhere", "ignored:not-found", "ignored:too-deep":
		return true
	}
	return false
}

// mention makes of a comment a public post elsewhere that names one of ours.
func (c *NewComment) mention() {
	c.Mention, c.Done.Outcome = true, outcomeMention
}

// maxNamed bounds how many of the people whom a post names are looked at for
// ours.
const maxNamed = 20

// names reports whether a post names one of our actors: as an audience, or as
// a Mention.
func (r *receipt) names(ctx context.Context, o *activitypub.Object) (bool, error) {
	named := append(o.To.IDs(), o.CC.IDs()...)
	for _, tag := range o.Tag.Objects() {
		if tag.Is("Mention") {
			named = append(named, tag.Href)
		}
	}
	var ours []string
	for _, id := range named {
		if path, ok := r.site.Address().Local(id); ok && strings.HasPrefix(path, "/ap/actors/") && len(ours) < maxNamed {
			ours = append(ours, printable(id))
		}
	}
	if len(ours) == 0 {
		return false, nil
	}
	known, err := r.Store.KnownActors(ctx, ours)
	for _, a := range known {
		if a.Kind == blog.BlogActor || a.Kind == blog.AuthorActor {
			return true, err
		}
	}
	return false, err
}

// addressed reports whether one of our actors is named in to or cc.
func (r *receipt) addressed(o *activitypub.Object) bool {
	for _, id := range append(o.To.IDs(), o.CC.IDs()...) {
		if path, ok := r.site.Address().Local(id); ok && strings.HasPrefix(path, "/ap/actors/") {
			return true
		}
	}
	return false
}

// newComment reads a post as a comment that has no place yet.
func (r *receipt) newComment(o *activitypub.Object, actor KnownActor) NewComment {
	now := r.Now()
	c := NewComment{Comment: blog.Comment{
		ID: r.NewID(), ObjectURI: o.ID, InReplyTo: printable(o.InReplyTo.ID()),
		Actor:      blog.Actor{ID: actor.ID, URI: actor.URI},
		Visibility: blog.Visibility(o.Visibility(actor.Followers)), State: blog.Visible,
		Published: moment(o.Published, now), Created: now, InboundID: r.source(),
		Context: conversation(o), Replies: ownAddress(o, o.Replies.ID()),
	}}
	if o.Updated.After(o.Published) {
		c.Edited = version(o.Updated, now)
	}
	writeContent(&c.Comment, o)
	c.Done, c.Forward = r.done(outcomeComment), r.convinces()
	if !c.Shown() {
		c.Done.Outcome = outcomePrivate
	}
	return c
}

// conversation is the id of the collection that a post says it stands in, at
// whatever server (FEP-7888).
func conversation(o *activitypub.Object) string {
	if origin(o.Context) == "" {
		return ""
	}
	return printable(o.Context)
}

// source is the activity that a comment can be made from again: only one whose
// own word was believed.
func (r *receipt) source() int64 {
	if r.activity == nil || r.Forwarded || r.activity.Object.First().Object == nil {
		return 0
	}
	return r.ID
}

// moment is a time that a server told, or now where it cannot be.
func moment(t, now time.Time) time.Time {
	if t.IsZero() || t.After(now) || t.Year() < 1970 {
		return now
	}
	return t
}

// clocksDiffer is how far ahead of ours the clock of a server may be, as
// package httpsig has it for signatures.
const clocksDiffer = time.Hour

// version is the time of an edit as a server told it. It tells edits apart
// first of all, so it stays as it is while our clock may be the wrong one: with
// now in its place, edits that came before our clock was set back would seem newer.
func version(told, now time.Time) time.Time {
	if told.After(now.Add(clocksDiffer)) {
		return now
	}
	return told
}

// Put gives a comment its place.
func (c *NewComment) Put(p Place) {
	c.ArticleID = p.ArticleID
	switch {
	case p.Detached:
		c.ParentID, c.RootID, c.Depth = p.CommentID, p.RootID, min(p.Depth+1, MaxDepth)
		if !c.Private() {
			c.mention()
		}
	case p.CommentID == uuid.Nil:
		c.ParentID, c.RootID, c.Depth = uuid.Nil, c.ID, 0
	case p.Depth >= MaxDepth:
		c.ParentID, c.RootID, c.Depth = p.ParentID, p.RootID, p.Depth
	default:
		c.ParentID, c.RootID, c.Depth = p.CommentID, p.RootID, p.Depth+1
	}
}
