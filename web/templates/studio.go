package templates

import (
	"html/template"
	"time"

	"kabar/internal/i18n"
)

// Studio is what every page of the Studio carries beside its Frame.
type Studio struct {
	Me              Person
	CommentsWaiting int      // comments that need attention
	QuotesWaiting   int      // quotes that somebody has to decide about
	DeliveriesStuck int      // deliveries that need attention
	ReportsOpen     int      // reports that somebody has still to look at
	Unread          int      // notifications
	Closed          []string // paths of the navigation that are not for this account
}

// LoginPage signs in to the Studio: POST to LoginPath with email (or the
// account's name), password, next.
type LoginPage struct {
	Frame
	Email    string
	Next     string // path to return to
	Problems Problems
	Wait     time.Duration // how long the next try has to wait; 0 for none
	Kept     *KeptForm     // sent along as "kept"; nil for none
	Passkeys bool          // one can be used instead
}

// KeptForm is a form that came when nobody was signed in any more.
type KeptForm struct {
	Field  string // all of it, for the sign-in
	To     string // where it posts to
	Do     string // the button; may be empty
	Shows  bool   // Do shows the form again and changes nothing
	Upload bool   // it is sent as multipart/form-data
	Files  bool   // it had files, which have to be chosen again
	Fields []KeptField
}

// KeptField is one field of a KeptForm.
type KeptField struct{ Name, Value string }

// ResumePage hands a KeptForm back to who signed in again.
type ResumePage struct {
	Frame
	Kept KeptForm
}

// OverviewPage is the front page of the Studio.
type OverviewPage struct {
	Frame
	Studio
	Tiles    []Tile
	Articles []ArticleRow     // the newest
	Comments []CommentRow     // the newest that wait or are unanswered
	Servers  []DeliveryServer // those that do not answer
}

// Tile is one number with a word of comparison.
type Tile struct {
	Label i18n.Message
	Value string       // formatted
	Note  i18n.Message // may be zero
	Down  bool         // the change is a fall
}

// ArticlesPage lists the articles of the Studio. Rows are deleted with POST to
// the editor's address and do=delete.
type ArticlesPage struct {
	Frame
	Studio
	Filters []Filter
	State   string // the filter, sent along with a search; empty for all
	Query   string // field "q"
	Rows    []ArticleRow
	Paging  Paging
}

// ArticleRow is an article in a list of the Studio.
type ArticleRow struct {
	ID        string
	Title     string // empty: shown as untitled
	Language  string
	Languages []Language // its public translations, with their editors
	State     ArticleState
	URL       string // public page; empty for a draft
	Authors   []Person
	Changed   time.Time
	Published time.Time
	Replies   int
	Boosts    int
	Likes     int
}

// ArticleState is where an article stands.
type ArticleState string

// The states of an article.
const (
	ArticleDraft     ArticleState = "draft"
	ArticlePublished ArticleState = "published"
	ArticleDeleted   ArticleState = "deleted"
)

// Filter is a link that narrows a list.
type Filter struct {
	Label   i18n.Message
	URL     string
	Count   int // shown when above 0
	Urgent  bool
	Current bool
}

// EditorPage writes an article. It posts multipart to the article's own
// address (StudioNewPath for a new one) with the fields title, source,
// summary, tags, language, slug, cover, cover_alt, file, description, and the
// button as "do": draft, publish, update, delete, upload or preview. Without
// JavaScript preview and upload come back as this page. What is not typed goes
// along hidden: revision, on which the edit is made; image, repeated, the
// addresses of Images; cover_now, that of Cover, which cover_remove takes off.
type EditorPage struct {
	Frame
	Studio
	policies
	details
	Kind        Kind
	ID          string // empty for a new article
	State       ArticleState
	Form        EditorForm
	PreviewHTML template.HTML // empty: nothing to show yet
	PublicURL   string        // empty for a draft
	Cover       *Image
	Images      []UploadedImage // of this article, newest first
	Languages   []Choice
	Words       int
	Minutes     int
	Saved       time.Time // zero when never
	Revision    int
	Unsaved     bool     // Form holds what is not saved yet, as after a preview
	Conflict    bool     // somebody saved another revision meanwhile: link to it
	LedgerURL   string   // deliveries of this article; may be empty
	Problems    Problems // by field name; an upload's are "file" and "description"
}

