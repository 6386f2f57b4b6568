package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kabar/internal/backup"
	"kabar/internal/postgres"
)

type backupCommand struct {
	File  string `arg:"" help:"File to write, - for standard output."`
	Force bool   `help:"Write over a file that is there."`
}

// backedUp is what the command prints.
type backedUp struct {
	File   string `json:"file"`
	Origin string `json:"origin"`
	Tables int    `json:"tables"`
	Rows   int64  `json:"rows"`
	Media  int    `json:"media"`
}

func newBackedUp(file string, m backup.Manifest, sums backup.Sums) backedUp {
	b := backedUp{File: file, Origin: m.Origin, Tables: len(m.Tables), Media: sums.Media()}
	for _, rows := range sums.Rows {
		b.Rows += rows
	}
	return b
}

func (b backedUp) String() string {
	return fmt.Sprintf("%s, %d rows in %d tables, %d files", b.Origin, b.Rows, b.Tables, b.Media)
}

func (c *backupCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		if c.File == "-" {
			_, err := a.backUp(ctx, "", env.out)
			return err
		}
		made, err := a.backUpTo(ctx, c.File, c.Force)
		if err != nil {
			return err
		}
		return env.object(made, c.File+" has "+made.String()+". Keep it as you keep the server: it holds private keys.")
	})
}

// backUpTo writes a file that is there only when it is whole and on disk.
func (a *app) backUpTo(ctx context.Context, file string, force bool) (made backedUp, err error) {
	if _, err := os.Stat(file); err == nil && !force {
		return made, fmt.Errorf("%s is there already: choose another name, or add --force to write over it", file)
	}
	draft, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".part-*") // mode 0600
	if err != nil {
		return made, fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(draft.Name()) // after the renaming nothing is there
	made, err = a.backUp(ctx, file, draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return made, err
	}
	return made, os.Rename(draft.Name(), file)
}

func (a *app) backUp(ctx context.Context, file string, w io.Writer) (backedUp, error) {
	view, err := postgres.OpenBackup(ctx, a.url)
	if err != nil {
		return backedUp{}, err
	}
	defer view.Close(context.WithoutCancel(ctx))
	m, err := view.Manifest(ctx)
	if err != nil {
		return backedUp{}, err
	}
	m.Version, m.Made = version(), time.Now().UTC().Truncate(time.Second)
	archive, err := backup.NewWriter(w, m)
	if err != nil {
		return backedUp{}, err
	}
	for _, t := range m.Tables {
		if err := archive.Table(t.Name, func(w io.Writer) (int64, error) { return view.Copy(ctx, t, w) }); err != nil {
			return backedUp{}, err
		}
	}
	if err := a.backUpFiles(ctx, archive); err != nil {
		return backedUp{}, err
	}
	sums, err := archive.Close()
	return newBackedUp(file, m, sums), err
}

// backUpFiles adds the media, and the secret key if it is kept with them.
func (a *app) backUpFiles(ctx context.Context, archive *backup.Writer) error {
	err := a.media.Names(func(name string) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return a.backUpFile(archive, name)
	})
	if err != nil || !a.config.OwnsSecret() {
		return err
	}
	text, err := os.ReadFile(a.config.SecretKeyFile)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return archive.Secret(text)
}

func (a *app) backUpFile(archive *backup.Writer, name string) error {
	file, err := a.media.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it went before the backup began, which it would have waited for otherwise
	}
	if err != nil {
		return err
	}
	defer file.Close()
	size, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return archive.Media(name, size, file)
}

// held is the error for what has to wait for a backup.
type held struct{}

func (held) Error() string { return "a backup is being made, so no file may go" }

// RetryAfter says when to try again.
func (held) RetryAfter() time.Duration { return time.Minute }

// mayRemove tells whether files of the media store may be removed; the error
// says to try again.
func (a *app) mayRemove(ctx context.Context) error {
	making, err := a.store.FilesHeld(ctx)
	if err == nil && making {
		err = held{}
	}
	return err
}
