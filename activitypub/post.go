package activitypub

// Post is an Article or a Note to send. Of an Article, Mastodon shows name, summary and a link; GoToSocial and Misskey fold
// it behind a summary, so Summary is for what the author wrote as such, an excerpt belongs in Preview.
type Post struct {
	ID                 string             `json:"id,omitempty"`
	Type               string             `json:"type"` // "Article" or "Note"
	AttributedTo       string             `json:"attributedTo,omitempty"`
	Name               string             `json:"name,omitempty"`    // plain text
	Summary            string             `json:"summary,omitempty"` // plain text
	Content            string             `json:"content,omitempty"` // HTML
	MediaType          string             `json:"mediaType,omitempty"`
	ContentMap         LangMap            `json:"contentMap,omitempty"` // the language is told by this, or by NameMap
	NameMap            LangMap            `json:"nameMap,omitempty"`
	SummaryMap         LangMap            `json:"summaryMap,omitempty"`
	URL                Links              `json:"url,omitempty"` // text/html first: Mastodon takes the first
	Published          Timestamp          `json:"published,omitempty"`
	Updated            Timestamp          `json:"updated,omitempty"` // not before Published: GoToSocial refuses that
	To                 []string           `json:"to,omitempty"`
	CC                 []string           `json:"cc,omitempty"`
	InReplyTo          string             `json:"inReplyTo,omitempty"`
	Context            string             `json:"context,omitempty"`
	Conversation       string             `json:"conversation,omitempty"`
	Sensitive          bool               `json:"sensitive,omitempty"`
	Tag                []Document         `json:"tag,omitempty"` // *Link or *Emoji
	Image              *Media             `json:"image,omitempty"`
	Attachment         []*Media           `json:"attachment,omitempty"` // none on an Article: it would cost Mastodon's link preview
	Preview            *Post              `json:"preview,omitempty"`    // a Note without a link (FEP-b2b8)
	Quote              string             `json:"quote,omitempty"`
	QuoteAuthorization string             `json:"quoteAuthorization,omitempty"`
	Replies            *Collection        `json:"replies,omitempty"`
	Likes              *Collection        `json:"likes,omitempty"`
	Shares             *Collection        `json:"shares,omitempty"`
	InteractionPolicy  *InteractionPolicy `json:"interactionPolicy,omitempty"`
}

func (p *Post) extensions() extension {
	if p == nil {
		return 0
	}
	return extPost | union(p.Tag...) | p.Image.extensions() | union(p.Attachment...) | p.Preview.extensions() |
		used(p.InteractionPolicy != nil, extInteraction) | used(p.Quote != "", extQuote)
}

// Tombstone stands for a deleted object (Activity Vocabulary, Tombstone).
type Tombstone struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"` // "Tombstone"
	FormerType string    `json:"formerType,omitempty"`
	Published  Timestamp `json:"published,omitempty"`
	Deleted    Timestamp `json:"deleted,omitempty"`
}

// NewTombstone returns the tombstone of the object id.
func NewTombstone(id string) *Tombstone { return &Tombstone{ID: id, Type: "Tombstone"} }

func (*Tombstone) extensions() extension { return 0 }

// InteractionPolicy says who may answer, like, boost or quote; nil is not told. Mastodon reads CanQuote only, and takes its absence for nobody.
type InteractionPolicy struct {
	CanReply    *Approval `json:"canReply,omitempty"`
	CanLike     *Approval `json:"canLike,omitempty"`
	CanAnnounce *Approval `json:"canAnnounce,omitempty"`
	CanQuote    *Approval `json:"canQuote,omitempty"`
}

// Approval names collections or actors, such as Public.
type Approval struct {
	Automatic []string `json:"automaticApproval,omitempty"` // may at once
	Manual    []string `json:"manualApproval,omitempty"`    // may ask
}

// QuoteAuthorization is the stamp that allows one quote (FEP-044f).
type QuoteAuthorization struct {
	ID                string `json:"id"`
	Type              string `json:"type"` // "QuoteAuthorization"
	AttributedTo      string `json:"attributedTo"`
	InteractingObject string `json:"interactingObject"` // the quoting object
	InteractionTarget string `json:"interactionTarget"` // the quoted object
}

// NewQuoteAuthorization returns the stamp id, by which actor allows that quote quotes target.
func NewQuoteAuthorization(id, actor, quote, target string) *QuoteAuthorization {
	return &QuoteAuthorization{id, "QuoteAuthorization", actor, quote, target}
}

func (*QuoteAuthorization) extensions() extension { return extQuote }
