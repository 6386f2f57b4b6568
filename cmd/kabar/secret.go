package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kabar/internal/config"
	"kabar/internal/pgserver"
	"kabar/internal/secret"
)

// unlock finds the key that private keys are sealed with, and seals what is
// not. The first start makes one, unless the settings name another; after that
// nothing goes on without it.
func (a *app) unlock(ctx context.Context) error {
	id, err := a.store.SecretKeyID(ctx)
	if err != nil {
		return err
	}
	keys, err := readSecret(a.config)
	if errors.Is(err, fs.ErrNotExist) && a.config.OwnsSecret() {
		if id != "" {
			return lostSecret(a.config, id)
		}
		keys, err = makeSecret(a.config.SecretKeyFile)
	}
	if err != nil {
		return err
	}
	if id != "" && !keys.Has(id) {
		return lostSecret(a.config, id)
	}
	a.store.Secrets = &keys
	if id == keys.ID() { // which was noted when all was sealed with it
		return nil
	}
	if id, err = a.store.UseSecretKey(ctx); err != nil {
		return err
	}
	if !keys.Has(id) { // another node was first
		return lostSecret(a.config, id)
	}
	return nil
}

func readSecret(c config.Config) (secret.Keys, error) {
	if c.SecretKey != "" {
		keys, err := secret.Parse(strings.ReplaceAll(c.SecretKey, ",", "\n"))
		if err != nil {
			return keys, fmt.Errorf("KABAR_SECRET_KEY: %w", err)
		}
		return keys, nil
	}
	text, err := os.ReadFile(c.SecretKeyFile)
	if err != nil {
		return secret.Keys{}, fmt.Errorf("KABAR_SECRET_KEY_FILE: %w", err)
	}
	keys, err := secret.Parse(string(text))
	if err != nil {
		return keys, fmt.Errorf("KABAR_SECRET_KEY_FILE: %s: %w", c.SecretKeyFile, err)
	}
	return keys, nil
}

// makeSecret makes the file of a fresh key. Of several processes that do it at
// once, one makes it, and all get its key.
func makeSecret(file string) (secret.Keys, error) {
	text := "# The private keys of the blog are sealed with this. Keep a copy apart from the database's.\n" + secret.New() + "\n"
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return secret.Keys{}, fmt.Errorf("KABAR_SECRET_KEY_FILE: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(file), ".secret-*")
	if err != nil {
		return secret.Keys{}, fmt.Errorf("KABAR_SECRET_KEY_FILE: %w", err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.WriteString(text)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return secret.Keys{}, fmt.Errorf("KABAR_SECRET_KEY_FILE: %w", err)
	}
	if err := os.Link(temp.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return secret.Keys{}, fmt.Errorf("KABAR_SECRET_KEY_FILE: %w", err)
	}
	return readSecret(config.Config{SecretKeyFile: file})
}

// lostSecret says how to come by the right key, or on without it.
func lostSecret(c config.Config, id string) error {
	where := "KABAR_SECRET_KEY"
	if c.SecretKey == "" {
		where = c.SecretKeyFile
	}
	return fmt.Errorf("the private keys of this blog are sealed with the key %s, which is not in %s: put it there, from another node or a backup, "+
		"or name its file with KABAR_SECRET_KEY_FILE; if it is lost for good, kabar secret renew gives the blog new private keys", id, where)
}

type secretNewCommand struct{}

// run prints a fresh key, to be put before the others.
func (secretNewCommand) run(_ context.Context, env environment) error {
	made := secret.New()
	return env.object(map[string]string{"key": made}, made)
}

type secretRenewCommand struct {
	Yes bool `help:"Really: the old private keys are gone for good."`
}

// run is the way out when the key is lost.
func (c *secretRenewCommand) run(ctx context.Context, env environment) error {
	if !c.Yes {
		return usageError{errors.New("secret renew: the blog gets new private keys and the old are gone for good; add --yes if that is meant")}
	}
	a, err := openLocked(ctx, env.config, newLog(env.config, env.err), pgserver.Open)
	if err != nil {
		return err
	}
	defer a.close(context.WithoutCancel(ctx))
	keys, err := readSecret(a.config)
	if errors.Is(err, fs.ErrNotExist) && a.config.OwnsSecret() {
		keys, err = makeSecret(a.config.SecretKeyFile)
	}
	if err != nil {
		return err
	}
	a.store.Secrets = &keys
	n, err := a.federation.RenewKeys(ctx)
	if err != nil {
		return err
	}
	return env.object(map[string]int{"actors": n}, fmt.Sprintf("%d actors have new private keys; restart every node, which tells the followers", n))
}
