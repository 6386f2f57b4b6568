package aptest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
)

// Sent is an activity that was sent, and what came of it.
type Sent struct {
	ID       string // of the activity
	ObjectID string // of its object
	Activity Doc
	Body     []byte     // as sent
	Answers  []Response // one for each inbox, in order
}

// Response is what an inbox answered.
type Response struct {
	Inbox  string
	Status int
	Header http.Header
	Body   string
}

// Status is the first answer's, 0 if it went nowhere.
func (s *Sent) Status() int {
	if len(s.Answers) == 0 {
		return 0
	}
	return s.Answers[0].Status
}

func (s *Sent) inboxes() []string {
	var inboxes []string
	for _, a := range s.Answers {
		inboxes = append(inboxes, a.Inbox)
	}
	return inboxes
}

// Forgery is what is wrong with what a person sends.
type Forgery struct {
	Unsigned bool
	// WrongKey signs with a key that nobody has published.
	WrongKey bool
	// WrongDigest signs the digest of another body.
	WrongDigest bool
	// Signer signs with the key and key id of somebody else.
	Signer *Person
	// Kind is another kind of signature than the server's.
	Kind httpsig.Kind
	// At is when it claims to be signed; zero is now.
	At time.Time
	// ContentType instead of application/activity+json.
	ContentType string
	// Body is sent and signed instead of the activity.
	Body []byte
	// Tamper changes the request after it was signed.
	Tamper func(*http.Request)
}

// Send sends an activity of any shape to inboxes, one after the other. What is
// missing of @context, id and actor is filled in; what is meant for everybody
// can be fetched by its id. An answer of any status is no error.
func (p *Person) Send(ctx context.Context, activity Doc, inboxes ...string) (*Sent, error) {
	s := p.Prepare(activity)
	for _, inbox := range inboxes {
		answer, err := p.Deliver(ctx, inbox, s.Body)
		if err != nil {
			return nil, fmt.Errorf("aptest: send %s: %w", s.ID, err)
		}
		s.Answers = append(s.Answers, answer)
	}
	return s, nil
}

// Prepare completes an activity without sending it.
func (p *Person) Prepare(activity Doc) *Sent {
	complete := Doc{"@context": noteContext(), "actor": p.id}
	maps.Copy(complete, activity)
	if complete["id"] == nil {
		complete["id"] = p.server.nextID("activities")
	}
	s := &Sent{Activity: complete, Body: encode(complete)}
	s.ID, _ = complete["id"].(string)
	s.ObjectID = idOf(complete["object"])
	if isForEverybody(complete) {
		p.server.keep(s.ID, complete)
	}
	if complete["type"] == "Create" {
		p.server.mu.Lock()
		p.server.sent[s.ObjectID] = s
		p.server.mu.Unlock()
	}
	return s
}

// created returns the Create of an object.
func (s *Server) created(objectID string) *Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[objectID]
}

// Deliver posts a body to an inbox as it is, with the person's signature.
func (p *Person) Deliver(ctx context.Context, inbox string, body []byte) (Response, error) {
	r, err := p.Request(ctx, inbox, body)
	if err != nil {
		return Response{}, err
	}
	res, err := p.server.world.outgoing.Do(r)
	if err != nil {
		return Response{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil {
		return Response{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Contains(p.contacts, inbox) {
		p.contacts = append(p.contacts, inbox)
	}
	return Response{inbox, res.StatusCode, res.Header, string(text)}, nil
}

// Request makes the signed (or badly signed) request of a delivery.
func (p *Person) Request(ctx context.Context, inbox string, body []byte) (*http.Request, error) {
	f := p.forgery
	if f.Body != nil {
		body = f.Body
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", or(f.ContentType, activitypub.ContentType))
	r.Header.Set("User-Agent", "aptest")
	if !f.Unsigned {
		if err := p.sign(r, body); err != nil {
			return nil, err
		}
	}
	if f.Tamper != nil {
		f.Tamper(r)
	}
	return r, nil
}

// forgedKey is one that nobody publishes.
var forgedKey = sync.OnceValues(newKey)

func (p *Person) sign(r *http.Request, body []byte) error {
	f := p.forgery
	signed := p.account
	if f.Signer != nil {
		signed = f.Signer.account
	}
	signer, err := signed.signer()
	if err == nil && f.WrongKey {
		signer.Private, err = forgedKey()
	}
	if err != nil {
		return err
	}
	if f.WrongDigest {
		body = append([]byte("another body: "), body...)
	}
	at := f.At
	if at.IsZero() {
		at = p.server.world.options.Now()
	}
	kind := httpsig.Kind(or(string(f.Kind), string(p.server.options.Kind)))
	return httpsig.Sign(r, body, signer, kind, at)
}

// idOf returns the id of an object or of the first of several.
func idOf(object any) string {
	switch o := object.(type) {
	case string:
		return o
	case Doc:
		id, _ := o["id"].(string)
		return id
	case []string:
		if len(o) > 0 {
			return o[0]
		}
	}
	return ""
}
