package activitypub

import "time"

// Object is anything decoded: an activity, an object, an actor, a link or a collection. A property that is absent, or of
// a wrong type, is the zero value (TotalItems: -1).
type Object struct {
	ID    string
	Types []string

	// Properties with one or many values, each an id or an embedded object.
	Actor, Object, Target, Origin, Result, Instrument        Items
	AttributedTo, InReplyTo, To, CC, Audience                Items
	Tag, Attachment, URL, Icon, Image, Preview, OneOf, AnyOf Items
	Replies, Likes, Shares                                   Items

	// Of a collection and its pages.
	First, Last, Next, Prev, PartOf, Items, OrderedItems Items
	TotalItems                                           int // -1 if not told

	Context, Conversation            string // ids of the thread
	Quote                            string // id of the quoted object (FEP-044f, or its older spellings)
	QuoteAuthorization               string // id of the stamp that allows the quote (FEP-044f)
	InteractingObject                string // of a QuoteAuthorization: the quoting object
	InteractionTarget                string // of a QuoteAuthorization: the quoted object
	Name, Summary, Content           string // Name is plain text, the others HTML; of a *Map alone, its first value
	NameMap, SummaryMap, ContentMap  LangMap
	DefaultLanguage                  string // of texts that tell none (JSON-LD, @language of the context); "" = not told
	MediaType                        string
	Published, Updated, Deleted, End time.Time
	Sensitive                        bool
	FormerType                       string // of a Tombstone
	Reaction                         string // of a Like or EmojiReact: the emoji, as :name: or itself

	// Of a link or a file.
	Href, Rel, HrefLang, Blurhash string
	Width, Height                 int // pixels

	// Of an actor.
	PreferredUsername, WebFinger            string // WebFinger is user@domain (FEP-2c59)
	Inbox, Outbox, SharedInbox              string
	Followers, Following, Featured, MovedTo string
	AlsoKnownAs, AttributionDomains         []string
	PublicKeys                              []PublicKey
	AssertionMethods                        []Multikey
	Suspended, Memorial, ManuallyApproves   bool
	Discoverable, Indexable                 bool
	Value                                   string // of a PropertyValue: HTML
	HasSignature, HasProof                  bool   // a "signature" (Linked Data Signatures) or "proof" (FEP-8b32) stands on the top level
}

// PublicKey is one key of an actor (https://w3id.org/security/v1).
type PublicKey struct {
	ID    string `json:"id"`
	Owner string `json:"owner"`
	PEM   string `json:"publicKeyPem"`
}

// Multikey is one key of an actor under assertionMethod (FEP-521a).
type Multikey struct {
	ID         string `json:"id"`
	Controller string `json:"controller"`
	Multibase  string `json:"publicKeyMultibase"`
}

// Item is one value of a property: an id, or an embedded object. ID is the object's id, for a link its href; it may be "".
type Item struct {
	ID     string
	Object *Object
}

// Items are the values of one property, in their order.
type Items []Item

// ID returns the first id, or "".
func (items Items) ID() string { return items.First().ID }

// First returns the first value, or an empty one.
func (items Items) First() Item {
	if len(items) == 0 {
		return Item{}
	}
	return items[0]
}

// IDs returns the ids that are not empty.
func (items Items) IDs() []string {
	var ids []string
	for _, item := range items {
		if item.ID != "" {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// Objects returns the embedded objects.
func (items Items) Objects() []*Object {
	var objects []*Object
	for _, item := range items {
		if item.Object != nil {
			objects = append(objects, item.Object)
		}
	}
	return objects
}
