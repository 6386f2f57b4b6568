package activitypub

// Actor is an actor to send. It never carries "suspended": Mastodon would suspend the account.
type Actor struct {
	ID                 string           `json:"id"`
	Type               string           `json:"type"` // Person, Organization, Group, Service or Application
	PreferredUsername  string           `json:"preferredUsername,omitempty"`
	WebFinger          string           `json:"webfinger,omitempty"` // user@domain (FEP-2c59)
	Name               string           `json:"name,omitempty"`      // plain text
	Summary            string           `json:"summary,omitempty"`   // HTML
	URL                string           `json:"url,omitempty"`       // the page, on the host of the id
	Published          Timestamp        `json:"published,omitempty"`
	Updated            Timestamp        `json:"updated,omitempty"`
	Icon               *Media           `json:"icon,omitempty"`
	Image              *Media           `json:"image,omitempty"`
	Inbox              string           `json:"inbox,omitempty"`
	Outbox             string           `json:"outbox,omitempty"`
	Followers          string           `json:"followers,omitempty"`
	Following          string           `json:"following,omitempty"`
	Featured           string           `json:"featured,omitempty"`
	Endpoints          *Endpoints       `json:"endpoints,omitempty"`
	ManuallyApproves   bool             `json:"manuallyApprovesFollowers"`
	Discoverable       bool             `json:"discoverable"`
	Indexable          bool             `json:"indexable"`
	Attachment         []*PropertyValue `json:"attachment,omitempty"`
	Tag                []Document       `json:"tag,omitempty"`
	AlsoKnownAs        []string         `json:"alsoKnownAs,omitempty"`
	MovedTo            string           `json:"movedTo,omitempty"`
	AttributionDomains []string         `json:"attributionDomains,omitempty"`
	PublicKey          *PublicKey       `json:"publicKey,omitempty"`
	AssertionMethod    []*VerifyMethod  `json:"assertionMethod,omitempty"`
}

// Endpoints holds the inbox that all actors of a server share (ActivityPub section 4.1).
type Endpoints struct {
	SharedInbox string `json:"sharedInbox,omitempty"`
}

// PropertyValue is a field of a profile.
type PropertyValue struct {
	Type  string `json:"type"` // "PropertyValue"
	Name  string `json:"name"`
	Value string `json:"value"` // HTML
}

// NewPropertyValue returns a field of a profile.
func NewPropertyValue(name, value string) *PropertyValue {
	return &PropertyValue{"PropertyValue", name, value}
}

func (*PropertyValue) extensions() extension { return extProperty }

// VerifyMethod is a key under assertionMethod (FEP-521a).
type VerifyMethod struct {
	ID         string `json:"id"`
	Type       string `json:"type"` // "Multikey"
	Controller string `json:"controller"`
	Multibase  string `json:"publicKeyMultibase"`
}

// NewMultikey returns the key id of the actor controller.
func NewMultikey(id, controller, multibase string) *VerifyMethod {
	return &VerifyMethod{id, "Multikey", controller, multibase}
}

func (a *Actor) extensions() extension {
	return extProfile | union(a.Attachment...) | union(a.Tag...) | a.Icon.extensions() | a.Image.extensions() |
		used(a.PublicKey != nil, extSecurity) | used(len(a.AssertionMethod) > 0, extMultikey) |
		used(a.WebFinger != "", extWebFinger)
}

// KeyDocument is a key served by itself.
type KeyDocument struct {
	ID    string `json:"id"`
	Type  string `json:"type"` // "CryptographicKey"
	Owner string `json:"owner"`
	PEM   string `json:"publicKeyPem"`
}

// NewKeyDocument returns the document of a key.
func NewKeyDocument(k PublicKey) *KeyDocument {
	return &KeyDocument{k.ID, "CryptographicKey", k.Owner, k.PEM}
}

func (*KeyDocument) extensions() extension { return extSecurity }
