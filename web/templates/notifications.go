package templates

import "time"

const (
	// StudioNotificationsPath is the list; POST takes do=read with "until", and
	// do=save with the settings: "page" and "mail" (kinds), digest, hour.
	StudioNotificationsPath = "/studio/notifications"
	// DigestPath ends the digests of an account: GET asks, POST does it. The
	// token is in "token".
	DigestPath = "/-/digest"
)

// NotificationsPage is what happened, newest first.
type NotificationsPage struct {
	Frame
	Studio
	Rows     []NotificationRow
	Until    string // what "mark all as read" reads
	Kinds    []NotificationChoice
	Digest   string // "", daily or weekly
	Hour     int
	HasMail  bool // the server can send mail
	HasEmail bool // the account has an address
	Problems Problems
	Paging   Paging
}

// NotificationRow is one thing that happened, or the same done by several.
type NotificationRow struct {
	Kind     string   // of blog.NotificationKind
	People   []Person // some of those who did it
	Sentence string
	URL      string // where it can be seen or dealt with
	Text     string // how a comment begins
	At       time.Time
	Unread   bool
}

// NotificationChoice is a kind with where an account wants to hear of it.
type NotificationChoice struct {
	Kind       string
	Page, Mail bool
}

// Hours are the hours of a day.
func (*NotificationsPage) Hours() [24]struct{} { return [24]struct{}{} }

// Icon is the name of the sign of the row's kind.
func (r NotificationRow) Icon() string {
	return map[string]string{
		"comment": "inbox", "answer": "reply", "private": "key", "mention": "link", "quote": "quote", "like": "like",
		"boost": "boost", "follow": "follow", "waiting": "clock", "report": "shield",
	}[r.Kind]
}

// DigestPage ends the digests of an account.
type DigestPage struct {
	Frame
	Token string
	Done  bool
}

func (*NotificationsPage) file() string { return "studio/notifications" }
func (*DigestPage) file() string        { return "site/digest" }
