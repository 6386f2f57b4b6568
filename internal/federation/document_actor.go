package federation

import (
	"context"
	"fmt"
	"html"
	"strings"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
	"kabar/internal/markup"
)

// ActorDocument is the document of the actor with that id. Errors:
// blog.ErrNotFound. An actor of ours never answers 410: Mastodon would end
// the account.
func (s *Service) ActorDocument(ctx context.Context, id uuid.UUID) ([]byte, error) {
	actor, err := s.Store.Actor(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("actor document: %w", err)
	}
	if actor.Kind != blog.BlogActor && actor.Kind != blog.AuthorActor {
		return nil, fmt.Errorf("actor document: %w", blog.ErrNotFound)
	}
	doc, err := s.actor(ctx, actor)
	if err != nil {
		return nil, fmt.Errorf("actor document: %w", err)
	}
	return activitypub.Marshal(doc)
}

// InstanceDocument is the document of the actor that signs our fetches.
func (s *Service) InstanceDocument(ctx context.Context) ([]byte, error) {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return nil, fmt.Errorf("instance document: %w", err)
	}
	actor, err := s.Store.LocalActor(ctx, blog.InstanceActor, "")
	if err != nil {
		return nil, fmt.Errorf("instance document: %w", err)
	}
	doc := &activitypub.Actor{
		ID: actor.URI, Type: "Application", PreferredUsername: actor.Handle, WebFinger: actor.Acct(), Name: actor.Label(),
		URL: site.Address().Home(), Published: activitypub.At(actor.Created),
		Inbox: site.Address().SharedInbox(), Outbox: actor.URI + "/outbox",
		Endpoints: &activitypub.Endpoints{SharedInbox: site.Address().SharedInbox()}, ManuallyApproves: true,
	}
	if err := s.publicKeys(ctx, doc, actor); err != nil {
		return nil, fmt.Errorf("instance document: %w", err)
	}
	return activitypub.Marshal(doc)
}

func (s *Service) actor(ctx context.Context, actor blog.Actor) (*activitypub.Actor, error) {
	site, err := s.Store.Site(ctx)
	if err != nil {
		return nil, err
	}
	doc := &activitypub.Actor{
		ID: actor.URI, Type: actor.Type, PreferredUsername: actor.Handle, WebFinger: actor.Acct(), Name: actor.Label(),
		Summary: actor.Summary, URL: ProfilePage(site, actor), Published: activitypub.At(actor.Created),
		Inbox: actor.URI + "/inbox", Outbox: actor.URI + "/outbox", Followers: actor.URI + "/followers",
		Following: actor.URI + "/following", Featured: actor.URI + "/featured",
		Endpoints:    &activitypub.Endpoints{SharedInbox: site.Address().SharedInbox()},
		Discoverable: site.Discoverable, Indexable: site.Indexable,
		AttributionDomains: []string{hostname(site.Origin)}, Icon: s.icon(ctx, site, actor),
	}
	if actor.Kind == blog.BlogActor {
		doc.Summary = paragraphs(site.Description)
		doc.Attachment = profileFields(site.Fields)
	}
	return doc, s.publicKeys(ctx, doc, actor)
}

// publicKeys adds the RSA key, which every server reads, and the Ed25519 one
// as a Multikey (FEP-521a).
func (s *Service) publicKeys(ctx context.Context, doc *activitypub.Actor, actor blog.Actor) error {
	keys, err := s.Store.LocalKeys(ctx, actor.ID)
	if err != nil {
		return err
	}
	rsa, err := httpsig.ParsePrivateKey(keys.RSA)
	if err != nil {
		return err
	}
	pem, err := httpsig.MarshalPublicKey(rsa.Public())
	if err != nil {
		return err
	}
	doc.PublicKey = &activitypub.PublicKey{ID: KeyID(actor.URI), Owner: actor.URI, PEM: pem}
	if keys.Ed25519 == "" {
		return nil
	}
	ed, err := httpsig.ParsePrivateKey(keys.Ed25519)
	if err != nil {
		return err
	}
	multibase, err := httpsig.MarshalMultikey(ed.Public())
	if err != nil {
		return err
	}
	doc.AssertionMethod = []*activitypub.VerifyMethod{activitypub.NewMultikey(actor.URI+"#ed25519-key", actor.URI, multibase)}
	return nil
}

// ProfilePage is the page of an actor of ours.
func ProfilePage(site blog.Site, actor blog.Actor) string {
	if actor.Kind == blog.AuthorActor {
		return site.Address().Author(actor.Handle)
	}
	return site.Address().Home()
}

// IconPath is the built-in picture of an actor, served by web; a raster image
// since Mastodon shows no SVG.
const IconPath = "/-/icon.png"

func (s *Service) icon(ctx context.Context, site blog.Site, actor blog.Actor) *activitypub.Media {
	switch {
	case actor.Avatar != "":
		return s.image(ctx, site, actor.Avatar, "")
	case site.Icon != "":
		return s.image(ctx, site, site.Icon, "")
	}
	return activitypub.NewImage(site.Origin+IconPath, "image/png", "")
}

// image is a picture of the media store with its description.
func (s *Service) image(ctx context.Context, site blog.Site, name, description string) *activitypub.Media {
	image := activitypub.NewImage(site.Address().Media(name), "", description)
	if m, err := s.Blog.Media(ctx, name); err == nil {
		image.MediaType, image.Width, image.Height, image.Blurhash = m.Type, m.Width, m.Height, m.Blurhash
		if m.Focus != (blog.Focus{X: 50, Y: 50}) {
			image.FocalPoint = []float64{float64(m.Focus.X)/50 - 1, 1 - float64(m.Focus.Y)/50}
		}
	}
	return image
}

func paragraphs(text string) string {
	var b strings.Builder
	text = strings.ReplaceAll(text, "\r\n", "\n")
	for _, p := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
		}
	}
	return b.String()
}

// profileFields are the rows of the profile. A link stands as Mastodon wants
// it to check rel="me": one a element whose text is its address.
func profileFields(fields []blog.Field) []*activitypub.PropertyValue {
	var values []*activitypub.PropertyValue
	for _, f := range fields {
		value := html.EscapeString(f.Value)
		if address, ok := markup.SafeURL(f.Value); ok {
			value = fmt.Sprintf(`<a href="%[1]s" rel="me nofollow noopener" target="_blank">%[1]s</a>`, html.EscapeString(address))
		}
		values = append(values, activitypub.NewPropertyValue(f.Name, value))
	}
	return values
}

func hostname(origin string) string {
	host := Host(origin)
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		return host[:i]
	}
	return host
}
