package media

import (
	"context"
	"fmt"
	"net/url"
)

// maxRemote is how many bytes of a remote picture are fetched.
const maxRemote = 8 << 20

// Proxy keeps small copies of pictures on other servers, so that a reader's browser never calls there. It remembers
// nothing: the caller notes which address became which name, and which failed.
type Proxy struct {
	// Fetch gets at most limit bytes of a remote file, through the one outgoing client. Its content type is not
	// believed.
	Fetch func(ctx context.Context, address string, limit int64) (data []byte, contentType string, err error)
	Store Store
}

// Avatar copies a remote picture as a square of 128 pixels.
func (p Proxy) Avatar(ctx context.Context, address string) (Stored, error) {
	return p.copy(ctx, address, avatar)
}

// Attachment copies a remote picture, at most 800 pixels wide.
func (p Proxy) Attachment(ctx context.Context, address string) (Stored, error) {
	return p.copy(ctx, address, attachment)
}

// Emoji copies a custom emoji, at most 64 pixels wide.
func (p Proxy) Emoji(ctx context.Context, address string) (Stored, error) {
	return p.copy(ctx, address, emoji)
}

func (p Proxy) copy(ctx context.Context, address string, shape form) (Stored, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return Stored{}, ErrBadSource
	}
	data, _, err := p.Fetch(ctx, address, maxRemote)
	if err != nil {
		return Stored{}, fmt.Errorf("media: fetch %s: %w", address, err)
	}
	if len(data) > maxRemote {
		return Stored{}, ErrTooLarge
	}
	return storeOne(ctx, p.Store, data, shape)
}