// EditorForm is what an author has typed.
type EditorForm struct {
	Title    string
	Source   string // Markdown
	Summary  string
	Tags     string // separated by commas
	Language string
	Slug     string
	// CoverAlt and Description say what the cover and the image to upload show.
	CoverAlt, Description string
	// What holds for comments and quotes of this article alone; "" is as the blog
	// has it. The fields are comments, close_after, web_comments and quotes.
	Comments, CloseAfter, WebComments, Quotes string
	Details                                   DetailsForm
}

// UploadedImage is an image ready to be put into the text.
type UploadedImage struct {
	Image
	Markdown string // the line that shows it, to copy
}

// Choice is one entry of a select element.
type Choice struct {
	Value    string
	Label    string
	Lang     string // language of Label, when it differs from the page's
	Selected bool
}

// FollowersPage lists the followers. Remove and block post to
// StudioFollowersPath with "actor" and "do": remove or block.
type FollowersPage struct {
	Frame
	Studio
	Total    int
	Servers  []ServerRow // the largest
	Query    string      // field "q"
	Rows     []FollowerRow
	Paging   Paging
	MayBlock bool
}

// ServerRow is a server with its followers.
type ServerRow struct {
	Host      string
	Software  string
	Followers int
}

// FollowerRow is one follower.
type FollowerRow struct {
	Person
	Actor string // id
	Since time.Time
	State FollowerState
}

// FollowerState is how a follower can be reached.
type FollowerState string

// The states of a follower.
const (
	FollowerActive      FollowerState = "active"
	FollowerPending     FollowerState = "pending"
	FollowerUnreachable FollowerState = "unreachable"
)

// DeliveriesPage is the ledger. "Try now" posts to StudioDeliveriesPath with
// do=retry and what to try: "row", "host", "object", or "all" set; "back" is
// Here.
type DeliveriesPage struct {
	Frame
	Studio
	Article                    Link      // the only article shown; zero for all
	Object                     string    // id of its object
	ArticleID                  string    // as the query of the page has it
	Host                       string    // the only server shown, field "host"; empty for all
	State                      string    // the filter; empty for all
	Here                       string    // path and query of this page
	Delivered, Pending, Failed int       // of the last 7 days
	Oldest                     time.Time // oldest pending one; zero for none
	Next                       time.Time // next try of any; zero for none
	Filters                    []Filter
	Activities                 []DeliveryActivity
	Paused                     []DeliveryServer // suspended hosts
	Paging                     Paging
}

// DeliveryActivity is one sent activity with its servers.
type DeliveryActivity struct {
	ID                         string
	Type                       string // Create, Update, Delete …
	Title                      string // of its object
	Language                   string
	URL                        string // of its object's page; may be empty
	At                         time.Time
	Delivered, Pending, Failed int
	Superseded                 int
	Servers                    []DeliveryServer
	More                       string // address of the rest of the servers; empty for none
	Open                       bool
}

// DeliveryServer is one row of the ledger, or a server in trouble.
type DeliveryServer struct {
	Row       string // of the ledger; empty for a server as a whole
	Host      string
	State     DeliveryState
	Tries     int
	At        time.Time // when it was delivered or last tried; zero when never
	NextTry   time.Time // zero when none is planned
	Answer    string    // last answer, e.g. "202" or "503 Service Unavailable"; may be empty
	Followers int
	Waiting   int    // rows, of a server as a whole: without one there is nothing to try
	Back      string // path and query to return to after "try now"
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryDone       DeliveryState = "delivered"
	DeliveryPending    DeliveryState = "pending"
	DeliveryFailed     DeliveryState = "failed"
	DeliverySuperseded DeliveryState = "superseded"
	DeliverySuspended  DeliveryState = "suspended"
)

// SettingsPage changes the blog's settings: POST multipart to
// StudioSettingsPath with title, description, handle, actor_type, language,
// zone, icon (file), field_name and field_value (repeated, in order), and the
// checkboxes discoverable, indexable, signed_get.
type SettingsPage struct {
	Frame
	Studio
	Form         SettingsForm
	Domain       string   // of the handle
	HandleLocked bool     // followers exist: handle and actor type stay
	Zones        []string // IANA names to choose from
	Problems     Problems
}

// SettingsForm is what SettingsPage holds.
type SettingsForm struct {
	Title       string
	Description string
	Handle      string // user part
	Language    string
	Zone        string
	ActorType   string // Person, Organization, Group or Service
	Fields      []SettingsField
	// What other servers may do; shown as switches.
	Discoverable, Indexable, SignedGET bool
	SecondFactor                       string // of whom one is required: off, staff or all
}

// SettingsField is one field of the profile; empty ones are not kept. The page
// always shows four.
type SettingsField struct {
	Name, Value string
}
