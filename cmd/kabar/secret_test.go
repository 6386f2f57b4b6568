package main_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
	"kabar/internal/secret"
)

// TestSecretKey makes a key at the first start, seals with it, and never goes
// on without it.
func TestSecretKey(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+database)
	file := filepath.Join(h.dir, "secret.key")
	ask[any](h, "settings", "get")
	info, err := os.Stat(file)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file has mode %s", info.Mode())
	}
	first, err := os.ReadFile(file)
	must(t, err)
	sealedKeys(t, database)

	other := newHouse(t, "KABAR_DATABASE_URL="+database, "KABAR_URL="+h.url) // another node, that was not given the key
	if a := other.command("settings", "get"); a.Code != 1 || !strings.Contains(a.Err, "from another node or a backup") {
		t.Errorf("without the key: %d, %s", a.Code, a.Err)
	}
	must(t, os.WriteFile(file, []byte(secret.New()), 0o600))
	if a := h.command("settings", "get"); a.Code != 1 || !strings.Contains(a.Err, "kabar secret renew") {
		t.Errorf("with another key: %d, %s", a.Code, a.Err)
	}
	fresh := strings.TrimSpace(h.command("secret", "new").Out)
	must(t, os.WriteFile(file, append([]byte(fresh+"\n"), first...), 0o600))
	ask[any](h, "settings", "get") // brings all under the new key
	must(t, os.WriteFile(file, []byte(fresh), 0o600))
	ask[any](h, "settings", "get")
	for _, one := range []struct{ settings, says string }{
		{"KABAR_SECRET_KEY=" + secret.New(), "is not in KABAR_SECRET_KEY"},
		{"KABAR_SECRET_KEY=" + fresh[:20], "KABAR_SECRET_KEY: line 1 is no key"},
		{"KABAR_SECRET_KEY_FILE=/nonexistent/key", "KABAR_SECRET_KEY_FILE: open /nonexistent/key"},
		{"KABAR_SECRET_KEY=" + secret.New() + "," + fresh, ""},
	} {
		wrong := *h
		wrong.env = append(append([]string(nil), h.env...), one.settings)
		if a := wrong.command("settings", "get"); (a.Code == 0) != (one.says == "") || !strings.Contains(a.Err, one.says) {
			t.Errorf("%s: %d, %s", one.settings, a.Code, a.Err)
		}
	}
}

// sealedKeys looks into the database as who only has that.
func sealedKeys(t *testing.T, database string) {
	t.Helper()
	store, err := postgres.Open(t.Context(), database)
	must(t, err)
	defer store.Close()
	for _, kind := range []blog.Kind{blog.BlogActor, blog.InstanceActor} {
		actor, err := store.LocalActor(t.Context(), kind, "")
		must(t, err)
		if keys, err := store.LocalKeys(t.Context(), actor.ID); !errors.Is(err, secret.ErrKey) {
			t.Errorf("the database tells the keys of %s: %v, %v", kind, keys, err)
		}
	}
}

// TestSecretLost gives a blog whose key is lost new private keys: it goes on
// speaking with servers that know the old.
func TestSecretLost(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	p := h.serve()
	server := follower(t, h)
	h.publish("Satu", "Isi.")
	_, err := server.Wait(t.Context(), aptest.About("Create", ask[[]struct{ ID string }](h, "article", "list")[0].ID))
	must(t, err)
	p.signal(15)
	p.wait()
	must(t, os.Remove(filepath.Join(h.dir, "secret.key")))
	if a := h.command("serve"); a.Code != 1 || !strings.Contains(a.Err, "kabar secret renew") {
		t.Fatalf("without its key: %d, %s", a.Code, a.Err)
	}
	if a := h.command("secret", "renew"); a.Code != 2 || !strings.Contains(a.Err, "--yes") {
		t.Errorf("without --yes: %d, %s", a.Code, a.Err)
	}
	if made := ask[struct{ Actors int }](h, "secret", "renew", "--yes"); made.Actors != 2 {
		t.Errorf("%d actors have new keys", made.Actors)
	}
	h.serve()
	second := h.publish("Dua", "Isi.")
	if _, err := server.Wait(t.Context(), aptest.About("Create", second.ID)); err != nil {
		t.Error(err)
	}
}
