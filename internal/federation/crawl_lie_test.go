package federation_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kabar/activitypub/aptest"
)

// liar is a server that has the replies to a comment, and lies about them.
type liar struct {
	*receiver
	first *aptest.Sent // a comment of its bob
	path  string       // of the replies to it
	truth *aptest.Sent // a reply that is really there, on another server
	other *aptest.Server
}

// lies gives the liar's collection the items, and the other server's reply.
func (l *liar) lies(c aptest.Collection, items ...any) {
	c.Items = append(items, l.truth.ObjectID)
	l.remote.ServeCollection(l.path, c)
}

// TestCrawlLies lets a crawl meet servers that lie: it ends, costs no more than
// it may, harms nothing, and still finds what is true.
func TestCrawlLies(t *testing.T) {
	t.Parallel()
	const here = "2: first ( true )"
	tests := []struct {
		name string
		lie  func(l *liar)
		want string
		most int // requests to the liar
	}{
		{"the truth", func(l *liar) { l.lies(aptest.Collection{}) }, here, 4},
		{"endless pages with the same items", func(l *liar) { l.lies(aptest.Collection{Endless: true}) }, here, 8},
		{"endless empty pages", func(l *liar) {
			l.lies(aptest.Collection{Endless: true, Page: func(n int) []any {
				if n == 1 {
					return []any{l.truth.ObjectID}
				}
				return nil
			}})
		}, here, 8},
		{"endless new items that are not there", func(l *liar) {
			l.lies(aptest.Collection{Endless: true, Page: func(n int) (items []any) {
				for i := range 50 {
					items = append(items, fmt.Sprintf("%s/made-up/%d-%d", l.remote.URL(), n, i))
				}
				return append(items, l.truth.ObjectID)
			}})
		}, here, 200},
		{"endless new items elsewhere", func(l *liar) {
			l.lies(aptest.Collection{Endless: true, Page: func(n int) (items []any) {
				for i := range 50 {
					items = append(items, fmt.Sprintf("%s/made-up/%d-%d", l.other.URL(), n, i))
				}
				return items
			}}, l.truth.ObjectID)
		}, "1: first", 60},
		{"a next page that is the first", func(l *liar) {
			l.lies(aptest.Collection{Endless: true, Next: l.remote.URL() + l.path})
		}, here, 6},
		{"a next page of another server", func(l *liar) {
			l.lies(aptest.Collection{Endless: true, Next: l.other.URL() + "/next"})
		}, here, 6},
		{"a wrong count", func(l *liar) { l.lies(aptest.Collection{Total: 1 << 30}) }, here, 4},
		{"5,000 items on one page", func(l *liar) {
			items := []any{l.truth.ObjectID}
			for n := range 5000 {
				items = append(items, fmt.Sprint(l.remote.URL(), "/made-up/", n))
			}
			l.lies(aptest.Collection{}, items...)
		}, here, 200},
		{"10 MB", func(l *liar) {
			l.remote.Misbehave(aptest.Behaviour{Path: l.path, Size: 10 << 20, ContentType: "application/activity+json"})
		}, "1: first", 4},
		{"10 MB, compressed", func(l *liar) {
			l.remote.Misbehave(aptest.Behaviour{Path: l.path, Size: 10 << 20, Gzip: true, ContentType: "application/activity+json"})
		}, "1: first", 4},
		{"a page for people", func(l *liar) { l.remote.Misbehave(aptest.Behaviour{Path: l.path, ContentType: "text/html"}) }, "1: first", 4},
		{"redirects in a circle", func(l *liar) {
			l.remote.Misbehave(aptest.Behaviour{Path: l.path, Status: 302, Location: l.remote.URL() + l.path})
		}, "1: first", 4},
		{"a redirect to the truth elsewhere", func(l *liar) {
			l.other.ServeCollection("/r", aptest.Collection{Items: []any{l.truth.ObjectID}})
			l.remote.Misbehave(aptest.Behaviour{Path: l.path, Status: 302, Location: l.other.URL() + "/r"})
		}, here, 4},
		{"errors", func(l *liar) { l.remote.Misbehave(aptest.Behaviour{Path: l.path, Status: 500}) }, "1: first", 4},
		{"our own addresses", func(l *liar) {
			l.lies(aptest.Collection{}, origin+"/ap/objects/1", origin+"/kopi", l.article.ObjectURI)
		}, here, 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newLiar(t)
			tt.lie(l)
			l.takes(l.first)
			before := l.remote.Asked()
			l.crawls(soon)
			l.wantThread(tt.want)
			if n := l.remote.Asked() - before; n > tt.most {
				t.Errorf("%d requests to the liar, want at most %d", n, tt.most)
			}
			for _, s := range []*aptest.Server{l.remote, l.other} {
				if s.AtOnce() > 2 || s.Asked() > 210 {
					t.Errorf("%d requests, %d at once", s.Asked(), s.AtOnce())
				}
			}
			if n := l.other.Requests("/next"); n > 0 {
				t.Error("a page of another server was read")
			}
			// It is no reason to come again more often.
			if n := l.count(`select count(*) from crawls where next_at > $1 and lease_until is null`, l.now().Add(4*time.Minute)); n != 1 {
				t.Errorf("%d crawls wait, want 1", n)
			}
		})
	}
}

