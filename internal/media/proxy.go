package media

import (
	"context"
	"fmt"
	"image"
	"net/url"
)

// Bytes of a remote file that are fetched.
const (
	maxRemote = 8 << 20  // of a small picture
	maxFile   = MaxBytes // of one that was attached
)

// tinySize is the width of a picture that stands for another until that is loaded.
const tinySize = 24

// Proxy keeps small copies of files on other servers, so that a reader's browser never calls there. It remembers
// nothing: the caller notes which address became which name, and which failed.
type Proxy struct {
	// Fetch gets at most limit bytes of a remote file, through the one outgoing client. Its content type is not
	// believed.
	Fetch func(ctx context.Context, address string, limit int64) (data []byte, contentType string, err error)
	Store Store
}

// Copy is what is kept of an attached file.
type Copy struct {
	Stored          // of a film or sound without Width and Height
	Blurhash string // of a picture
	Tiny     Stored // the same picture 24 pixels wide; no Name for a film or sound
}

// Size is the room that a copy takes.
func (c Copy) Size() int { return c.Bytes + c.Tiny.Bytes }

// Avatar copies a remote picture as a square of 128 pixels.
func (p Proxy) Avatar(ctx context.Context, address string) (Stored, error) {
	return p.copy(ctx, address, avatar)
}

// Emoji copies a custom emoji, at most 64 pixels wide.
func (p Proxy) Emoji(ctx context.Context, address string) (Stored, error) {
	return p.copy(ctx, address, emoji)
}

func (p Proxy) copy(ctx context.Context, address string, shape form) (Stored, error) {
	data, err := p.fetch(ctx, address, maxRemote)
	if err != nil {
		return Stored{}, err
	}
	return storeOne(ctx, p.Store, data, shape)
}

// File copies what is attached to a post: a picture at most 800 pixels wide, still if it moves; a film or sound of at
// most MaxBytes as it is, but for what it notes about itself.
func (p Proxy) File(ctx context.Context, address string) (c Copy, err error) {
	data, err := p.fetch(ctx, address, maxFile)
	if err != nil {
		return Copy{}, err
	}
	if ending := recordingEnding(data); ending != "" {
		c.Stored, err = put(p.Store, image.Rectangle{}, withoutNotes(data), ending)
		return c, err
	}
	err = exclusively(ctx, func() error {
		c, err = p.picture(data)
		return err
	})
	return c, err
}

func (p Proxy) picture(data []byte) (c Copy, err error) {
	img, turn, err := decode(data)
	if err != nil {
		return Copy{}, err
	}
	small := attachment(img, turn)
	if c.Stored, err = putWebP(p.Store, small); err != nil {
		return Copy{}, err
	}
	c.Blurhash = Blurhash(small)
	c.Tiny, err = putWebP(p.Store, within(small, 1, tinySize))
	return c, err
}

func (p Proxy) fetch(ctx context.Context, address string, limit int64) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return nil, ErrBadSource
	}
	data, _, err := p.Fetch(ctx, address, limit)
	if err != nil {
		return nil, fmt.Errorf("media: fetch %s: %w", address, err)
	}
	if int64(len(data)) > limit {
		return nil, ErrTooLarge
	}
	return data, nil
}
