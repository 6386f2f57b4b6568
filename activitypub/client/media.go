package client

import (
	"context"
	"fmt"
)

// Media reads a file of any type, such as an avatar or an emoji, of at most
// limit bytes after decompression. The content type is the server's word and
// must be checked against the bytes.
func (c *Client) Media(ctx context.Context, url string, limit int64) (body []byte, contentType string, err error) {
	ctx, cancel := context.WithTimeout(ctx, mediaTimeout)
	defer cancel()
	res, err := c.get(ctx, request{url: url, accept: "*/*", max: limit})
	if err != nil {
		return nil, "", fmt.Errorf("media: %w", err)
	}
	return res.body, res.contentType, nil
}
