package templates

import "time"

// Addresses of the newsletter in the Studio.
const (
	StudioNewsletterPath  = "/studio/newsletter"
	StudioSubscribersPath = "/studio/newsletter/subscribers.csv"
)

// StudioNewsletterPage sets the newsletter and shows who gets it: POST to
// StudioNewsletterPath with do = save, test, import or remove.
type StudioNewsletterPage struct {
	Frame
	Studio
	Mail        bool // mail can be sent
	MayChange   bool
	Form        NewsletterForm
	Tiles       []Tile
	Query       string
	Subscribers []SubscriberRow
	Issues      []IssueRow
	Paging      Paging
	Problems    Problems
}

// NewsletterForm is what the page holds, as typed. The names of the fields
// begin with newsletter_.
type NewsletterForm struct {
	On, Full                bool
	Delay, Rate, Hour, Day  string
	Sender, ReplyTo, Footer string
}

// SubscriberRow is somebody who gets the newsletter, or was asked.
type SubscriberRow struct {
	ID, Email string
	Since     time.Time
	State     string // confirmed, waiting or paused
	Weekly    bool
}

// IssueRow is a letter to all.
type IssueRow struct {
	Title                          string // "" = the articles of a week
	Created                        time.Time
	Sent, Failed, Waiting, Unknown int
}

// Weekdays are the days that a weekly letter may go out, from Sunday.
func (p *StudioNewsletterPage) Weekdays() []Choice {
	var days []Choice
	sunday := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for i := range 7 {
		value := string(rune('0' + i))
		days = append(days, Choice{Value: value, Label: p.WeekdayOf(sunday.AddDate(0, 0, i)), Selected: value == p.Form.Day})
	}
	return days
}

func (*StudioNewsletterPage) file() string { return "studio/newsletter" }
