package main

import (
	"context"
	"time"

	"kabar/activitypub/client"
	"kabar/internal/blog"
	"kabar/internal/media"
	"kabar/internal/postgres"
	"kabar/internal/queue"
)

// Bounds of copying what comments of other servers show.
const (
	copyTime   = 30 * time.Second // for one file, however slow its server is
	copyLease  = 5 * time.Minute
	copyBytes  = 4 << 30             // of all copies together
	copyUnused = 90 * 24 * time.Hour // a copy that no page asked for is kept
)

// copyWaits are the waits between tries; after the last there is no more.
var copyWaits = []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// copyLoop copies pictures, films, sounds and emoji of comments, so that a
// reader's browser never calls anywhere else.
func (n *node) copyLoop() *queue.Loop[postgres.RemoteMedia, postgres.RemoteMedia] {
	proxy := media.Proxy{Store: n.media, Fetch: func(ctx context.Context, address string, limit int64) ([]byte, string, error) {
		ctx, cancel := context.WithTimeout(ctx, copyTime)
		defer cancel()
		return n.client.Media(ctx, address, limit)
	}}
	return &queue.Loop[postgres.RemoteMedia, postgres.RemoteMedia]{
		Name: "remote media", Log: n.log, Workers: 4, Limit: 16, Poll: 15 * time.Second, Grace: 2 * time.Second,
		Claim: func(ctx context.Context, limit int) ([]postgres.RemoteMedia, error) {
			return n.store.ClaimRemoteMedia(ctx, time.Now(), copyLease, limit)
		},
		Release: n.store.ReleaseRemoteMedia,
		Do: func(ctx context.Context, claimed []postgres.RemoteMedia) (done []postgres.RemoteMedia, err error) {
			for _, m := range claimed {
				err := copyMedia(ctx, proxy, &m)
				if ctx.Err() != nil {
					return done, ctx.Err() // that is not its fault
				}
				if err != nil {
					n.log.DebugContext(ctx, "a file cannot be copied", "address", m.URL, "error", err)
					m.Next = nextCopy(m.Tries, err, time.Now())
				}
				done = append(done, m)
			}
			return done, nil
		},
		Done: n.copied,
	}
}

// copyMedia fills in the copy.
func copyMedia(ctx context.Context, proxy media.Proxy, m *postgres.RemoteMedia) error {
	if m.Emoji {
		picture, err := proxy.Emoji(ctx, m.URL)
		if err == nil {
			m.Bytes = picture.Bytes
			m.Copy = blog.RemoteFile{Name: picture.Name, Type: picture.ContentType, Width: picture.Width, Height: picture.Height}
		}
		return err
	}
	file, err := proxy.File(ctx, m.URL)
	if err == nil {
		m.Bytes = file.Size()
		m.Copy = blog.RemoteFile{
			Name: file.Name, Type: file.ContentType, Width: file.Width, Height: file.Height,
			Blurhash: file.Blurhash, Placeholder: file.Tiny.Name,
		}
	}
	return err
}

// nextCopy is when a file is tried again that could not be had; never is zero.
// One that is not there may be in the making.
func nextCopy(tries int, err error, now time.Time) time.Time {
	if tries >= len(copyWaits) || client.Permanent(err) && !client.NotFound(err) {
		return time.Time{}
	}
	return now.Add(copyWaits[tries])
}

// copied writes what became of files. A copy whose file was removed meanwhile,
// as that of another with the same content, is made again.
func (n *node) copied(ctx context.Context, done []postgres.RemoteMedia) error {
	if err := n.store.SetRemoteMedia(ctx, done); err != nil {
		return err
	}
	var again []postgres.RemoteMedia
	for _, m := range done {
		for _, name := range []string{m.Copy.Name, m.Copy.Placeholder} {
			if there, err := n.media.Exists(name); err == nil && !there && name != "" {
				again = append(again, postgres.RemoteMedia{ID: m.ID, Next: time.Now()})
				break
			}
		}
	}
	return n.store.SetRemoteMedia(ctx, again)
}

// sweepCopies removes copies that are not needed.
func (n *node) sweepCopies(ctx context.Context) error {
	if err := n.mayRemove(ctx); err != nil {
		return nil //nolint:nilerr // it comes again in a minute
	}
	bounds := postgres.MediaBounds{Bytes: copyBytes, Unused: time.Now().Add(-copyUnused)}
	gone, err := n.store.SweepRemoteMedia(ctx, bounds, n.media.Delete)
	if gone > 0 {
		n.log.InfoContext(ctx, "copies of remote files removed", "files", gone)
	}
	return err
}
