package activitypub

// Activity is an activity to send: Create, Update, Delete, Announce, Accept, Reject, Follow, Undo, Like and so on.
type Activity struct {
	ID         string    `json:"id,omitempty"`
	Type       string    `json:"type"`
	Actor      string    `json:"actor"`
	Published  Timestamp `json:"published,omitempty"`
	To         []string  `json:"to,omitempty"`
	CC         []string  `json:"cc,omitempty"`
	Summary    string    `json:"summary,omitempty"`
	Content    string    `json:"content,omitempty"`    // of a Flag: the report
	Object     Document  `json:"object,omitempty"`     // a Ref, or embedded
	Target     string    `json:"target,omitempty"`     // of Add, Remove, Move
	Result     string    `json:"result,omitempty"`     // of an Accept of a QuoteRequest: the stamp
	Instrument Document  `json:"instrument,omitempty"` // of a QuoteRequest: the quoting object
}

func (a *Activity) extensions() extension {
	return union(a.Object, a.Instrument) | used(a.Type == "QuoteRequest", extQuote)
}
