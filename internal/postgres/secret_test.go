package postgres

import (
	"errors"
	"strings"
	"testing"

	"kabar/internal/federation"
	"kabar/internal/secret"
)

func keys(t *testing.T, lines string) *secret.Keys {
	t.Helper()
	k, err := secret.Parse(lines)
	check(t, err)
	return &k
}

// TestSealed seals what was plain, knows its key again, and what is sealed for
// one actor is nothing for another.
func TestSealed(t *testing.T) {
	t.Parallel()
	l := newLedgerStory(t)
	s := l.s
	plain := federation.LocalKeys{RSA: "the rsa key", Ed25519: "the ed25519 key"}
	s.exec(t, `update actors set private_key = $2, private_ed25519 = $3 where id = $1`, l.actor.ID, plain.RSA, plain.Ed25519)
	check(t, s.SaveCertificate(t.Context(), "blog.test", []byte("the certificate")))
	raw := func() (text string) {
		t.Helper()
		check(t, s.pool.QueryRow(t.Context(), `
			select (select string_agg(private_key || private_ed25519, ' ' order by id) from actors) || (select data from certificates)`).Scan(&text))
		return text
	}
	first := secret.New()
	for range 2 {
		s.Secrets = keys(t, first)
		id, err := s.UseSecretKey(t.Context())
		check(t, err)
		differ(t, "the key's id", s.Secrets.ID(), id)
	}
	once := raw()
	for _, word := range []string{"rsa key", "ed25519 key", "certificate"} {
		if strings.Contains(once, word) {
			t.Errorf("the database tells %s", once)
		}
	}
	got, err := s.LocalKeys(t.Context(), l.actor.ID)
	check(t, err)
	differ(t, "keys", plain, got)
	_, pem, err := s.SigningKey(t.Context(), l.actor.ID)
	check(t, err)
	differ(t, "signing key", plain.RSA, pem)
	certificate, err := s.Certificate(t.Context(), "blog.test")
	check(t, err)
	differ(t, "certificate", "the certificate", string(certificate))

	s.Secrets = keys(t, secret.New()) // a node with another key
	id, err := s.UseSecretKey(t.Context())
	check(t, err)
	differ(t, "it is told that it has the wrong one", false, s.Secrets.Has(id))
	differ(t, "and changes nothing", once, raw())

	second := secret.New()
	s.Secrets = keys(t, second+"\n"+first)
	_, err = s.UseSecretKey(t.Context())
	check(t, err)
	s.Secrets = keys(t, second)
	got, err = s.LocalKeys(t.Context(), l.actor.ID)
	check(t, err)
	differ(t, "keys under the new key", plain, got)

	other := addActor(t, s, "instance", "other", "b.test")
	s.exec(t, `update actors set private_key = (select private_key from actors where id = $2) where id = $1`, other.ID, l.actor.ID)
	if _, _, err := s.SigningKey(t.Context(), other.ID); !errors.Is(err, secret.ErrAltered) {
		t.Errorf("a key moved to another actor: %v", err)
	}
}
