package blog

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// fontFormats are the names of fonts' formats in style sheets, by ending.
var fontFormats = map[string]string{"woff2": "woff2", "woff": "woff", "ttf": "truetype", "otf": "opentype"}

// Faces of the fonts of a theme, before the system's.
const (
	readingFace   = `"Kabar Reading"`
	interfaceFace = `"Kabar Interface"`
	readingRest   = `"Iowan Old Style","Palatino Linotype",P052,"Noto Serif",Georgia,serif`
	interfaceRest = `system-ui,sans-serif`
)

// Sheet is the style sheet of a checked theme: its fonts, its colours and,
// unless safe, what the owner wrote. "" = there is nothing to say. It comes
// after the sheet of Kabar. Its tokens stand in the layer of the others, so that
// paper keeps its own; what the owner wrote is in no layer, and so wins.
func (t Theme) Sheet(safe bool) string {
	var b strings.Builder
	face(&b, readingFace, t.Reading)
	face(&b, interfaceFace, t.Interface)
	b.WriteString(t.root())
	if !safe {
		b.WriteString(t.CSS)
	}
	return b.String()
}

func face(b *strings.Builder, name string, f ThemeFont) {
	if f.Name == "" {
		return
	}
	b.WriteString(`@font-face{font-family:` + name + `;src:url(` + MediaPath + f.Name + `) format("` + fontFormats[ending(f.Name)] + `");`)
	if f.Variable {
		b.WriteString(`font-weight:100 900;`)
	}
	b.WriteString("font-display:swap}\n")
}

// root sets the tokens that differ from Kabar's own.
func (t Theme) root() string {
	var set []string
	light, dark := t.Effective()
	first, second, own, ownToo := light.Fields(), dark.Fields(), ownLight, ownDark
	for i, a := range own.Fields() {
		if l, d := *first[i].Value, *second[i].Value; l != *a.Value || d != *ownToo.Fields()[i].Value {
			set = append(set, "--"+a.Token+":light-dark("+l+","+d+")")
		}
	}
	if g := Grounds[t.ground()]; t.ground() != "paper" {
		for _, token := range []string{"page", "surface", "raised", "text", "quiet", "line", "edge"} {
			set = append(set, "--"+token+":light-dark("+g.Light[token]+","+g.Dark[token]+")")
		}
	}
	if t.Dye != "" && t.Dye != OwnDye {
		set = append(set, "--dye:"+colour(t.Dye).String())
	}
	if t.Reading.Name != "" {
		set = append(set, "--reading:"+readingFace+","+readingRest)
	}
	if t.Interface.Name != "" {
		set = append(set, "--interface:"+interfaceFace+","+interfaceRest)
	}
	if len(set) == 0 {
		return ""
	}
	return "@layer tokens{:root{" + strings.Join(set, ";") + "}}\n"
}

// ThemePath is the address of a sheet by its content; a page of another theme
// asks with another hash. "" for no sheet.
func ThemePath(sheet string) string {
	if sheet == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(sheet))
	return "/-/theme." + hex.EncodeToString(sum[:6]) + ".css"
}

// PageColours are the backgrounds of pages, light and dark, for the frame that
// browsers draw around them.
func (t Theme) PageColours() (light, dark string) {
	g := Grounds[t.ground()]
	return g.Light["page"], g.Dark["page"]
}
