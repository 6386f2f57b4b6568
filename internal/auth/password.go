package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"kabar/internal/blog"
)

// Limits of a password. Length is what makes one good; rules about kinds of
// characters are not (NIST SP 800-63B, section 3.1.1.2).
const (
	minPassword = 10   // characters
	maxPassword = 1024 // bytes
)

// CheckPassword tells as a *blog.Invalid why a new password cannot be taken.
func CheckPassword(password string) error {
	problem := ""
	switch {
	case !utf8.ValidString(password):
		problem = "password-not-text"
	case utf8.RuneCountInString(password) < minPassword:
		problem = "password-too-short"
	case len(password) > maxPassword:
		problem = "password-too-long"
	default:
		return nil
	}
	return &blog.Invalid{Field: "password", Problem: problem}
}

// ErrWrong says that name and password do not belong together, not which of
// them is wrong.
var ErrWrong = errors.New("wrong name or password")

// cost are the parameters of argon2id, which PHC strings carry with them.
type cost struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

// standard is the first choice of OWASP's Password Storage Cheat Sheet.
var standard = cost{memory: 19 * 1024, time: 2, threads: 1}

const (
	saltSize = 16
	keySize  = 32
)

// hashing bounds the memory that sign-ins at once may take.
var hashing = make(chan struct{}, 4)

func (c cost) key(ctx context.Context, password string, salt []byte, size uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2.IDKey(norm.NFKC.Bytes([]byte(password)), salt, c.time, c.memory, c.threads, size), nil
}

// Hash checks a new password and returns what is stored of it: argon2id as a
// PHC string, $argon2id$v=19$m=…,t=…,p=…$salt$key.
func Hash(ctx context.Context, password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails (crypto/rand)
	key, err := standard.key(ctx, password, salt, keySize)
	if err != nil {
		return "", fmt.Errorf("auth: hash: %w", err)
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		standard.memory, standard.time, standard.threads, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// Verify returns ErrWrong unless the password is the one that stored was made
// from. An empty stored takes as long and is always wrong.
func Verify(ctx context.Context, stored, password string) error {
	if len(password) > maxPassword {
		return ErrWrong
	}
	c, salt, want, err := parsePHC(stored)
	if stored == "" {
		c, salt, want, err = standard, make([]byte, saltSize), make([]byte, keySize), nil
	}
	if err != nil {
		return fmt.Errorf("auth: stored password: %w", err)
	}
	got, err := c.key(ctx, password, salt, uint32(len(want)))
	if err != nil {
		return fmt.Errorf("auth: verify: %w", err)
	}
	if subtle.ConstantTimeCompare(got, want) != 1 || stored == "" {
		return ErrWrong
	}
	return nil
}

var errPHC = errors.New("not a PHC string of argon2id")

func parsePHC(text string) (c cost, salt, key []byte, err error) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); err != nil {
		return c, nil, nil, errPHC
	}
	if c.time < 1 || c.threads < 1 || c.memory > 1<<20 || c.time > 16 {
		return c, nil, nil, errPHC
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return c, nil, nil, errPHC
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) < 16 {
		return c, nil, nil, errPHC
	}
	return c, salt, key, nil
}
