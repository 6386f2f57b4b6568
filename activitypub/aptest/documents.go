package aptest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"kabar/activitypub"
	"kabar/activitypub/wellknown"
)

// Doc is a JSON document as it is written.
type Doc map[string]any

// document is what a path answers with.
type document struct {
	status      int
	contentType string
	body        []byte
	open        bool // also without a signature
}

// Serve puts a document at a path of the server and returns its URL. A later
// call replaces it.
func (s *Server) Serve(path, contentType string, body []byte) string {
	s.put(path, document{http.StatusOK, contentType, body, true})
	return s.origin + path
}

// ServeObject puts an object at a path and returns its URL.
func (s *Server) ServeObject(path string, o Doc) string {
	return s.Serve(path, activitypub.ContentType, encode(o))
}

func (s *Server) put(path string, d document) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.documents[path] = d
}

// keep serves an object at its own id.
func (s *Server) keep(id string, o Doc) {
	s.put(strings.TrimPrefix(id, s.origin), document{status: http.StatusOK, contentType: activitypub.ContentType, body: encode(o)})
}

// bury answers for the id as for a deleted object: 410 with a Tombstone.
func (s *Server) bury(id string) {
	body := encode(Doc{"@context": activitypub.Namespace, "id": id, "type": "Tombstone"})
	s.put(strings.TrimPrefix(id, s.origin), document{status: http.StatusGone, contentType: activitypub.ContentType, body: body})
}

// hide answers for the id as if nothing had ever been there.
func (s *Server) hide(id string) {
	s.put(strings.TrimPrefix(id, s.origin), document{status: http.StatusNotFound})
}

// encode writes JSON as servers do, without escapes for HTML.
func encode(o Doc) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(o); err != nil {
		panic(err) // a Doc with a channel or function in it: a mistake in the test
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET "+wellknown.WebFingerPath, &wellknown.WebFinger{Lookup: s.lookup})
	mux.HandleFunc("GET "+wellknown.NodeInfoIndexPath, func(w http.ResponseWriter, r *http.Request) {
		(&wellknown.NodeInfoIndex{Href: s.origin + "/nodeinfo/2.1", Application: s.instance.id}).ServeHTTP(w, r)
	})
	mux.Handle("GET /nodeinfo/2.1", &wellknown.NodeInfo{Document: s.nodeInfo})
	mux.HandleFunc("GET /", s.serveDocument)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b := s.behaviour(r)
		if isInbox(r) {
			s.inbox(w, r, b)
			return
		}
		s.asked.Add(1)
		defer s.load.enter()()
		if !b.serve(w, r) {
			mux.ServeHTTP(w, r)
		}
	})
}

func (s *Server) serveDocument(w http.ResponseWriter, r *http.Request) {
	if s.serveCollection(w, r) {
		return
	}
	d, found := s.find(r.URL.Path)
	if !found {
		http.NotFound(w, r)
		return
	}
	if s.options.AuthorizedFetch && !d.open {
		if _, _, err := s.signedBy(r, nil); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
	}
	if w.Header().Get("Content-Type") == "" { // else a behaviour has set it
		w.Header().Set("Content-Type", d.contentType)
	}
	w.WriteHeader(d.status)
	w.Write(d.body)
}

// find returns the document at a path: one that was put there, or that of an
// account.
func (s *Server) find(path string) (document, bool) {
	s.mu.Lock()
	d, found := s.documents[path]
	s.mu.Unlock()
	if found {
		return d, true
	}
	return s.accountDocument(path)
}

func (s *Server) nodeInfo(context.Context) (wellknown.Document, error) {
	name := s.options.Software
	if name == "" {
		name = "aptest"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	doc := wellknown.Document{Software: wellknown.Software{Name: name, Version: "1"}}
	doc.Usage.Users.Total = len(s.accounts)
	doc.Usage.LocalPosts = len(s.sent)
	return doc, nil
}

// lookup answers WebFinger.
func (s *Server) lookup(_ context.Context, r wellknown.Resource) (*wellknown.JRD, error) {
	u, err := url.Parse(s.origin)
	if err != nil {
		return nil, err
	}
	a := s.account(r.User)
	if r.User == u.Host || strings.TrimSuffix(r.URL, "/") == s.origin {
		a = s.instance
	}
	if a == nil || r.User != "" && r.Host != u.Host {
		return nil, wellknown.ErrUnknown
	}
	return &wellknown.JRD{
		Subject: "acct:" + a.handle(),
		Aliases: []string{a.id},
		Links:   []wellknown.Link{{Rel: wellknown.RelSelf, Type: activitypub.ContentType, Href: a.id}},
	}, nil
}
