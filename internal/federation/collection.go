package federation

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// pageSize is the number of items on a page of a collection, as Mastodon has it.
const pageSize = 60

// Page says which part of a collection is asked for.
type Page struct {
	Asked bool        // false = the collection itself
	After blog.Cursor // where the page before ended
}

// ParsePage reads ?page=true&at=…&id=…
func ParsePage(q url.Values) (Page, error) {
	if !q.Has("page") && !q.Has("id") {
		return Page{}, nil
	}
	p := Page{Asked: true}
	if !q.Has("id") {
		return p, nil
	}
	id, err := uuid.Parse(q.Get("id"))
	if err != nil {
		return Page{}, &blog.Invalid{Field: "id", Problem: "page", Detail: q.Get("id")}
	}
	p.After.ID = id
	if at := q.Get("at"); at != "" {
		if p.After.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return Page{}, &blog.Invalid{Field: "at", Problem: "page", Detail: at}
		}
	}
	return p, nil
}

func pageAddress(collection string, c blog.Cursor) string {
	q := url.Values{"page": {"true"}}
	if !c.IsZero() {
		q.Set("id", c.ID.String())
		q.Set("at", c.At.UTC().Format(time.RFC3339Nano))
	}
	return collection + "?" + q.Encode()
}

// collection is the head of an ordered collection with its pages below it.
func collection(id string, total int) *activitypub.Collection {
	return &activitypub.Collection{
		ID: id, Type: "OrderedCollection", TotalItems: &total, First: activitypub.Ref(pageAddress(id, blog.Cursor{})),
	}
}

// whole is an ordered collection without pages.
func whole(id string, items ...string) *activitypub.Collection {
	total := len(items)
	return &activitypub.Collection{ID: id, Type: "OrderedCollection", TotalItems: &total, OrderedItems: activitypub.Refs(items...)}
}

func page(id string, p Page, total int, items []activitypub.Document, next blog.Cursor) *activitypub.Collection {
	c := &activitypub.Collection{
		ID: pageAddress(id, p.After), Type: "OrderedCollectionPage", PartOf: id, TotalItems: &total, OrderedItems: items,
	}
	if len(items) == pageSize {
		c.Next = pageAddress(id, next)
	}
	return c
}

// localActor is an actor of ours whose collections are served.
func (s *Service) localActor(ctx context.Context, id uuid.UUID) (blog.Actor, error) {
	actor, err := s.Store.Actor(ctx, id)
	if err != nil {
		return blog.Actor{}, err
	}
	if actor.Kind != blog.BlogActor && actor.Kind != blog.AuthorActor {
		return blog.Actor{}, blog.ErrNotFound
	}
	return actor, nil
}

// Followers serves the followers of an actor of ours.
func (s *Service) Followers(ctx context.Context, actor uuid.UUID, p Page) ([]byte, error) {
	a, err := s.localActor(ctx, actor)
	if err != nil {
		return nil, fmt.Errorf("followers: %w", err)
	}
	id := a.URI + "/followers"
	total, err := s.Store.FollowersOf(ctx, a.ID)
	if err != nil {
		return nil, fmt.Errorf("followers: %w", err)
	}
	if !p.Asked {
		return activitypub.Marshal(collection(id, total))
	}
	followers, err := s.Store.FollowerURIs(ctx, a.ID, p.After, pageSize)
	if err != nil {
		return nil, fmt.Errorf("followers: %w", err)
	}
	items := []activitypub.Document{}
	var next blog.Cursor
	for _, f := range followers {
		items = append(items, activitypub.Ref(f.Actor.URI))
		next = blog.Cursor{At: f.Created, ID: f.Actor.ID}
	}
	return activitypub.Marshal(page(id, p, total, items, next))
}

// Following serves whom an actor of ours follows: nobody, so far.
func (s *Service) Following(ctx context.Context, actor uuid.UUID, p Page) ([]byte, error) {
	a, err := s.localActor(ctx, actor)
	if err != nil {
		return nil, fmt.Errorf("following: %w", err)
	}
	id := a.URI + "/following"
	if p.Asked {
		return activitypub.Marshal(page(id, p, 0, []activitypub.Document{}, blog.Cursor{}))
	}
	return activitypub.Marshal(collection(id, 0))
}

