package blog

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// RemoteFile is our copy of a file on another server. Its page addresses are
// MediaPath and a name.
type RemoteFile struct {
	Name        string // in the media store
	Type        string // media type of the copy: image/webp, or that of a film or sound
	Width       int    // pixels of a picture, else 0
	Height      int
	Blurhash    string // of a picture, made by us
	Placeholder string // name of a tiny picture to show until Name is loaded; "" = none
}

// RemoteFileReader reads what was copied from other servers.
type RemoteFileReader interface {
	// RemoteFiles returns the copies of those of the addresses that have one. A
	// missing one is not there yet, or cannot be had. Asking counts as use: a
	// copy that was given up for want of use is fetched again.
	RemoteFiles(ctx context.Context, addresses []string) (map[string]RemoteFile, error)
	// CommentVersions returns what a comment was before its edits, newest first.
	CommentVersions(ctx context.Context, comment uuid.UUID) ([]CommentVersion, error)
}

// CommentVersion is the text of a comment before an edit.
type CommentVersion struct {
	Number      int // 1 = as it was first
	HTML        markup.Safe
	Text        string
	Warning     string
	Attachments []Attachment
	Language    string
	At          time.Time // when it was written
}

// Copied reports whether we keep a copy of it, if it is what it says and not
// too large. Anything else is a link to its origin.
func (a Attachment) Copied() bool {
	kind, _, _ := strings.Cut(a.Type, "/")
	return kind == "" || kind == "image" || kind == "video" || kind == "audio" || a.Type == "application/ogg"
}

// FileAddresses are those of the attachments that are copied, and of their
// previews.
func (c Comment) FileAddresses() []string {
	var addresses []string
	for _, a := range c.Attachments {
		if a.Copied() {
			addresses = append(addresses, a.URL)
		}
		if a.Preview != "" {
			addresses = append(addresses, a.Preview)
		}
	}
	return addresses
}

// RemoteAddresses are those of all files that showing the comment needs: for
// its attachments, its text, its warning, and the name of its actor.
func (c Comment) RemoteAddresses() []string {
	addresses := append(c.FileAddresses(), emojiAddresses(c.Emojis)...)
	return append(addresses, c.Actor.RemoteAddresses()...)
}

// RemoteAddresses are those of the emoji in the name.
func (a Actor) RemoteAddresses() []string { return emojiAddresses(a.Emojis) }

func emojiAddresses(emojis []Emoji) []string {
	var addresses []string
	for _, e := range emojis {
		addresses = append(addresses, e.URL)
	}
	return addresses
}

// EmojiPictures is what markup.Emojify needs: the page addresses of the emoji
// that we have copies of, by shortcode.
func EmojiPictures(emojis []Emoji, files map[string]RemoteFile) map[string]string {
	if len(emojis) == 0 {
		return nil
	}
	pictures := make(map[string]string, len(emojis))
	for _, e := range emojis {
		if f, ok := files[e.URL]; ok {
			pictures[e.Shortcode] = MediaPath + f.Name
		}
	}
	return pictures
}
