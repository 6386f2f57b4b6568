package activitypub

// Link is a Link to send, or one of its kinds in tag: Mention and Hashtag.
type Link struct {
	Type      string `json:"type"`
	Href      string `json:"href"`
	MediaType string `json:"mediaType,omitempty"`
	Rel       string `json:"rel,omitempty"`
	Name      string `json:"name,omitempty"`
}

// NewLink returns a link of a media type.
func NewLink(href, mediaType string) *Link {
	return &Link{Type: "Link", Href: href, MediaType: mediaType}
}

// NewMention returns the mention of an actor; name is @user@host.
func NewMention(actor, name string) *Link { return &Link{Type: "Mention", Href: actor, Name: name} }

// NewHashtag returns a hashtag; href is its page, name begins with #.
func NewHashtag(href, name string) *Link { return &Link{Type: "Hashtag", Href: href, Name: name} }

func (l *Link) extensions() extension { return used(l.Type == "Hashtag", extPost) }

// Links are the addresses of an object; one of text/html alone is written as a string.
type Links []*Link

// Web returns the address of a page as Links.
func Web(address string) Links { return Links{NewLink(address, "text/html")} }

// MarshalJSON writes a plain string for the one web address that every server understands so, else the list.
func (l Links) MarshalJSON() ([]byte, error) {
	if len(l) == 1 && l[0].MediaType == "text/html" && l[0].Rel == "" {
		return encode(l[0].Href)
	}
	return encode([]*Link(l))
}

// Media is an Image, Document, Audio or Video to send.
type Media struct {
	Type      string `json:"type"`
	MediaType string `json:"mediaType,omitempty"`
	URL       string `json:"url"`
	Name      string `json:"name,omitempty"` // description for those who do not see it
	Width     int    `json:"width,omitempty"`
	Height    int    `json:"height,omitempty"`
	Blurhash  string `json:"blurhash,omitempty"`
	// FocalPoint is what stays when it is cropped: from the middle, right and up, -1 to 1.
	FocalPoint []float64 `json:"focalPoint,omitempty"`
}

// NewImage returns an image with its description.
func NewImage(address, mediaType, description string) *Media {
	return &Media{Type: "Image", MediaType: mediaType, URL: address, Name: description}
}

func (m *Media) extensions() extension {
	return used(m != nil && m.Blurhash != "", extMedia) | used(m != nil && m.FocalPoint != nil, extFocus)
}

// Emoji is a custom emoji in tag (Mastodon, "Emoji").
type Emoji struct {
	ID      string    `json:"id,omitempty"`
	Type    string    `json:"type"` // "Emoji"
	Name    string    `json:"name"` // :shortcode:
	Updated Timestamp `json:"updated,omitempty"`
	Icon    *Media    `json:"icon"`
}

// NewEmoji returns the emoji :shortcode: with its image.
func NewEmoji(id, name string, icon *Media) *Emoji {
	return &Emoji{ID: id, Type: "Emoji", Name: name, Icon: icon}
}

func (e *Emoji) extensions() extension { return extEmoji | e.Icon.extensions() }
