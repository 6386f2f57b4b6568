package inbox

import (
	"context"
	"sync"
)

// gate lets a few at a time through to one host; the others wait. It forgets a
// host that nobody goes to.
type gate struct {
	mu    sync.Mutex
	hosts map[string]*passage
}

type passage struct {
	places chan struct{}
	users  int // those inside and those who wait
}

// enter waits for a place; leave must be called if there is no error.
func (g *gate) enter(ctx context.Context, host string, width int) (leave func(), err error) {
	g.mu.Lock()
	if g.hosts == nil {
		g.hosts = make(map[string]*passage)
	}
	p := g.hosts[host]
	if p == nil {
		p = &passage{places: make(chan struct{}, width)}
		g.hosts[host] = p
	}
	p.users++
	g.mu.Unlock()

	select {
	case p.places <- struct{}{}:
		return func() { <-p.places; g.left(host) }, nil
	case <-ctx.Done():
		g.left(host)
		return nil, ctx.Err()
	}
}

func (g *gate) left(host string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.hosts[host].users--
	if g.hosts[host].users == 0 {
		delete(g.hosts, host)
	}
}
