package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/static"
	"kabar/web/templates"
)

const (
	// connections is the size of the database's pool that is reckoned with if
	// it is not told.
	connections = 20
	// queueTime is how long a request waits for a place, and queueLength how
	// many of a kind do.
	queueTime   = 5 * time.Second
	queueLength = 2_000
	// formTime is what the form of a visitor may take to come, and formAhead
	// how much of it is read before it needs a place.
	formTime  = 15 * time.Second
	formAhead = 128 << 10
)

// room is a number of places for requests of one kind that no cache answers:
// strangers never use up the connections to the database that the Studio, the
// inbox and the work behind them need. The others queue, and are asked to come
// again when that takes too long.
type room struct {
	places  chan struct{}
	waiting atomic.Int64
	most    int64
	time    time.Duration
}

func newRoom(places int) *room {
	return &room{places: make(chan struct{}, max(places, 1)), most: queueLength, time: queueTime}
}

// enter waits for a place; leave must be called once if there is no error.
func (m *room) enter(r *http.Request) (leave func(), err error) {
	leave = func() { <-m.places }
	select {
	case m.places <- struct{}{}:
		return leave, nil
	default:
	}
	defer m.waiting.Add(-1)
	if m.waiting.Add(1) > m.most {
		return nil, page.ErrBusy
	}
	patience := time.NewTimer(m.time)
	defer patience.Stop()
	select {
	case m.places <- struct{}{}:
		return leave, nil
	case <-patience.C:
		return nil, page.ErrBusy
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// rooms are those of a server, by kind.
type rooms struct{ pages, forms, servers *room }

func newRooms(connections int) rooms {
	return rooms{newRoom(connections * 3 / 10), newRoom(connections / 5), newRoom(connections / 5)}
}

// of is the room that a request needs a place in; nil = none. The Studio is
// for who is signed in, the inbox has limits of its own, files need no
// database, and who asks another server for the reader waits without one.
func (m rooms) of(r *http.Request) *room {
	path := r.URL.Path
	switch {
	case path == livePath, path == readyPath, path == templates.FollowPath, path == templates.InteractPath,
		path == templates.StudioPath, strings.HasPrefix(path, templates.StudioPath+"/"),
		strings.HasPrefix(path, static.Prefix), strings.HasPrefix(path, blog.MediaPath):
		return nil
	case forServers(path):
		if r.Method == http.MethodPost {
			return nil
		}
		return m.servers
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		return m.pages
	}
	return m.forms
}

// crowds lets requests through while there is room.
func (s *Server) crowds(next http.Handler) http.Handler {
	size := s.Connections
	if size == 0 {
		size = connections
	}
	all := newRooms(size)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		room := all.of(r)
		if room == nil {
			next.ServeHTTP(w, r)
			return
		}
		if err := readAhead(w, r, room == all.forms); err != nil {
			w.Header().Set("Connection", "close")
			s.Page.Fail(w, r, err)
			return
		}
		leave, err := room.enter(r)
		if err != nil {
			s.Page.Fail(w, r, err)
			return
		}
		guest := &guest{ResponseWriter: w, leave: leave}
		defer guest.done()
		next.ServeHTTP(guest, r)
	})
}

// readAhead has the form of a visitor come before it takes a place: one that
// drips would keep others out.
func readAhead(w http.ResponseWriter, r *http.Request, form bool) error {
	if !form || r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	control := http.NewResponseController(w)
	deadlined := control.SetReadDeadline(time.Now().Add(formTime)) == nil // not every ResponseWriter has one
	ahead, err := io.ReadAll(io.LimitReader(r.Body, formAhead))
	var large *http.MaxBytesError
	if err != nil && !errors.As(err, &large) {
		return page.Status(http.StatusBadRequest)
	}
	if deadlined && len(ahead) < formAhead {
		if err := control.SetReadDeadline(time.Time{}); err != nil {
			return page.Status(http.StatusBadRequest)
		}
	}
	r.Body = body{io.MultiReader(bytes.NewReader(ahead), r.Body), r.Body}
	return nil
}

// body is read from one place and closed at another.
type body struct {
	io.Reader
	io.Closer
}

// guest gives its place back with the first byte of the answer: by then all
// that it needs has been read, and its line may be slow.
type guest struct {
	http.ResponseWriter
	leave func()
}

func (g *guest) done() {
	if g.leave != nil {
		g.leave()
		g.leave = nil
	}
}

// WriteHeader implements http.ResponseWriter.
func (g *guest) WriteHeader(status int) {
	g.done()
	g.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (g *guest) Write(p []byte) (int, error) {
	g.done()
	return g.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (g *guest) Unwrap() http.ResponseWriter { return g.ResponseWriter }
