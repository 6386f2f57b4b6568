package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kabar/internal/config"
	"kabar/internal/media"
)

// openMedia opens the storage that the settings name.
func openMedia(c config.Config) (media.Store, error) {
	if c.S3.Used() {
		return openStore(media.OpenBucket(c.S3))
	}
	return openStore(media.OpenFolder(c.MediaDir()))
}

// openStore keeps a nil pointer from being a Store.
func openStore[S media.Store](store S, err error) (media.Store, error) {
	if err != nil {
		return nil, err
	}
	return store, nil
}

// checkMedia refuses settings that cannot work. Storage that does not answer
// keeps no blog from starting, since all but its pictures is there without it.
func (a *app) checkMedia(ctx context.Context) error {
	bucket, ok := a.media.(*media.Bucket)
	if !ok {
		return nil
	}
	err := bucket.Check(ctx)
	if err != nil && !errors.Is(err, media.ErrBucketRefused) {
		a.log.WarnContext(ctx, "pictures cannot be shown or taken until the storage answers", "error", err)
		return nil
	}
	return err
}

type mediaCopyCommand struct {
	To string `arg:"" enum:"s3,folder" help:"Where to: s3 (KABAR_S3_…), or folder (in the data directory)."`
}

// run copies what is not there yet, so that it may be stopped and begun again.
// Nothing is removed where it comes from.
func (c *mediaCopyCommand) run(ctx context.Context, env environment) error {
	if !env.config.S3.Used() {
		return usageError{errors.New("media copy: set KABAR_S3_ENDPOINT and the other settings of S3: it copies between the media folder and S3")}
	}
	bucket, err := media.OpenBucket(env.config.S3)
	if err != nil {
		return err
	}
	defer bucket.Close()
	if err := bucket.Check(ctx); err != nil {
		return err
	}
	folder, err := media.OpenFolder(env.config.MediaDir())
	if err != nil {
		return err
	}
	defer folder.Close()
	done := copiedMedia{To: c.To}
	if c.To == "s3" {
		err = done.run(ctx, folder, bucket)
	} else {
		err = done.run(ctx, bucket, folder)
	}
	if err != nil {
		return fmt.Errorf("%w (%s; what is copied stays, run it again for the rest)", err, done)
	}
	return env.object(done, done.String())
}

// copiedMedia is what the command prints.
type copiedMedia struct {
	To      string `json:"to"`
	Copied  int    `json:"copied"`
	Bytes   int64  `json:"bytes"`
	There   int    `json:"there"`
	Damaged int    `json:"damaged"`
}

func (c copiedMedia) String() string {
	return fmt.Sprintf("%d files copied, %d bytes; %d were there", c.Copied, c.Bytes, c.There)
}

// run copies every file. Those that are damaged are told of when all others
// are there.
func (c *copiedMedia) run(ctx context.Context, from, to media.Store) error {
	var damaged error
	err := from.Names(func(name string) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		there, err := to.Exists(name)
		if there || err != nil {
			c.There++
			return err
		}
		if err := c.one(name, from, to); !errors.Is(err, errDamagedFile) {
			return err
		} else if c.Damaged++; c.Damaged <= 10 { // the rest is but more of the same
			damaged = errors.Join(damaged, err)
		}
		return nil
	})
	if err == nil && c.Damaged > 0 {
		err = fmt.Errorf("%d files are damaged and were left out: get them from a backup: %w", c.Damaged, damaged)
	}
	return err
}

var errDamagedFile = errors.New("is not what its name says")

func (c *copiedMedia) one(name string, from, to media.Store) error {
	file, err := from.Open(name)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("copy %s: %w", name, err)
	}
	if !media.Holds(name, data) {
		return fmt.Errorf("%s %w", name, errDamagedFile)
	}
	if err := to.Put(name, data); err != nil {
		return err
	}
	c.Copied++
	c.Bytes += int64(len(data))
	return nil
}
