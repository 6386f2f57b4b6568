package templates

import "strconv"

// framedData is a picture as a page shows it.
type framedData struct {
	Image
	Class string
	Sizes string // how wide it stands, for browsers to choose a form
	First bool   // it is seen at once: loaded before others, not when it comes near
}

func newFramed(i Image, class, sizes string, first bool) framedData {
	return framedData{i, class, sizes, first}
}

// Focused are the classes of the picture with the part that stays when it is
// cropped.
func (d framedData) Focused() string {
	if d.Focus == "" {
		return d.Class
	}
	return d.Class + " focus-" + d.Focus
}

// Set is the srcset of the forms.
func (d framedData) Set() string {
	set := ""
	for _, f := range d.Forms {
		if set != "" {
			set += ", "
		}
		set += f.URL + " " + strconv.Itoa(f.Width) + "w"
	}
	return set
}

// PictureForm is a picture in one width.
type PictureForm struct {
	URL   string
	Width int // in pixels
}

// FocusOf names the part of a picture, given in percent, on a grid of three by
// three; "" is the middle.
func FocusOf(x, y int) string {
	name := strconv.Itoa(third(x)) + "-" + strconv.Itoa(third(y))
	if name == "50-50" {
		return ""
	}
	return name
}

func third(percent int) int {
	switch {
	case percent < 34:
		return 0
	case percent > 66:
		return 100
	}
	return 50
}

// focuses are the nine parts of a picture that may stay, row by row.
var focuses = []string{"0-0", "50-0", "100-0", "0-50", "50-50", "100-50", "0-100", "50-100", "100-100"}
