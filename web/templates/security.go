package templates

import (
	"html/template"
	"time"

	"kabar/internal/i18n"
)

// Addresses of what keeps an account safe.
const (
	// LoginSecondPath takes the second factor: POST code, next, kept.
	LoginSecondPath = LoginPath + "/second"
	// LoginPasskeyPath answers POST with what an authenticator is to be asked, as
	// JSON. Its answer goes as "passkey" to LoginPath or StudioConfirmPath.
	LoginPasskeyPath = LoginPath + "/passkey"
	// StudioConfirmPath asks who is signed in to prove it again: POST password or
	// passkey, next, kept.
	StudioConfirmPath = "/studio/confirm"
	// StudioSecurityPath is where who is signed in looks after their account.
	// POST takes do: password (present, password), app-begin, app-confirm (code),
	// app-remove, codes, passkey-add (name, passkey), passkey-remove (id), end
	// (id) and end-others.
	StudioSecurityPath = "/studio/security"
	// StudioPasskeyPath answers POST with what an authenticator is to make.
	StudioPasskeyPath = StudioSecurityPath + "/passkey"
)

// asking is what the three pages that ask who somebody is have in common.
type asking struct {
	Problems Problems
	Wait     time.Duration // how long the next try has to wait; 0 for none
	Next     string        // path to go to
	Kept     *KeptForm     // sent along as "kept"; nil for none
	Passkeys bool          // one can be used
}

// SecondPage asks for the second factor after the password.
type SecondPage struct {
	Frame
	asking
	App bool // by an authenticator app, besides a recovery code
}

// ConfirmPage asks who is signed in to prove it again.
type ConfirmPage struct {
	Frame
	asking
	Account string // name to sign in with
}

// Asks fills in what such a page needs besides its own.
func (a *asking) Asks(next string, kept *KeptForm, passkeys bool) {
	a.Next, a.Kept, a.Passkeys = next, kept, passkeys
}

// Refusal is why an answer was not taken: the key of a text, or how long the
// next try has to wait.
type Refusal struct {
	Key  string
	Wait time.Duration
}

// Refused shows a refusal; nil is none.
func (a *asking) Refused(why *Refusal) {
	switch {
	case why == nil:
	case why.Wait > 0:
		a.Wait = why.Wait
	default:
		a.Problems = Problems{"": i18n.M(why.Key)}
	}
}

// SecurityPage is StudioSecurityPath.
type SecurityPage struct {
	Frame
	Studio
	Account  string // name to sign in with
	Wanted   bool   // a second factor is required of this account, and there is none
	App      bool
	NewApp   *AppSetup // being set up
	MayApp   bool      // one can be set up here
	MayKey   bool      // passkeys can be added here
	Codes    int       // recovery codes that are left
	FewCodes bool
	Passkeys []PasskeyRow
	SignIns  []SignInRow
	Events   []EventRow
	Factor   bool // there is a second factor
	Problems Problems
}

// AppSetup is an authenticator app that is being set up.
type AppSetup struct {
	Secret string       // in groups, to be typed
	URL    template.URL // otpauth:
	Size   int          // of the drawing, in modules
	Path   string       // of the dark ones
}

// Side is that of the drawing with its quiet zone, four modules all round.
func (a *AppSetup) Side() int { return a.Size + 8 }

// passkeyData is what the part of the same name takes.
type passkeyData struct {
	Frame
	To, Next string
	Kept     *KeptForm
}

func newPasskey(f Frame, to, next string, kept *KeptForm) passkeyData {
	return passkeyData{f, to, next, kept}
}

// PasskeyRow is a passkey.
type PasskeyRow struct {
	ID      string
	Name    string
	Created time.Time
	Used    time.Time // zero for never
	Copied  bool
}

// SignInRow is a browser that is signed in.
type SignInRow struct {
	ID      string
	Device  string // may be empty
	Network string // may be empty
	Method  string
	Created time.Time
	Seen    time.Time
	This    bool
}

// EventRow is what happened to the security of the account.
type EventRow struct {
	At   time.Time
	Said string
	Note string // may be empty
}

// CodesPage shows new recovery codes, once.
type CodesPage struct {
	Frame
	Studio
	Codes []string
	File  template.URL // the same as a text file
	Next  string
}

func (*SecondPage) file() string   { return "studio/second" }
func (*ConfirmPage) file() string  { return "studio/confirm" }
func (*SecurityPage) file() string { return "studio/security" }
func (*CodesPage) file() string    { return "studio/codes" }
