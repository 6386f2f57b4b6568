package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/backup"
	"kabar/internal/config"
	"kabar/internal/media"
	"kabar/internal/pgserver"
	"kabar/internal/postgres"
	"kabar/internal/secret"
	"kabar/migrations"
)

type restoreCommand struct {
	File  string `arg:"" help:"File that kabar backup wrote."`
	Check bool   `help:"Only look whether it is whole."`
}

// run reads the archive twice: nothing is begun with one that is not whole.
func (c *restoreCommand) run(ctx context.Context, env environment) error {
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	defer file.Close()
	m, sums, err := backup.Check(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	done := newBackedUp(c.File, m, sums)
	if c.Check {
		return env.object(done, c.File+" is whole: "+done.String())
	}
	if err := fits(env.config, m); err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := restore(ctx, env, file, m); err != nil {
		return err
	}
	return env.object(done, "Restored "+done.String()+". Start Kabar with KABAR_URL="+m.Origin)
}

// fits refuses what would not start afterwards.
func fits(c config.Config, m backup.Manifest) error {
	if given := c.URL != m.Origin && !strings.HasPrefix(c.URL, "http://localhost:"); given {
		return fmt.Errorf("the backup is of %s, which other servers know its articles by, and not of %s: set KABAR_URL=%s", m.Origin, c.URL, m.Origin)
	}
	keys, err := readSecret(c)
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.OwnsSecret(): // it comes with the archive, if it was Kabar's own
		return nil
	case err != nil:
		return err
	case m.SecretKey != "" && !keys.Has(m.SecretKey):
		return fmt.Errorf("the private keys in the backup are sealed with the key %s, which is not the one here: put it into %s, "+
			"or take that file away if the backup has its own", m.SecretKey, c.SecretKeyFile)
	}
	return nil
}

// restore fills an empty database and the media store.
func restore(ctx context.Context, env environment, file io.Reader, m backup.Manifest) error {
	a := &app{config: env.config, log: newLog(env.config, env.err)}
	defer func() { a.close(context.WithoutCancel(ctx)) }()
	if err := a.openDatabase(ctx, pgserver.Start); err != nil {
		return err
	}
	empty, err := postgres.EmptyDatabase(ctx, a.url)
	if err == nil && !empty {
		err = errors.New("there is a blog in this database: a backup is restored into nothing. Move it away, or name another KABAR_DATA_DIR or KABAR_DATABASE_URL")
	}
	if err != nil {
		return err
	}
	if err := a.migrateTo(ctx, m.Schema); err != nil {
		return err
	}
	if a.media, err = openMedia(a.config); err != nil {
		return err
	}
	if err := a.fill(ctx, file, m); err != nil {
		return err
	}
	return migrate(ctx, a.url)
}

func (a *app) migrateTo(ctx context.Context, schema int64) error {
	pool, err := pgxpool.New(ctx, a.url)
	if err != nil {
		return fmt.Errorf("database: %w", err)
	}
	defer pool.Close()
	if err := migrations.UpTo(ctx, pool, schema); err != nil {
		return err
	}
	if has, err := migrations.Version(ctx, pool); err != nil || has != schema {
		return errors.Join(err, fmt.Errorf("the database has schema %d and the backup %d: make the database anew", has, schema))
	}
	return nil
}

func (a *app) fill(ctx context.Context, file io.Reader, m backup.Manifest) error {
	into, err := postgres.OpenRestore(ctx, a.url, m)
	if err != nil {
		return err
	}
	defer into.Close(context.WithoutCancel(ctx))
	rows := map[string]int64{}
	tables := map[string]backup.Table{}
	for _, t := range m.Tables {
		tables[t.Name], rows[t.Name] = t, 0
	}
	_, err = backup.Read(file, backup.Visitor{
		Table: func(name string, r io.Reader) (err error) {
			rows[name], err = into.Copy(ctx, tables[name], r)
			return err
		},
		Media:  a.restoreFile,
		Secret: a.restoreSecret,
		Sums: func(sums backup.Sums) error {
			for name, want := range sums.Rows {
				if rows[name] != want {
					return fmt.Errorf("table %s has %d rows instead of %d", name, rows[name], want)
				}
			}
			return nil
		},
	})
	if err != nil {
		return err
	}
	return into.Commit(ctx, m)
}

// restoreFile puts a file back whose name is what is in it.
func (a *app) restoreFile(name string, _ int64, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if !media.Holds(name, data) {
		return fmt.Errorf("%w: media %s", backup.ErrDamaged, name)
	}
	return a.media.Put(name, data)
}

// restoreSecret puts the key back, unless another is named here.
func (a *app) restoreSecret(text []byte) error {
	if !a.config.OwnsSecret() {
		return nil
	}
	if _, err := secret.Parse(string(text)); err != nil {
		return fmt.Errorf("%w: secret.key: %w", backup.ErrDamaged, err)
	}
	file, err := os.OpenFile(a.config.SecretKeyFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // fits found the right key in it
	}
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}
