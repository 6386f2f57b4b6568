package aptest

import (
	"context"
	"fmt"
	"net/url"

	"kabar/activitypub"
)

// Quoting writes a post that quotes an object, in the shape of Mastodon, and
// serves it, but sends nothing: its Create.
func (p *Person) Quoting(objectID, content string) Doc {
	return p.Compose(Note{Content: content, Extra: quote(objectID)})
}

// Quote posts a quote without asking, as Misskey and Akkoma do: its Create goes
// to the author of what is quoted.
func (p *Person) Quote(ctx context.Context, objectID, content string) (*Sent, error) {
	to, err := p.server.target(ctx, objectID)
	if err != nil {
		return nil, fmt.Errorf("aptest: quote: %w", err)
	}
	return p.Send(ctx, p.Quoting(objectID, content), to.inbox)
}

func quote(objectID string) Doc {
	return Doc{"quote": objectID, "quoteUri": objectID, "_misskey_quote": objectID}
}

// QuoteRequest is the request to quote an object (FEP-044f): instrument is the
// post, or its id.
func QuoteRequest(objectID string, instrument any) Doc {
	return Doc{
		"@context": append(noteContext(), Doc{"QuoteRequest": "https://w3id.org/fep/044f#QuoteRequest"}),
		"type":     "QuoteRequest", "object": objectID, "instrument": instrument,
	}
}

// AskToQuote writes a post that quotes an object and asks its author to allow
// it. The post comes with the request; its id is in the Create that is returned.
func (p *Person) AskToQuote(ctx context.Context, objectID, content string) (create Doc, request *Sent, err error) {
	to, err := p.server.target(ctx, objectID)
	if err != nil {
		return nil, nil, fmt.Errorf("aptest: ask to quote: %w", err)
	}
	create = p.Quoting(objectID, content)
	request, err = p.Send(ctx, QuoteRequest(objectID, create["object"]), to.inbox)
	return create, request, err
}

// CheckStamp fetches the stamp of a quote and believes it as Mastodon does: only
// if each of its fields is right, and it is from the server of what is quoted.
func (s *Server) CheckStamp(ctx context.Context, stampID, quoteID, quotedID string) error {
	stamp, err := s.Fetch(ctx, stampID)
	if err != nil {
		return fmt.Errorf("aptest: stamp: %w", err)
	}
	quoted, err := s.Fetch(ctx, quotedID)
	if err != nil {
		return fmt.Errorf("aptest: what is quoted: %w", err)
	}
	author := quoted.AttributedTo.ID()
	switch {
	case !stamp.Is("QuoteAuthorization"):
		return fmt.Errorf("aptest: the stamp is a %s", stamp.Type())
	case stamp.ID != stampID:
		return fmt.Errorf("aptest: the stamp calls itself %s", stamp.ID)
	case stamp.AttributedTo.ID() != author || hostOf(author) != hostOf(stampID) || hostOf(quotedID) != hostOf(stampID):
		return fmt.Errorf("aptest: the stamp is by %s, what is quoted by %s", stamp.AttributedTo.ID(), author)
	case stamp.InteractingObject != quoteID:
		return fmt.Errorf("aptest: the stamp is for %s", stamp.InteractingObject)
	case stamp.InteractionTarget != quotedID:
		return fmt.Errorf("aptest: the stamp is about %s", stamp.InteractionTarget)
	}
	return nil
}

func hostOf(id string) string {
	u, err := url.Parse(id)
	if err != nil {
		return ""
	}
	return u.Host
}

// ReactCustom answers an object with a custom emoji of the person's server.
func (p *Person) ReactCustom(ctx context.Context, objectID, name, picture string) (*Sent, error) {
	return p.toAuthor(ctx, objectID, Doc{
		"type": "EmojiReact", "content": ":" + name + ":", "to": []string{activitypub.Public},
		"tag": []Doc{{
			"type": "Emoji", "id": p.server.origin + "/emojis/" + name, "name": ":" + name + ":",
			"icon": Doc{"type": "Image", "mediaType": "image/png", "url": picture},
		}},
	})
}