// Outbox serves what an actor of ours published, newest first.
func (s *Service) Outbox(ctx context.Context, actor uuid.UUID, p Page) ([]byte, error) {
	a, err := s.localActor(ctx, actor)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	id := a.URI + "/outbox"
	total, err := s.Store.OutboxCount(ctx, a.ID)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	if !p.Asked {
		return activitypub.Marshal(collection(id, total))
	}
	activities, err := s.Store.Outbox(ctx, a.ID, p.After.ID, pageSize)
	if err != nil {
		return nil, fmt.Errorf("outbox: %w", err)
	}
	items := []activitypub.Document{}
	var next blog.Cursor
	for _, activity := range activities {
		items = append(items, activitypub.Raw(activity.JSON))
		next = blog.Cursor{At: activity.Created, ID: activity.ID}
	}
	return activitypub.Marshal(page(id, p, total, items, next))
}

// InstanceOutbox is the outbox of the instance actor: it publishes nothing.
func (s *Service) InstanceOutbox(ctx context.Context) ([]byte, error) {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return nil, fmt.Errorf("instance outbox: %w", err)
	}
	return activitypub.Marshal(whole(site.Address().InstanceActor() + "/outbox"))
}

// Replies serves the comments that answer an object of ours, oldest first.
func (s *Service) Replies(ctx context.Context, object uuid.UUID, p Page) ([]byte, error) {
	o, err := s.object(ctx, object)
	if err != nil {
		return nil, fmt.Errorf("replies: %w", err)
	}
	id := o.uri + "/replies"
	part := ThreadPart{Parent: o.comment.ID}
	total, err := s.Store.ThreadCount(ctx, o.article.ID, part)
	if err != nil {
		return nil, fmt.Errorf("replies: %w", err)
	}
	items, next, err := s.threadItems(ctx, o.article.ID, part, p, pageSize)
	if err != nil {
		return nil, fmt.Errorf("replies: %w", err)
	}
	first := page(id, p, total, nil, next)
	first.Type, first.Items, first.OrderedItems = "CollectionPage", items, nil
	if len(items) == pageSize {
		first.Next = pageAddress(id, next)
	}
	if p.Asked {
		return activitypub.Marshal(first)
	}
	first.TotalItems = nil
	return activitypub.Marshal(&activitypub.Collection{ID: id, Type: "Collection", TotalItems: &total, First: first})
}

// Context serves the whole conversation about an article, in order of time,
// with the article first (FEP-f228).
func (s *Service) Context(ctx context.Context, object uuid.UUID, p Page) ([]byte, error) {
	o, err := s.object(ctx, object)
	if err != nil {
		return nil, fmt.Errorf("context: %w", err)
	}
	if o.comment.ID != uuid.Nil {
		return nil, fmt.Errorf("context: %w", blog.ErrNotFound)
	}
	id := o.uri + "/context"
	part := ThreadPart{Everything: true}
	total, err := s.Store.ThreadCount(ctx, o.article.ID, part)
	if err != nil {
		return nil, fmt.Errorf("context: %w", err)
	}
	if !p.Asked {
		head := collection(id, total+1)
		head.AttributedTo = o.actor.URI
		return activitypub.Marshal(head)
	}
	first := []activitypub.Document{}
	if p.After.IsZero() {
		first = activitypub.Refs(o.uri)
	}
	items, next, err := s.threadItems(ctx, o.article.ID, part, p, pageSize-len(first))
	if err != nil {
		return nil, fmt.Errorf("context: %w", err)
	}
	return activitypub.Marshal(page(id, p, total+1, append(first, items...), next))
}

func (s *Service) threadItems(ctx context.Context, article uuid.UUID, part ThreadPart, p Page, limit int) ([]activitypub.Document, blog.Cursor, error) {
	uris, err := s.Store.ThreadURIs(ctx, article, part, p.After, limit)
	if err != nil {
		return nil, blog.Cursor{}, err
	}
	items := []activitypub.Document{}
	var next blog.Cursor
	for _, u := range uris {
		items = append(items, activitypub.Ref(u.URI))
		next = u.Place
	}
	return items, next, nil
}

// Counter serves how many liked ("likes") or boosted ("shares") an object of
// ours; who is shown on its page.
func (s *Service) Counter(ctx context.Context, object uuid.UUID, name string) ([]byte, error) {
	o, err := s.object(ctx, object)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	likes, boosts := o.article.Likes, o.article.Boosts
	if o.comment.ID != uuid.Nil {
		likes, boosts = o.comment.Likes, o.comment.Boosts
	}
	total := likes
	if name == "shares" {
		total = boosts
	}
	return activitypub.Marshal(activitypub.Counter(o.uri+"/"+name, total))
}

// Tombstoned carries the document that stands for a deleted object.
type Tombstoned struct{ Document []byte }

func (*Tombstoned) Error() string { return "deleted" }

// Is makes it an ErrGone.
func (*Tombstoned) Is(target error) bool { return target == blog.ErrGone }
