package templates

// StudioProfilePath is the profile of who is signed in.
const StudioProfilePath = "/studio/profile"

// ProfilePage is what readers see of who is signed in. It posts multipart to
// StudioProfilePath with the fields of ProfileForm, and avatar and avatar_remove.
type ProfilePage struct {
	Frame
	Studio
	Form     ProfileForm
	Account  string // name to sign in with
	Avatar   string // address of the picture; empty for none
	PageURL  string // empty without a public profile
	Problems Problems
}

// ProfileForm is what was typed.
type ProfileForm struct {
	Public                           bool
	Display, Bio, Website, Fediverse string
}

func (*ProfilePage) file() string { return "studio/profile" }

// DetailsForm is what an author says of an article beside its text: the fields
// author (repeated), series, part, pinned, history and cover_caption.
type DetailsForm struct {
	Series, Part    string
	Pinned, History bool
	CoverCaption    string
}

// details are what an editor offers for that.
type details struct {
	Authors   []Choice // those in the byline first, in its order
	Series    []string // known ones
	MayDelete bool
}

// Offer fills in what an editor offers.
func (p *EditorPage) Offer(authors []Choice, series []string, mayDelete bool) {
	p.details = details{authors, series, mayDelete}
}

// OwnDetails reports whether anything is said of this article, or is wrong with
// that.
func (p *EditorPage) OwnDetails() bool {
	for _, field := range []string{"authors", "series", "part", "pinned", "history"} {
		if !p.Problems[field].IsZero() {
			return true
		}
	}
	for _, author := range p.Authors {
		if author.Selected {
			return true
		}
	}
	d := p.Form.Details
	return d.Series != "" || d.Pinned || d.History
}
