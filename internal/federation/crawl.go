package federation

import (
	"context"
	"fmt"
	"time"

	"kabar/internal/queue"
)

// waits are the times after the last new reply of a thread at which it is
// crawled once more, each counted from the crawl before.
var waits = []time.Duration{5 * time.Minute, time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// Crawls is the loop that looks for replies that were never delivered to us
// (FEP-f228): it reads the replies of comments, the replies of what it finds
// there, and the collections of whole conversations, at whatever server.
func (s *Service) Crawls(node string) *queue.Loop[Crawl, Crawled] {
	return &queue.Loop[Crawl, Crawled]{
		Name: "crawls", Log: s.Log, Workers: crawlsAtOnce, Limit: crawlsAtOnce, Poll: 2 * time.Second,
		Claim: func(ctx context.Context, limit int) ([]Crawl, error) {
			return s.Store.ClaimCrawls(ctx, CrawlClaim{
				Node: node, Now: s.Now(), Lease: crawlLease, Limit: limit, Most: maxCrawlRequests, PerHour: threadPerHour,
			})
		},
		Do: func(ctx context.Context, crawls []Crawl) ([]Crawled, error) {
			var done []Crawled
			for _, c := range crawls {
				result, err := s.crawl(ctx, c)
				if err != nil {
					return nil, err
				}
				result.Node = node
				done = append(done, result)
			}
			return done, nil
		},
		Failed: func(c Crawl, err error) Crawled {
			s.Log.Error("crawl", "article", c.Article, "err", err)
			return Crawled{Crawl: c, Node: node, At: s.Now(), Next: s.Now().Add(waits[1]), Step: c.Step + 1, Used: c.Requests}
		},
		Done: func(ctx context.Context, done []Crawled) error {
			for _, d := range done {
				if err := s.Store.FinishCrawl(ctx, d); err != nil {
					return err
				}
			}
			return nil
		},
		Release: func(ctx context.Context, crawls []Crawl) error { return s.Store.ReleaseCrawls(ctx, node, crawls) },
	}
}

// crawl looks for what is missing in one thread. Errors are the database's;
// what other servers do is never one.
func (s *Service) crawl(ctx context.Context, t Crawl) (Crawled, error) {
	seeds, err := s.Store.CrawlSeeds(ctx, t.Article, s.Now(), maxSeeds)
	if err != nil {
		return Crawled{}, fmt.Errorf("crawl %s: %w", t.Article, err)
	}
	p, err := s.pass(ctx)
	if err != nil {
		return Crawled{}, fmt.Errorf("crawl %s: %w", t.Article, err)
	}
	c := newCrawl(p, t)
	for i, seed := range seeds {
		c.addSeed(seed, i < maxContexts)
	}
	work, cancel := context.WithTimeout(ctx, crawlTime)
	defer cancel()
	c.run(work)
	if c.fault != nil {
		return Crawled{}, fmt.Errorf("crawl %s: %w", t.Article, c.fault)
	}
	done := c.result(ctx.Err() != nil)
	if len(seeds) > 0 {
		s.Log.InfoContext(ctx, "thread crawled", "article", t.Article, "asked", len(done.Looked), "requests", done.Used, "found", done.Found)
	}
	return done, nil
}

// result says when the thread is due again: what was found is a new reply too.
// What no budget was left for comes first then.
func (c *crawl) result(stopped bool) Crawled {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Now()
	done := Crawled{Crawl: c.thread, At: now, Step: c.thread.Step, Used: c.requests, Found: c.found, Looked: c.looked}
	switch {
	case stopped:
		done.Next = now
	case c.found > 0:
		done.Step, done.Next = 1, now.Add(waits[0])
	case done.Step < len(waits):
		done.Next = now.Add(waits[done.Step])
		done.Step++
	}
	return done
}
