package blog

// Size of the picture that is made of an article for shared links, in pixels:
// what the large cards of other sites show whole.
const (
	ShareWidth  = 1200
	ShareHeight = 630
)
