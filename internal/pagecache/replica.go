package pagecache

import (
	"context"
	"net/http"
	"time"
)

// replicaTime is how long a render on the replica may take before it begins
// anew on the primary.
const replicaTime = 3 * time.Second

// Replica is a copy of the data that renders read which may be behind. A page
// made there is as good as any if nothing that it shows has changed since; one
// that is not, and whatever is no good page (it may be there by now), is made
// again on the primary. So a page shows all that this node has heard of.
type Replica interface {
	// Read returns the context of a render that reads on the replica, and the
	// count of changes (Cache.Changes) that it has for certain; false when it
	// cannot be used. present is the count that the reader knows.
	Read(ctx context.Context, present uint64) (_ context.Context, changes uint64, ok bool)
	// Failed hears why a render there failed.
	Failed(err error)
}

type primaryKey struct{}

// OnPrimary is a context for Serve that has the page, unless it is kept, made
// on the primary.
func OnPrimary(ctx context.Context) context.Context {
	return context.WithValue(ctx, primaryKey{}, true)
}

func onPrimary(ctx context.Context) bool { return ctx.Value(primaryKey{}) != nil }

type readKey struct{}

func withRead(ctx context.Context, changes uint64) context.Context {
	return context.WithValue(ctx, readKey{}, changes)
}

// ReadAt is the count of changes (Cache.Changes) whose effects the data has
// that a render with this context reads; false outside of renders.
func ReadAt(ctx context.Context) (changes uint64, ok bool) {
	changes, ok = ctx.Value(readKey{}).(uint64)
	return changes, ok
}

func (c *Cache) makeOnReplica(
	ctx context.Context, key string, tags []string, render func(context.Context) (Page, error),
) (*entry, bool) {
	if c.Replica == nil || onPrimary(ctx) {
		return nil, false
	}
	ctx, read, ok := c.Replica.Read(ctx, c.changes.Load())
	if !ok || c.changedSince(key, read) {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, replicaTime)
	defer cancel()
	e, err := c.render(ctx, read, key, tags, render)
	if err != nil {
		c.Replica.Failed(err)
		return nil, false
	}
	return e, c.fit(e)
}

// changedSince reports whether the page that was kept last under key shows
// something that has changed since: then a new one does, too, in all
// likelihood.
func (c *Cache) changedSince(key string, read uint64) bool {
	old, ok := c.pages.GetIfPresent(key)
	return ok && !c.unchanged(old.tags, read)
}

// Once renders a page that is not kept on the replica, when that has all
// changes that are known here; false when it does not, or when it is no good
// page.
func (c *Cache) Once(ctx context.Context, render func(context.Context) (Page, error)) (Page, bool) {
	if c.Replica == nil {
		return Page{}, false
	}
	present := c.changes.Load()
	ctx, read, ok := c.Replica.Read(ctx, present)
	if !ok || read < present {
		return Page{}, false
	}
	ctx, cancel := context.WithTimeout(withRead(ctx, read), replicaTime)
	defer cancel()
	p, err := render(ctx)
	if err != nil {
		c.Replica.Failed(err)
	}
	return p, err == nil && p.Status == http.StatusOK
}
