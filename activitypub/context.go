package activitypub

import "bytes"

// extension is a set of terms that are not in the ActivityStreams context.
type extension uint

const (
	extSecurity    extension = 1 << iota // publicKey
	extMultikey                          // assertionMethod
	extPost                              // Hashtag, sensitive, conversation
	extEmoji                             // Emoji
	extMedia                             // blurhash
	extProfile                           // what Mastodon added to actors
	extWebFinger                         // webfinger (FEP-2c59)
	extProperty                          // PropertyValue
	extInteraction                       // interactionPolicy
	extQuote                             // quote, QuoteRequest, QuoteAuthorization (FEP-044f)
	extFocus                             // focalPoint
)

// contexts are the context documents of extensions, in the order in which they are named.
var contexts = []struct {
	extension extension
	address   string
}{
	{extSecurity, "https://w3id.org/security/v1"},
	{extMultikey, "https://w3id.org/security/multikey/v1"},
}

// terms are the definitions of the other extensions, as other servers write them: inline, so that nobody must load a document.
var terms = []struct {
	extension extension
	name      string
	value     any
}{
	{extEmoji | extMedia | extProfile | extFocus, "toot", "http://joinmastodon.org/ns#"},
	{extProperty, "schema", "http://schema.org#"},
	{extInteraction | extQuote, "gts", "https://gotosocial.org/ns#"},
	{extPost, "ostatus", "http://ostatus.org#"},
	{extPost, "Hashtag", "as:Hashtag"},
	{extPost, "sensitive", "as:sensitive"},
	{extPost, "conversation", "ostatus:conversation"},
	{extEmoji, "Emoji", "toot:Emoji"},
	{extMedia, "blurhash", "toot:blurhash"},
	{extFocus, "focalPoint", term{ID: "toot:focalPoint", Container: "@list"}},
	{extMultikey, "assertionMethod", term{ID: "https://w3id.org/security#assertionMethod", Type: "@id", Container: "@set"}},
	{extWebFinger, "webfinger", term{ID: "https://purl.archive.org/socialweb/webfinger#webfinger", Type: "xsd:string"}},
	{extProperty, "PropertyValue", "schema:PropertyValue"},
	{extProperty, "value", "schema:value"},
	{extProfile, "manuallyApprovesFollowers", "as:manuallyApprovesFollowers"},
	{extProfile, "alsoKnownAs", idTerm("as:alsoKnownAs")},
	{extProfile, "movedTo", idTerm("as:movedTo")},
	{extProfile, "featured", idTerm("toot:featured")},
	{extProfile, "discoverable", "toot:discoverable"},
	{extProfile, "indexable", "toot:indexable"},
	{extProfile, "attributionDomains", setTerm("toot:attributionDomains")},
	{extInteraction, "interactionPolicy", idTerm("gts:interactionPolicy")},
	{extInteraction, "canReply", idTerm("gts:canReply")},
	{extInteraction, "canLike", idTerm("gts:canLike")},
	{extInteraction, "canAnnounce", idTerm("gts:canAnnounce")},
	{extInteraction, "canQuote", idTerm("gts:canQuote")},
	{extInteraction, "automaticApproval", idTerm("gts:automaticApproval")},
	{extInteraction, "manualApproval", idTerm("gts:manualApproval")},
	{extQuote, "quote", idTerm("https://w3id.org/fep/044f#quote")},
	{extQuote, "quoteAuthorization", idTerm("https://w3id.org/fep/044f#quoteAuthorization")},
	{extQuote, "QuoteRequest", "https://w3id.org/fep/044f#QuoteRequest"},
	{extQuote, "QuoteAuthorization", "https://w3id.org/fep/044f#QuoteAuthorization"},
	{extQuote, "interactingObject", idTerm("gts:interactingObject")},
	{extQuote, "interactionTarget", idTerm("gts:interactionTarget")},
}

// term is a definition that says how values are written.
type term struct {
	ID        string `json:"@id"`
	Type      string `json:"@type,omitempty"`
	Container string `json:"@container,omitempty"`
}

func idTerm(iri string) term  { return term{ID: iri, Type: "@id"} }
func setTerm(iri string) term { return term{ID: iri, Container: "@set"} }

// context returns the value of @context: the one address alone, or a list that begins with it (Mastodon looks for the string).
func (x extension) context() any {
	list := []any{Namespace}
	for _, c := range contexts {
		if x&c.extension != 0 {
			list = append(list, c.address)
		}
	}
	if defined := x.definitions(); len(defined) > 0 {
		list = append(list, defined)
	}
	if len(list) == 1 {
		return Namespace
	}
	return list
}

func (x extension) definitions() definitions {
	var defined definitions
	for _, t := range terms {
		if x&t.extension != 0 {
			defined = append(defined, definition{t.name, t.value})
		}
	}
	return defined
}

type definition struct {
	name  string
	value any
}

// definitions is an inline context, in its order.
type definitions []definition

// MarshalJSON writes the definitions as an object.
func (d definitions) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, def := range d {
		b.WriteByte("{,"[min(i, 1)])
		value, err := encode(def.value)
		if err != nil {
			return nil, err
		}
		b.WriteString(`"` + def.name + `":`)
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// used returns flag when cond holds.
func used(cond bool, flag extension) extension {
	if cond {
		return flag
	}
	return 0
}

// union returns the extensions of all documents that are there.
func union[D Document](documents ...D) extension {
	var x extension
	for _, d := range documents {
		if any(d) != nil {
			x |= d.extensions()
		}
	}
	return x
}
