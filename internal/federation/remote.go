package federation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// actorAge is how old a stored profile may be before its use makes us read it
// anew, in the background. Mastodon has the same.
const actorAge = 24 * time.Hour

// sameOrigin compares scheme, host and port of two http(s) ids.
func sameOrigin(a, b string) bool {
	o := origin(a)
	return o != "" && o == origin(b)
}

func origin(id string) string {
	u, err := url.Parse(id)
	if err != nil || u.User != nil || !plain(u.Hostname()) || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	standard := map[string]string{"https": ":443", "http": ":80"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(strings.ToLower(u.Host), standard)
}

// plain reports whether a host stands in its one form, in ASCII (RFC 5890) and
// without the dot of the root: in another one no block would meet it.
func plain(host string) bool {
	return host != "" && !strings.HasSuffix(host, ".") && !strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf })
}

// RemoteActor returns an actor of another server, read from its origin when it
// is not stored yet. Errors: blog.ErrGone, and what kept us from reading it.
func (s *Service) RemoteActor(ctx context.Context, uri string) (RemoteActor, error) {
	a, err := s.Store.RemoteActor(ctx, uri)
	if !errors.Is(err, blog.ErrNotFound) {
		return a, err
	}
	p, err := s.pass(ctx)
	if err != nil {
		return RemoteActor{}, fmt.Errorf("read actor: %w", err)
	}
	r := &receipt{pass: p, fetches: maxFetches}
	if err := r.readActor(ctx, uri); err != nil {
		return RemoteActor{}, fmt.Errorf("read actor: %w", err)
	}
	return s.Store.RemoteActor(ctx, uri)
}

// actorOf returns the actor of an activity, read from its origin when it is
// new here or nobody confirmed its handle yet.
func (r *receipt) actorOf(ctx context.Context, uri string) (KnownActor, error) {
	a, known, err := r.stored(ctx, uri)
	switch {
	case err != nil:
		return KnownActor{}, err
	case known && a.Kind != blog.Remote:
		return KnownActor{}, refused("our-actor", uri)
	case known && a.Deleted:
		return KnownActor{}, refused("actor-deleted", uri)
	case known && !a.Fetched.IsZero():
		r.noteAge(a)
		return a, nil
	}
	if err := r.readActor(ctx, uri); err != nil {
		if known {
			return a, nil
		}
		return KnownActor{}, err
	}
	a, _, err = r.stored(ctx, uri)
	return a, err
}

func (r *receipt) stored(ctx context.Context, uri string) (KnownActor, bool, error) {
	known, err := r.Store.KnownActors(ctx, []string{uri})
	a, ok := known[uri]
	return a, ok, err
}

func (r *receipt) noteAge(a KnownActor) {
	if r.Now().Sub(a.Fetched) > actorAge {
		r.bounds.stale(a.URI)
	}
}

// readActor fetches an actor from its id, asks for its handle, and stores it.
func (r *receipt) readActor(ctx context.Context, uri string) error {
	_, err := r.fetchActor(ctx, uri)
	return err
}

// fetchActor is readActor for those who need the document too.
func (r *receipt) fetchActor(ctx context.Context, uri string) (*activitypub.Object, error) {
	o, err := r.fetch(ctx, uri)
	if err != nil {
		return nil, err
	}
	if o.ID != uri {
		return nil, refused("not-believed", uri+" calls itself "+o.ID)
	}
	return o, r.saveActor(ctx, o)
}

// saveActor stores an actor whose document is believed.
func (r *receipt) saveActor(ctx context.Context, o *activitypub.Object) error {
	a, err := remoteActor(o)
	if err != nil {
		return err
	}
	a.Handle, a.Domain = r.handle(ctx, o, a)
	_, err = r.Store.SaveRemoteActor(ctx, a)
	return err
}

// handle is the handle that both sides agree on, and else the one that the
// actor's id suggests: a server without WebFinger has people too.
func (r *receipt) handle(ctx context.Context, o *activitypub.Object, a RemoteActor) (user, domain string) {
	acct, err := r.Client.Handle(ctx, o)
	if i := strings.LastIndexByte(acct, '@'); err == nil && i > 0 {
		return acct[:i], acct[i+1:]
	}
	return a.Handle, a.Domain
}

