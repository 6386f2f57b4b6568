package media

import (
	"context"
	"fmt"
	"io"

	"kabar/internal/theme"
)

// Font reads a font file of at most theme.MaxFont bytes and stores it as it came. Errors: those of theme.ReadFont.
func (in Intake) Font(_ context.Context, upload io.Reader) (Stored, theme.Font, error) {
	data, err := io.ReadAll(io.LimitReader(upload, theme.MaxFont+1))
	if err != nil {
		return Stored{}, theme.Font{}, fmt.Errorf("media: read upload: %w", err)
	}
	font, err := theme.ReadFont(data)
	if err != nil {
		return Stored{}, theme.Font{}, fmt.Errorf("media: %w", err)
	}
	name := Name(data, font.Ending)
	if err := in.Store.Put(name, data); err != nil {
		return Stored{}, theme.Font{}, err
	}
	return Stored{Name: name, ContentType: ContentType(name), Bytes: len(data)}, font, nil
}
