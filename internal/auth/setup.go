package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
)

// SetupStore keeps one text, the hash of the present setup token.
type SetupStore interface {
	// SetupHash is "" when there is none.
	SetupHash(ctx context.Context) (string, error)
	SetSetupHash(ctx context.Context, hash string) error
	// TakeSetupHash removes it and tells whether it was there: of two who
	// come at once, one gets true.
	TakeSetupHash(ctx context.Context, hash string) (bool, error)
}

// ErrSetup says that the link was used, replaced by a newer one, or mistyped.
var ErrSetup = errors.New("this setup link is not valid, or was used already")

// NewSetup makes the token of a setup link, in place of any earlier one. Only
// its hash is stored; it is valid until it is used.
func NewSetup(ctx context.Context, store SetupStore) (token string, err error) {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails (crypto/rand)
	token = base64.RawURLEncoding.EncodeToString(secret)
	if err := store.SetSetupHash(ctx, setupHash(token)); err != nil {
		return "", fmt.Errorf("auth: setup link: %w", err)
	}
	return token, nil
}

// CheckSetup returns ErrSetup unless the token is the present one.
func CheckSetup(ctx context.Context, store SetupStore, token string) error {
	stored, err := store.SetupHash(ctx)
	if err != nil {
		return fmt.Errorf("auth: setup link: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(stored), []byte(setupHash(token))) != 1 {
		return ErrSetup
	}
	return nil
}

// UseSetup uses the token up, or returns ErrSetup.
func UseSetup(ctx context.Context, store SetupStore, token string) error {
	ours, err := store.TakeSetupHash(ctx, setupHash(token))
	if err != nil {
		return fmt.Errorf("auth: setup link: %w", err)
	}
	if !ours {
		return ErrSetup
	}
	return nil
}

func setupHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
