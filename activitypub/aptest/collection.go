package aptest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kabar/activitypub"
)

// Collection is a list that a server serves: the replies to a note, or a
// conversation. The zero value is an empty one that tells the truth.
type Collection struct {
	Items        []any  // ids, or embedded Docs
	Ordered      bool   // OrderedCollection, as conversations are
	AttributedTo string // its owner
	PageSize     int    // 0 = everything on the first page, which is embedded
	// Total is told instead of the true number, if not 0.
	Total int
	// Endless lets every page have a next one. It has the items that Page
	// makes for it, and without that those of the first page again.
	Endless bool
	Page    func(number int) []any
	// Next is told as the address of every next page, if not "".
	Next string
}

// ServeCollection puts a collection at a path of the server and returns its
// URL. A later call replaces it.
func (s *Server) ServeCollection(path string, c Collection) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.collections[path] = c
	return s.origin + path
}

// List adds ids to the replies of a note of this server, as if it knew of them.
// It lists by itself what its own people answered and what was delivered to it.
func (s *Server) List(noteID string, replies ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range replies {
		if !slices.Contains(s.replies[noteID], id) {
			s.replies[noteID] = append(s.replies[noteID], id)
		}
	}
}

// Replies returns what the server lists below a note.
func (s *Server) Replies(noteID string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.replies[noteID])
}

// collectionAt returns the collection of a path: one that was put there, or
// the replies of a note.
func (s *Server) collectionAt(path string) (Collection, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.collections[path]; ok {
		return c, true
	}
	note, ok := strings.CutSuffix(path, "/replies")
	if !ok {
		return Collection{}, false
	}
	if _, ok := s.documents[note]; !ok {
		return Collection{}, false
	}
	c := Collection{PageSize: 60}
	for _, id := range s.replies[s.origin+note] {
		c.Items = append(c.Items, id)
	}
	return c, true
}

// serveCollection answers for collections, and reports false for other paths.
func (s *Server) serveCollection(w http.ResponseWriter, r *http.Request) bool {
	c, ok := s.collectionAt(r.URL.Path)
	if !ok {
		return false
	}
	id := s.origin + r.URL.Path
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", activitypub.ContentType)
	}
	if number, err := strconv.Atoi(r.URL.Query().Get("page")); err == nil {
		w.Write(encode(c.page(id, number)))
	} else {
		w.Write(encode(c.head(id)))
	}
	return true
}

func (c Collection) kind() (name, items string) {
	if c.Ordered {
		return "OrderedCollection", "orderedItems"
	}
	return "Collection", "items"
}

func (c Collection) head(id string) Doc {
	kind, _ := c.kind()
	total := c.Total
	if total == 0 {
		total = len(c.Items)
	}
	head := Doc{"@context": activitypub.Namespace, "id": id, "type": kind, "totalItems": total, "first": c.page(id, 1)}
	if c.AttributedTo != "" {
		head["attributedTo"] = c.AttributedTo
	}
	return head
}

func (c Collection) page(id string, number int) Doc {
	kind, key := c.kind()
	size := c.PageSize
	if size == 0 {
		size = len(c.Items)
	}
	from := min(max(number-1, 0)*size, len(c.Items))
	items := append([]any{}, c.Items[from:min(from+size, len(c.Items))]...)
	more := from+size < len(c.Items)
	switch {
	case c.Endless && c.Page != nil:
		items, more = c.Page(number), true
	case c.Endless:
		items, more = append([]any{}, c.Items...), true
	}
	page := Doc{
		"@context": activitypub.Namespace, "id": id + "?page=" + strconv.Itoa(number), "type": kind + "Page",
		"partOf": id, key: items,
	}
	if more {
		page["next"] = or(c.Next, id+"?page="+strconv.Itoa(number+1))
	}
	return page
}

// load counts the requests that are under way.
type load struct {
	mu        sync.Mutex
	now, most int
}

func (l *load) enter() (leave func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now++
	l.most = max(l.most, l.now)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.now--
	}
}

// AtOnce returns how many requests for documents were under way at most at one
// time. What comes into inboxes does not count.
func (s *Server) AtOnce() int {
	s.load.mu.Lock()
	defer s.load.mu.Unlock()
	return s.load.most
}

// Asked returns how many requests for documents there were.
func (s *Server) Asked() int { return int(s.asked.Load()) }