// updateActor refreshes a profile: from the signed activity, or from its
// origin when the activity tells only the id.
func (r *receipt) updateActor(ctx context.Context, o *activitypub.Object) error {
	switch {
	case r.activity.Object.ID() != r.Actor:
		return refused("not-owner", r.activity.Object.ID())
	case o == nil || !o.IsActor() || o.Inbox == "":
		return profileOutcome(r.readActor(ctx, r.Actor))
	}
	return profileOutcome(r.saveActor(ctx, o))
}

// profileOutcome is the end of an activity that refreshed a profile.
func profileOutcome(err error) error {
	if err != nil {
		return err
	}
	return verdict{outcome: "profile"}
}

// remoteActor reads an actor's document. Its inboxes must be of its own
// origin: else somebody could make us deliver to others.
func remoteActor(o *activitypub.Object) (RemoteActor, error) {
	if !o.IsActor() || printable(o.ID) != o.ID {
		return RemoteActor{}, refused("not-believed", o.ID+" is no actor")
	}
	a := RemoteActor{
		URI: o.ID, Type: o.Type(), Handle: handleOf(o), Domain: strings.ToLower(Host(o.ID)), Name: markup.Name(o.Name),
		Summary: markup.Sanitize(o.Summary).String(),
		Inbox:   ownAddress(o, o.Inbox), SharedInbox: ownAddress(o, o.SharedInbox), Outbox: ownAddress(o, o.Outbox),
		Followers: ownAddress(o, o.Followers), Featured: ownAddress(o, o.Featured),
		MovedTo: printable(o.MovedTo), Born: o.Published, Keys: keysOf(o),
	}
	for _, id := range o.AlsoKnownAs {
		a.AlsoKnownAs = append(a.AlsoKnownAs, printable(id))
	}
	a.Emojis = emojis(o, a.Name, maxNameEmojis)
	a.URL, _ = markup.SafeURL(o.Page())
	if icon := o.Icon.First().Object; icon != nil {
		address := icon.URL.ID()
		if address == "" {
			address = icon.Href
		}
		a.AvatarURL, _ = markup.SafeURL(address)
	}
	return a, nil
}

// handleOf is the name in the handle; a strange one is cleaned.
func handleOf(o *activitypub.Object) string {
	name := strings.Map(func(c rune) rune {
		if strings.ContainsRune("@/ :?#<>\"'", c) {
			return -1
		}
		return c
	}, markup.Name(o.PreferredUsername))
	if name == "" {
		path := strings.TrimRight(o.ID, "/")
		name = markup.Name(path[strings.LastIndexByte(path, '/')+1:])
	}
	return name
}

// ownAddress drops an address of another origin than the actor's.
func ownAddress(o *activitypub.Object, address string) string {
	safe, ok := markup.SafeURL(address)
	if !ok || !sameOrigin(safe, o.ID) {
		return ""
	}
	return safe
}

// keysOf are the keys that an actor lists, as publicKey and as
// assertionMethod (FEP-521a), those of its own origin.
func keysOf(o *activitypub.Object) []RemoteKey {
	var keys []RemoteKey
	for _, k := range o.PublicKeys {
		if sameOrigin(k.ID, o.ID) && (k.Owner == "" || k.Owner == o.ID) {
			keys = append(keys, RemoteKey{ID: k.ID, PEM: printable(k.PEM)})
		}
	}
	for _, k := range o.AssertionMethods {
		if !sameOrigin(k.ID, o.ID) || k.Controller != "" && k.Controller != o.ID {
			continue
		}
		key := RemoteKey{ID: k.ID}
		if public, err := httpsig.ParseMultikey(k.Multibase); err == nil {
			key.PEM, _ = httpsig.MarshalPublicKey(public)
		}
		keys = append(keys, key)
	}
	return keys
}

// RefreshActors reads actors anew whose stored profile was old when it was
// used last. One that cannot be read stays as it is.
func (s *Service) RefreshActors(ctx context.Context) error {
	p, err := s.pass(ctx)
	if err != nil {
		return fmt.Errorf("refresh actors: %w", err)
	}
	var group errgroup.Group
	group.SetLimit(4)
	for _, uri := range s.bounds.takeStale() {
		group.Go(func() error {
			r := &receipt{pass: p, fetches: maxFetches}
			if err := r.readActor(ctx, uri); err != nil {
				s.Log.DebugContext(ctx, "profile not refreshed", "actor", uri, "err", err)
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}
