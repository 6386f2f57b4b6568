package blog

import (
	"time"

	"github.com/google/uuid"
)

// Details is what an author says about an article beside its text.
type Details struct {
	Static        bool        // a page such as "about": in no list and no feed, not sent to other servers
	Series        string      // name of the series that it belongs to, as written; "" = none
	Part          int         // its place in the series, from 1; 0 = by its date
	Pinned        time.Time   // stands first on the front page since then; zero = not
	TranslationOf uuid.UUID   // the article that it is a translation of; uuid.Nil = none
	History       bool        // readers may see what was changed since its publication
	Authors       []uuid.UUID // accounts in the byline, in its order; none = the actor that publishes it
	CoverCaption  string      // plain
}

// Post reports whether the article stands in lists and feeds and goes to other
// servers by itself.
func (a Article) Post() bool { return !a.Static && a.TranslationOf == uuid.Nil }

// Profile is what readers see of an account.
type Profile struct {
	Public    bool   // it has a page and may stand in bylines
	Display   string // name to show; "" = the account's
	Bio       string // plain text
	Avatar    string // media name, "" = the blog's icon
	Website   string // address
	Fediverse string // their own handle elsewhere, user@host
}

// Focus is the part of a picture that stays when it is cropped, in percent
// from the left and from the top.
type Focus struct{ X, Y int }