func newLiar(t *testing.T) *liar {
	l := &liar{receiver: newReceiver(t)}
	l.other = l.server()
	l.first = l.reply(l.remote.Person("bob"), l.article.ObjectURI, "first")
	l.path = strings.TrimPrefix(l.first.ObjectID, l.remote.URL()) + "/replies"
	l.truth = l.reply(l.other.Person("eve"), l.first.ObjectID, "true")
	return l
}

// A server that drips holds up nothing but itself, and not for long.
func TestCrawlDrip(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	third := l.reply(l.other.Person("mia"), l.article.ObjectURI, "third")
	fourth := l.reply(l.server().Person("zoe"), third.ObjectID, "fourth")
	l.other.List(third.ObjectID, fourth.ObjectID)
	l.takes(l.first, third)
	// Every one of its documents drips, 20 s long; the client's patience is 5 s.
	for n := range 20 {
		id := fmt.Sprint("/drip/", n)
		l.remote.Misbehave(aptest.Behaviour{Path: id, Body: []byte(strings.Repeat(" ", 200)), Drip: 100 * time.Millisecond, ContentType: "application/activity+json"})
		l.remote.List(l.first.ObjectID, l.remote.URL()+id)
	}
	begun := time.Now()
	l.crawls(soon)
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("it took %s", took)
	}
	l.wantThread("3: first third ( fourth )")
	asked := 0
	for n := range 20 {
		asked += l.remote.Requests(fmt.Sprint("/drip/", n))
	}
	if asked > 2 {
		t.Errorf("%d of the dripping documents were asked for, want two at once and no more", asked)
	}
}

// A chain of made-up parents that never ends costs what one activity may cost.
func TestCrawlEndlessParents(t *testing.T) {
	t.Parallel()
	l := newLiar(t)
	eve := l.other.Person("eve")
	parent := "https://x.example/1"
	var chain []string
	for n := range 60 {
		parent = l.reply(eve, parent, fmt.Sprint("deep ", n)).ObjectID
		chain = append(chain, parent)
	}
	l.remote.List(l.first.ObjectID, append(chain, l.truth.ObjectID)...)
	l.takes(l.first)
	l.crawls(soon)
	if l.other.Asked() > 200 || l.other.AtOnce() > 2 {
		t.Errorf("%d requests, %d at once", l.other.Asked(), l.other.AtOnce())
	}
	if n := l.count(`select count(*) from comments`); n > 2 {
		t.Errorf("%d comments", n)
	}
}

// TestCrawlManyThreads crawls threads at once that all lead to one server.
func TestCrawlManyThreads(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	for n := range 6 {
		a := r.publish(fmt.Sprint("artikel-", n))
		for m := range 5 {
			first := r.reply(bob, a.ObjectURI, "first")
			r.reply(r.remote.Person(fmt.Sprint("p", n, m)), first.ObjectID, "second")
			r.takes(first)
		}
	}
	before := r.count(`select count(*) from comments`)
	r.crawls(soon)
	if n := r.count(`select count(*) from comments`) - before; n != 30 {
		t.Errorf("%d found, want 30", n)
	}
	if n := r.remote.AtOnce(); n > 2 {
		t.Errorf("%d requests at once", n)
	}
}
