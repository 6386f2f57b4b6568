package web

import (
	"context"
	"hash/maphash"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// Bounds of what is held between two flushes, and of a day's visitors.
const (
	maxRows     = 20_000
	maxVisitors = 250_000
	maxAgents   = 2_000
	maxReferrer = 100   // bytes of a host
	maxHosts    = 1_000 // of a day
	// others stands for the hosts, and the pages, that are too many.
	others = "others"
)

// Views counts how often pages are read, without cookies and without keeping
// who read them: that somebody came twice on a day is told from a hash under a
// seed that lives in memory for that day alone. Make it with NewViews.
type Views struct {
	now    func() time.Time
	zone   func() *time.Location
	own    string // host of the blog
	trusts func(netip.Addr) bool

	mu       sync.Mutex
	day      time.Time
	ends     time.Time    // of the day
	seed     maphash.Seed // of the day; it is stored nowhere
	visitors map[uint64]struct{}
	hosts    map[string]struct{} // that led here today
	rows     map[viewRow]blog.ViewCount
	agents   map[string]bool // whether it is somebody who reads
}

type viewRow struct {
	day            time.Time
	path, referrer string
}

// NewViews makes the counter of one node. zone is the blog's time zone, own its host; trusts tells
// whose forwarding headers are believed, nil nobody's.
func NewViews(now func() time.Time, zone func() *time.Location, own string, trusts func(netip.Addr) bool) *Views {
	return &Views{
		now: now, zone: zone, own: own, trusts: trusts,
		rows: map[viewRow]blog.ViewCount{}, visitors: map[uint64]struct{}{}, agents: map[string]bool{},
	}
}

// Seen counts a page that is sent. Programs, those who are signed in, and what
// a browser loads ahead are not counted; who asks not to be tracked counts as
// a view and not as a visitor.
func (c *Views) Seen(r *http.Request) {
	if r.Method != http.MethodGet || !counted(r.URL.Path) || page.HasSession(r) || ahead(r.Header) {
		return
	}
	agent := r.UserAgent()
	referrer := c.referrer(r)
	private := r.Header.Get("Sec-Gpc") == "1" || r.Header.Get("Dnt") == "1"
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reads(agent) {
		return
	}
	c.begin(now)
	n := blog.ViewCount{Views: 1}
	if !private && c.isNew(r, agent) {
		n.Visitors++
	}
	c.add(viewRow{c.day, r.URL.Path, c.host(referrer)}, n)
}

// add sums up; what is too much goes to one row of the day.
func (c *Views) add(at viewRow, n blog.ViewCount) {
	if _, known := c.rows[at]; !known && len(c.rows) >= maxRows {
		at.path, at.referrer = "/-/"+others, others
	}
	sum := c.rows[at]
	c.rows[at] = blog.ViewCount{Views: sum.Views + n.Views, Visitors: sum.Visitors + n.Visitors}
}

// host is the referrer, or others when too many hosts led here today: each is
// a row that is kept for years.
func (c *Views) host(referrer string) string {
	if _, known := c.hosts[referrer]; known || referrer == "" {
		return referrer
	}
	if len(c.hosts) >= maxHosts {
		return others
	}
	c.hosts[strings.Clone(referrer)] = struct{}{}
	return referrer
}

// counted tells pages for readers from the rest by their path. What is below
// /-/ is forms and parts of pages.
func counted(path string) bool {
	for _, below := range []string{"/ap/", "/-/", "/static/", "/.well-known/", "/nodeinfo/", templates.StudioPath, templates.SetupPath} {
		if strings.HasPrefix(path, below) {
			return false
		}
	}
	return !templates.IsFeed(path)
}

// Watch counts the pages that a handler answers with.
func (c *Views) Watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !counted(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		seen := &page.Witness{ResponseWriter: w, Status: http.StatusOK}
		next.ServeHTTP(seen, r)
		if seen.Status == http.StatusOK && strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			c.Seen(r)
		}
	})
}

// ahead reports what a browser loads before anybody asked for it.
func ahead(h http.Header) bool {
	return h.Get("Sec-Purpose") != "" || h.Get("Purpose") != "" || h.Get("X-Moz") != ""
}

func (c *Views) referrer(r *http.Request) string {
	from := r.Referer()
	if from == "" {
		return ""
	}
	u, err := url.Parse(from)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	host := strings.ToLower(strings.TrimPrefix(u.Hostname(), "www."))
	switch {
	case u.Host == c.own || u.Hostname() == c.own:
		return ""
	case len(host) > maxReferrer || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' }):
		return others
	}
	return host
}

// programs are parts of the names of what reads without anybody in front of it.
var programs = []string{
	"bot", "crawl", "spider", "slurp", "http", "curl", "wget", "python", "java/", "feed", "rss", "scrap", "monitor", "preview",
	"lighthouse", "headless", "mastodon", "pleroma", "akkoma", "misskey", "lemmy", "gotosocial", "facebookexternal", "embedly",
}

// reads reports whether a user agent is somebody's browser.
func (c *Views) reads(agent string) bool {
	if known, ok := c.agents[agent]; ok {
		return known
	}
	lower := strings.ToLower(agent)
	reads := strings.HasPrefix(lower, "mozilla/") || strings.HasPrefix(lower, "opera/")
	for _, name := range programs {
		reads = reads && !strings.Contains(lower, name)
	}
	if len(c.agents) >= maxAgents {
		clear(c.agents)
	}
	c.agents[strings.Clone(agent)] = reads
	return reads
}

// begin forgets the visitors of the day before with their seed.
func (c *Views) begin(now time.Time) {
	if now.Before(c.ends) {
		return
	}
	zone := c.zone()
	y, m, d := now.In(zone).Date()
	c.day, c.ends = time.Date(y, m, d, 0, 0, 0, 0, time.UTC), time.Date(y, m, d+1, 0, 0, 0, 0, zone)
	c.seed, c.visitors, c.hosts = maphash.MakeSeed(), map[uint64]struct{}{}, map[string]struct{}{}
}

// isNew reports whether somebody sees the page for the first time today.
func (c *Views) isNew(r *http.Request, agent string) bool {
	if len(c.visitors) >= maxVisitors {
		return false
	}
	var h maphash.Hash
	h.SetSeed(c.seed)
	address := page.Forwarded(r, c.trusts).As16()
	_, _ = h.Write(address[:])
	_, _ = h.WriteString(agent)
	_ = h.WriteByte(0)
	_, _ = h.WriteString(r.URL.Path)
	sum := h.Sum64()
	_, seen := c.visitors[sum]
	c.visitors[sum] = struct{}{}
	return !seen
}

// ViewStore keeps what was counted.
type ViewStore interface {
	AddViews(ctx context.Context, views []blog.View) error
}

// Flush stores what was counted since the last one; what cannot be stored is
// kept for the next.
func (c *Views) Flush(ctx context.Context, to ViewStore) error {
	c.mu.Lock()
	rows := c.rows
	c.rows = map[viewRow]blog.ViewCount{}
	c.mu.Unlock()
	views := make([]blog.View, 0, len(rows))
	for at, n := range rows {
		views = append(views, blog.View{Day: at.day, Path: at.path, Referrer: at.referrer, Views: n.Views, Visitors: n.Visitors})
	}
	if len(views) == 0 {
		return nil
	}
	err := to.AddViews(ctx, views)
	if err != nil {
		c.mu.Lock()
		for at, n := range rows {
			c.add(at, n)
		}
		c.mu.Unlock()
	}
	return err
}
