package page

import (
	"strings"

	"kabar/internal/blog"
	"kabar/internal/markup"
	"kabar/web/templates"
)

// Attachment shows a file of a comment: our copy, or while there is none a link
// to it at its own server, since a picture would send every reader's browser
// there. files are our copies, by the addresses of the originals.
func (m *Maker) Attachment(a blog.Attachment, c blog.Comment, files map[string]blog.RemoteFile) templates.Attachment {
	made := templates.Attachment{
		URL: WebAddress(a.URL), Description: a.Description, Width: a.Width, Height: a.Height, Sensitive: c.Sensitive,
	}
	file, here := files[a.URL]
	if ours, ok := strings.CutPrefix(a.URL, m.Origin+blog.MediaPath); ok && c.Local {
		file, here = blog.RemoteFile{Name: ours, Type: a.Type, Width: a.Width, Height: a.Height}, true
	}
	if !here {
		made.Kind = "file"
		if kind := kinds[major(a.Type)]; kind != "" {
			made.Kind = kind
		}
		return made
	}
	made.URL, made.Width, made.Height = mediaPath(file.Name), file.Width, file.Height
	made.Placeholder = mediaPath(file.Placeholder)
	switch made.Kind = major(file.Type); made.Kind {
	case "image":
	case "video", "audio":
		if made.Kind == "video" && a.Preview != "" {
			made.Poster = mediaPath(files[a.Preview].Name)
		}
		made.Width, made.Height = a.Width, a.Height
	default:
		made.Kind = "file"
	}
	return made
}

// kinds are what files at other servers are called.
var kinds = map[string]string{"image": "picture", "video": "film", "audio": "sound"}

func major(mediaType string) string {
	first, _, _ := strings.Cut(mediaType, "/")
	return first
}

// mediaPath is the address of a stored file; "" for none.
func mediaPath(name string) string {
	if name == "" {
		return ""
	}
	return blog.MediaPath + name
}

// WebAddress is an address of another server if it is one to link to, else "".
func WebAddress(address string) string {
	safe, ok := markup.SafeURL(address)
	if !ok {
		return ""
	}
	return safe
}
