package media

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"github.com/gen2brain/webp"
)

// Sizes of what is kept, in pixels, and its quality.
const (
	fullWidth  = 1600
	smallWidth = 800
	avatarSize = 128
	emojiSize  = 64
	quality    = 80
)

// Stored is one file in the Store.
type Stored struct {
	Name          string // see Name; its page address is the handler's prefix and this
	ContentType   string
	Width, Height int
	Bytes         int
}

// Picture is an upload in the forms that are kept of it.
type Picture struct {
	Hash     string // SHA-256 of what came in, hexadecimal: the same upload has the same
	Blurhash string
	Full     Stored // WebP, at most 1600 pixels wide
	Small    Stored // WebP, 800 pixels wide; the same as Full if that is no wider
	Tiny     Stored // WebP, 24 pixels wide, to stand there until another is loaded; the same as Full for what is seen through
	Fallback Stored // JPEG in the size of Full, for those that read no WebP
}

// one lets one picture be worked on at a time: each takes a second of a core and some 100 MB.
var one = make(chan struct{}, 1)

// exclusively waits for its turn, or for the end of ctx.
func exclusively(ctx context.Context, work func() error) error {
	select {
	case one <- struct{}{}:
		defer func() { <-one }()
		return work()
	case <-ctx.Done():
		return fmt.Errorf("media: wait for a turn: %w", ctx.Err())
	}
}

// Intake takes in what authors upload.
type Intake struct{ Store Store }

// Take reads a JPEG, PNG, GIF (its first frame) or WebP picture of at most MaxBytes and MaxPixels, and stores it in the
// forms that are served. Errors about the picture itself have the method Permanent.
func (in Intake) Take(ctx context.Context, upload io.Reader) (Picture, error) {
	data, err := io.ReadAll(io.LimitReader(upload, MaxBytes+1))
	if err != nil {
		return Picture{}, fmt.Errorf("media: read upload: %w", err)
	}
	var picture Picture
	err = exclusively(ctx, func() error {
		picture, err = in.take(data)
		return err
	})
	return picture, err
}

func (in Intake) take(data []byte) (Picture, error) {
	img, turn, err := decode(data)
	if err != nil {
		return Picture{}, err
	}
	full := within(img, turn, fullWidth)
	picture := Picture{Hash: Name(data, ""), Blurhash: Blurhash(full)}
	if picture.Full, err = putWebP(in.Store, full); err != nil {
		return Picture{}, err
	}
	picture.Small = picture.Full
	if full.Rect.Dx() > smallWidth {
		if picture.Small, err = putWebP(in.Store, within(full, 1, smallWidth)); err != nil {
			return Picture{}, err
		}
	}
	picture.Tiny = picture.Full
	if full.Opaque() { // what is seen through has nothing behind it
		if picture.Tiny, err = putWebP(in.Store, within(full, 1, tinySize)); err != nil {
			return Picture{}, err
		}
	}
	picture.Fallback, err = putJPEG(in.Store, full)
	return picture, err
}

// Avatar reads a picture as Take does and stores its middle, 128 pixels in square.
func (in Intake) Avatar(ctx context.Context, upload io.Reader) (Stored, error) {
	data, err := io.ReadAll(io.LimitReader(upload, MaxBytes+1))
	if err != nil {
		return Stored{}, fmt.Errorf("media: read upload: %w", err)
	}
	return storeOne(ctx, in.Store, data, avatar)
}

// form makes the one picture that is kept of another.
type form func(img image.Image, turn orientation) *image.NRGBA

func avatar(img image.Image, turn orientation) *image.NRGBA { return covering(img, turn, avatarSize) }

func attachment(img image.Image, turn orientation) *image.NRGBA {
	return within(img, turn, smallWidth)
}
func emoji(img image.Image, turn orientation) *image.NRGBA { return within(img, turn, emojiSize) }

func storeOne(ctx context.Context, store Store, data []byte, shape form) (stored Stored, err error) {
	err = exclusively(ctx, func() error {
		img, turn, err := decode(data)
		if err != nil {
			return err
		}
		stored, err = putWebP(store, shape(img, turn))
		return err
	})
	return stored, err
}

func putWebP(store Store, img *image.NRGBA) (Stored, error) {
	var b bytes.Buffer
	if err := webp.Encode(&b, img, webp.Options{Quality: quality, Method: webp.DefaultMethod}); err != nil {
		return Stored{}, fmt.Errorf("media: encode WebP: %w", err)
	}
	return put(store, img.Rect, b.Bytes(), ".webp")
}

func putJPEG(store Store, img *image.NRGBA) (Stored, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, onWhite(img), &jpeg.Options{Quality: quality}); err != nil {
		return Stored{}, fmt.Errorf("media: encode JPEG: %w", err)
	}
	return put(store, img.Rect, b.Bytes(), ".jpg")
}

func put(store Store, size image.Rectangle, data []byte, ending string) (Stored, error) {
	name := Name(data, ending)
	if err := store.Put(name, data); err != nil {
		return Stored{}, err
	}
	return Stored{name, ContentType(name), size.Dx(), size.Dy(), len(data)}, nil
}
