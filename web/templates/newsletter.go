package templates

// Addresses of the newsletter.
const (
	NewsletterPath        = "/-/newsletter" // POST: email; from its own page stamp too
	NewsletterConfirmPath = "/-/newsletter/confirm"
	NewsletterLeavePath   = "/-/newsletter/leave"
	NewsletterManagePath  = "/-/newsletter/manage" // POST: token, weekly, language
)

// NewsletterPage is each step of a subscriber: "ask" with the form, "sent",
// "confirm", "manage" and "left".
type NewsletterPage struct {
	Frame
	Step     string
	Email    string
	Stamp    string
	Token    string
	Weekly   bool
	Language string // of the letters
	Saved    bool
	Problems Problems
}

func (*NewsletterPage) file() string { return "site/newsletter" }
