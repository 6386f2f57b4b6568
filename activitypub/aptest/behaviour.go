package aptest

import (
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Behaviour is how a server answers instead of the usual. Its zero value
// changes nothing.
type Behaviour struct {
	// Path is whose requests it is about; "" is every inbox.
	Path string
	// Times is how many requests it holds for; 0 is all to come.
	Times int

	// Delay is waited before anything is answered.
	Delay time.Duration
	// Hang never answers.
	Hang bool
	// Reset closes the connection without an answer.
	Reset bool

	// Status is answered with Body; 0 is 200 if there is something else to
	// answer, and otherwise the usual answer.
	Status int
	// RetryAfter, Location and ContentType are headers. ContentType alone only
	// changes that of the usual answer.
	RetryAfter, Location, ContentType string
	Body                              []byte
	// Size is the length of a body of white space and an empty object, if Body
	// is nil; with Gzip it is sent compressed, a thousandth of that.
	Size int64
	Gzip bool
	// Short is how many bytes fewer than announced are sent of the body before
	// the connection is closed.
	Short int
	// Drip is the pause after each byte of the body.
	Drip time.Duration
}

// Misbehave makes the server answer so from now on; of several behaviours for
// a path the newest counts.
func (s *Server) Misbehave(b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviours = append(s.behaviours, &b)
}

// Behave ends every misbehaviour.
func (s *Server) Behave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviours = nil
}

// behaviour counts the request and returns what holds for it.
func (s *Server) behaviour(r *http.Request) *Behaviour {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests[r.URL.Path]++
	for i := len(s.behaviours) - 1; i >= 0; i-- {
		b := s.behaviours[i]
		if b.Path != r.URL.Path && (b.Path != "" || !isInbox(r)) || b.Times < 0 {
			continue
		}
		if b.Times == 1 {
			b.Times = -1 // used up
		} else if b.Times > 1 {
			b.Times--
		}
		return b
	}
	return &Behaviour{}
}

func isInbox(r *http.Request) bool {
	return r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/inbox")
}

// answers reports whether the usual answer is replaced.
func (b *Behaviour) answers() bool {
	return b.Hang || b.Reset || b.Status != 0 || b.Location != "" || b.Body != nil || b.Size > 0 || b.Short > 0
}

// status is what will be answered, 0 for nothing.
func (b *Behaviour) status() int {
	switch {
	case b.Hang, b.Reset:
		return 0
	case b.Status != 0:
		return b.Status
	}
	return http.StatusOK
}

// serve answers, or reports false if the usual answer is still to be given.
func (b *Behaviour) serve(w http.ResponseWriter, r *http.Request) bool {
	if b.Delay > 0 && !pause(r, b.Delay) {
		return true
	}
	if b.Hang {
		<-r.Context().Done()
	}
	if b.Hang || b.Reset {
		panic(http.ErrAbortHandler)
	}
	for name, value := range map[string]string{"Retry-After": b.RetryAfter, "Location": b.Location, "Content-Type": b.ContentType} {
		if value != "" {
			w.Header().Set(name, value)
		}
	}
	if !b.answers() {
		return false
	}
	b.write(w, r)
	return true
}

func (b *Behaviour) write(w http.ResponseWriter, r *http.Request) {
	var out io.Writer = w
	if b.Gzip {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		defer z.Close()
		out = z
	}
	if b.Short > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(b.Body)+b.Short))
		defer panic(http.ErrAbortHandler)
	}
	w.WriteHeader(b.status())
	if b.Body == nil {
		writeBlank(out, b.Size)
		return
	}
	if b.Drip == 0 {
		out.Write(b.Body)
		return
	}
	for i := range b.Body {
		if _, err := w.Write(b.Body[i : i+1]); err != nil || !pause(r, b.Drip) {
			return
		}
		http.NewResponseController(w).Flush()
	}
}

// writeBlank writes so many bytes of well-formed JSON, until the reader ends.
func writeBlank(w io.Writer, size int64) {
	blank := []byte(strings.Repeat(" ", 32<<10))
	for size > 2 {
		n, err := w.Write(blank[:min(size-2, int64(len(blank)))])
		if err != nil {
			return
		}
		size -= int64(n)
	}
	io.WriteString(w, "{}"[:size])
}

// pause waits, and reports false if the client has gone.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
