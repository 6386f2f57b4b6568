package blog

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"
)

// Seal makes ids unguessable: a token is an id with a code that only this blog
// can make, for one purpose. Nothing of it is stored.
type Seal struct{ key []byte }

// Seal returns the seal of this blog.
func (s *Service) Seal(ctx context.Context) (Seal, error) {
	key, err := s.FormKey(ctx)
	if err != nil {
		return Seal{}, fmt.Errorf("seal: %w", err)
	}
	return Seal{key}, nil
}

// Token is the id with its code. purpose names what it is good for, and for
// what it is bound to.
func (s Seal) Token(purpose string, id uuid.UUID) string {
	return base64.RawURLEncoding.EncodeToString(append(id[:], s.code(purpose, id)...))
}

// Open returns the id of a token that Token made for the same purpose.
func (s Seal) Open(purpose, token string) (uuid.UUID, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != len(uuid.UUID{})+sha256.Size {
		return uuid.Nil, false
	}
	id := uuid.UUID(raw[:16])
	return id, hmac.Equal(raw[16:], s.code(purpose, id))
}

func (s Seal) code(purpose string, id uuid.UUID) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(id[:]) // never fails (hash.Hash)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}
