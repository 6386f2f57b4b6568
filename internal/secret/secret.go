// Package secret seals what must not be read by who only has the database, or
// a copy of it. The key is outside of it: in the environment or in a file.
//
// A sealed text is "k1:", the id of its key, ":" and base64 of a nonce with the
// XChaCha20-Poly1305 ciphertext. What it is for goes into the tag, so it
// cannot be put into another's place.
package secret

import (
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// Size of a key, in bytes.
const Size = chacha20poly1305.KeySize

const mark = "k1:"

var (
	// ErrKey is the error for what was sealed with a key that is not there.
	ErrKey = errors.New("sealed with a key that is not among KABAR_SECRET_KEY")
	// ErrAltered is the error for what was not sealed so, or for something else.
	ErrAltered = errors.New("sealed text was altered, or is for something else")
)

// Keys are those that Open tries, by id; the first one seals. The zero value
// has none.
type Keys struct{ list []key }

type key struct {
	id   string
	aead cipher.AEAD
}

// New makes a key in the form that Parse reads.
func New() string {
	var raw [Size]byte
	_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
	return base64.StdEncoding.EncodeToString(raw[:])
}

// Parse reads keys, one a line in base64 (32 bytes each), the one to seal with
// first. Empty lines, and those that begin with "#", say nothing.
func Parse(text string) (Keys, error) {
	var keys Keys
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != Size {
			return Keys{}, fmt.Errorf("line %d is no key: it must be %d bytes in base64 (make one with: kabar secret new)", n+1, Size)
		}
		aead, err := chacha20poly1305.NewX(raw)
		if err != nil {
			return Keys{}, err
		}
		keys.list = append(keys.list, key{id(raw), aead})
	}
	if len(keys.list) == 0 {
		return Keys{}, errors.New("there is no key in it (make one with: kabar secret new)")
	}
	return keys, nil
}

// id names a key without telling anything of it.
func id(raw []byte) string {
	sum := sha256.Sum256(append([]byte("kabar secret key id:"), raw...))
	return hex.EncodeToString(sum[:6])
}

// ID is the id of the key that seals.
func (k Keys) ID() string { return k.list[0].id }

// Has tells whether the key of an id is there.
func (k Keys) Has(id string) bool { return k.find(id) != nil }

func (k Keys) find(id string) cipher.AEAD {
	for _, one := range k.list {
		if one.id == id {
			return one.aead
		}
	}
	return nil
}

// Seal encrypts a text that is for the purpose.
func (k Keys) Seal(purpose, text string) string {
	first := k.list[0]
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(text)+chacha20poly1305.Overhead)
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return mark + first.id + ":" + base64.RawStdEncoding.EncodeToString(first.aead.Seal(nonce, nonce, []byte(text), []byte(purpose)))
}

// Sealed tells whether a text is in the form that Seal makes.
func Sealed(text string) bool { return strings.HasPrefix(text, mark) }

// Current tells whether a text is sealed with the key that Seal uses.
func (k Keys) Current(text string) bool { return strings.HasPrefix(text, mark+k.ID()+":") }

// Open decrypts what Seal made for the same purpose. Errors: ErrKey,
// ErrAltered.
func (k Keys) Open(purpose, text string) (string, error) {
	id, code, found := strings.Cut(strings.TrimPrefix(text, mark), ":")
	if !found || !Sealed(text) {
		return "", ErrAltered
	}
	aead := k.find(id)
	if aead == nil {
		return "", fmt.Errorf("%w: its id is %s", ErrKey, id)
	}
	raw, err := base64.RawStdEncoding.DecodeString(code)
	if err != nil || len(raw) < chacha20poly1305.NonceSizeX {
		return "", ErrAltered
	}
	plain, err := aead.Open(nil, raw[:chacha20poly1305.NonceSizeX], raw[chacha20poly1305.NonceSizeX:], []byte(purpose))
	if err != nil {
		return "", ErrAltered
	}
	return string(plain), nil
}
