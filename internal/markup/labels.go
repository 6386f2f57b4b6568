package markup

// Labels is what the HTML of an article says by itself, in the article's
// language. The zero value is English.
type Labels struct {
	Table, Formula, Footnotes string
	Note, Back                string // followed by a space and the note's number
}

// labels are those of the options.
func (o Options) labels() Labels {
	if o.Labels == (Labels{}) {
		return Labels{"Table", "Formula", "Footnotes", "Footnote", "Back to reference"}
	}
	return o.Labels
}
