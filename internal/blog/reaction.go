package blog

import "time"

// Reaction is a like, a boost or an emoji reaction.
type Reaction struct {
	Kind    string // like, boost, emoji
	Actor   Actor
	Content string
	Created time.Time
}

// Response is what people did to one article or comment in one way.
type Response struct {
	Kind    string  // like, boost, emoji or quote
	Content string  // the emoji, a character or :shortcode:; "" for the other kinds
	URL     string  // of the picture of a custom emoji, at its origin
	Count   int     // all who did
	Faces   []Actor // the newest of them, at most as many as were asked for
}
