package blog

import "github.com/google/uuid"

// ShareImage asks for the picture of an article that was published or edited,
// for shared links.
type ShareImage struct {
	Article uuid.UUID `json:"article"`
}

// Kind names the job.
func (ShareImage) Kind() string { return "share_image" }

// Size of the picture that is made of an article for shared links, in pixels:
// what the large cards of other sites show whole.
const (
	ShareWidth  = 1200
	ShareHeight = 630
)
