package federation

import (
	"context"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// addSeed asks for the replies of a known comment, and for its conversation.
func (c *crawl) addSeed(s CrawlSeed, conversation bool) {
	asked := s.Replies != "" && c.add(task{address: s.Replies, seed: s.ID})
	if conversation && s.Context != "" {
		t := task{address: s.Context}
		if !asked {
			t.seed = s.ID
		}
		asked = c.add(t) || asked
	}
	if !asked {
		// There is nothing to be asked, or it is asked for another.
		c.mu.Lock()
		defer c.mu.Unlock()
		c.looked = append(c.looked, s.ID)
	}
}

func (c *crawl) doPage(ctx context.Context, t task) error {
	r := &receipt{pass: c.pass, fetches: 1}
	page, from, err := r.fetchPage(ctx, t.address)
	if err != nil {
		return err
	}
	return c.take(ctx, t, page, from)
}

// fetchPage is fetch for collections.
func (r *receipt) fetchPage(ctx context.Context, address string) (page *activitypub.Object, from string, err error) {
	err = r.within(ctx, address, func() (err error) {
		page, from, err = r.Client.Page(ctx, address)
		return err
	})
	return page, from, err
}

// take reads what stands in a collection or page that came from an address,
// and asks for the next page: only of the same server, and not for ever.
func (c *crawl) take(ctx context.Context, t task, page *activitypub.Object, from string) error {
	if t.met == nil {
		t.met = map[string]bool{}
	}
	news, err := c.items(ctx, t, append(page.Items, page.OrderedItems...), from)
	if err != nil {
		return err
	}
	follow := t
	follow.pages, follow.idle, follow.object = t.pages+1, t.idle+1, nil
	if news > 0 {
		follow.idle = 0
	}
	if follow.pages >= maxPagesEach || follow.idle > maxIdlePages {
		return nil
	}
	for _, item := range append(page.First, page.Next...) {
		if item.Object != nil && item.Object.IsCollection() && t.pages == 0 {
			// The first page came with its collection.
			if err := c.take(ctx, follow, item.Object, from); err != nil {
				return err
			}
		} else if sameOrigin(item.ID, from) {
			follow.address = item.ID
			c.add(follow)
		}
	}
	return nil
}

// items asks for those that are not known, and counts those that stood on no
// page of the collection before.
func (c *crawl) items(ctx context.Context, t task, items activitypub.Items, from string) (news int, err error) {
	fresh := items[:0:0]
	var ids []string
	for _, item := range items {
		if item.ID == "" || printable(item.ID) != item.ID || t.met[item.ID] {
			continue
		}
		t.met[item.ID] = true
		if news++; c.isNews(item.ID) {
			fresh, ids = append(fresh, item), append(ids, item.ID)
		}
	}
	if len(ids) == 0 {
		return news, nil
	}
	known, err := c.Store.KnownObjects(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, item := range fresh {
		if known[item.ID] {
			c.meet(item.ID)
			continue
		}
		post := task{address: item.ID, post: true, depth: t.depth + 1}
		if o := item.Object; o != nil && isWhole(o) && sameOrigin(o.ID, from) {
			post.object = o
		}
		c.add(post)
	}
	return news, nil
}

// isNews reports whether an id is one that this crawl did not meet yet.
func (c *crawl) isNews(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.seen[id]
}

func (c *crawl) meet(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[id] = true
}

// isWhole reports whether an embedded post has all that makes a comment: its
// own server vouches for it with the page (FEP-fe34), so it costs no request.
func isWhole(o *activitypub.Object) bool {
	v := blog.Visibility(o.Visibility(""))
	return o.ID != "" && len(o.AttributedTo) > 0 && len(o.InReplyTo) > 0 && !o.Published.IsZero() &&
		(v == blog.Public || v == blog.Unlisted)
}
