package templates

// Look is how the blog's owner has its pages look; the zero value is how Kabar
// comes.
type Look struct {
	Sheet               string // address of its style sheet; "" = none
	PageLight, PageDark string // backgrounds of the pages; "" = Kabar's own
	Logo                *Image // in place of the drum
	Header              *Image // above the front page
	Navigation          []Link // in place of the usual entries; nil = those
	Footer              []Link
}
