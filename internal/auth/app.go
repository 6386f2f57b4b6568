package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/google/uuid"
	"github.com/pquerna/otp/hotp"

	"kabar/internal/blog"
)

// Codes of authenticator apps (RFC 6238), as every app makes them.
const (
	appDigits = 6
	appPeriod = 30 // seconds
	appSkew   = 1  // steps that a clock may differ
	appSecret = 20 // bytes, as long as a SHA-1 (RFC 4226, section 4, R6)
)

// NewApp is an authenticator app that is being set up.
type NewApp struct {
	Secret string // base32, to be typed
	URL    string // otpauth:, to be opened on the device itself
}

// BeginApp makes a new secret for who is signed in. Nothing is asked for until
// ConfirmApp. An app in use is blog.ErrConflict.
func (s *Service) BeginApp(ctx context.Context) error {
	a, err := s.Current(ctx)
	if err != nil {
		return err
	}
	raw := make([]byte, appSecret)
	_, _ = rand.Read(raw) // never fails (crypto/rand)
	secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	if err := s.store.SetApp(ctx, a.ID, secret, s.now()); err != nil {
		return fmt.Errorf("auth: authenticator app: %w", err)
	}
	return nil
}

// AppInSetup is what BeginApp made for who is signed in; blog.ErrNotFound
// without one that is still to be confirmed.
func (s *Service) AppInSetup(ctx context.Context, issuer string) (NewApp, error) {
	a, err := s.Current(ctx)
	if err != nil {
		return NewApp{}, err
	}
	secret, confirmed, err := s.store.App(ctx, a.ID)
	if err == nil && confirmed {
		err = blog.ErrNotFound
	}
	if err != nil {
		return NewApp{}, err
	}
	issuer = strings.ReplaceAll(issuer, ":", " ") // it separates the two in the label
	u := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + a.Name,
		RawQuery: strings.ReplaceAll(url.Values{"secret": {secret}, "issuer": {issuer}}.Encode(), "+", "%20"),
	}
	return NewApp{Secret: secret, URL: u.String()}, nil
}

// ConfirmApp ends the setting up with a code of the app. It returns recovery
// codes to be shown if there were none yet. Errors: ErrWrong, *Braked.
func (s *Service) ConfirmApp(ctx context.Context, code string, c Client) ([]string, error) {
	a, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	tries := "code " + a.ID.String()
	if _, err := s.brake.count(ctx, tries, maxWaitCode); err != nil {
		return nil, err
	}
	secret, confirmed, err := s.store.App(ctx, a.ID)
	if err == nil && confirmed {
		err = blog.ErrConflict
	}
	if err != nil {
		return nil, err
	}
	step, err := matchStep(secret, strings.Map(written, code), s.now())
	if err == nil {
		err = s.brake.clear(ctx, tries)
	}
	if err != nil {
		return nil, err
	}
	e, err := s.own(ctx, a, EventAppOn, c)
	if err != nil {
		return nil, err
	}
	codes, hashes := makeCodes(a.ID)
	stored, err := s.store.ConfirmApp(ctx, a.ID, step, hashes, e)
	if err != nil {
		return nil, fmt.Errorf("auth: authenticator app: %w", err)
	}
	if !stored {
		return nil, nil
	}
	return codes, nil
}

// RemoveApp takes the app off who is signed in.
func (s *Service) RemoveApp(ctx context.Context, c Client) error {
	a, err := s.Current(ctx)
	if err != nil {
		return err
	}
	e, err := s.own(ctx, a, EventAppOff, c)
	if err == nil {
		err = s.store.RemoveApp(ctx, a.ID, e)
	}
	if err != nil {
		return fmt.Errorf("auth: authenticator app: %w", err)
	}
	return nil
}

// useApp returns ErrWrong unless the code is one of now that was never used.
func (s *Service) useApp(ctx context.Context, account uuid.UUID, code string) error {
	secret, confirmed, err := s.store.App(ctx, account)
	switch {
	case errors.Is(err, blog.ErrNotFound), err == nil && !confirmed:
		return ErrWrong
	case err != nil:
		return err
	}
	step, err := matchStep(secret, code, s.now())
	if err != nil {
		return err
	}
	fresh, err := s.store.UseApp(ctx, account, step)
	if err == nil && !fresh {
		err = ErrWrong
	}
	return err
}

// matchStep finds the step that a code is for, or ErrWrong.
func matchStep(secret, code string, now time.Time) (int64, error) {
	present := now.Unix() / appPeriod
	for step := present - appSkew; step <= present+appSkew; step++ {
		want, err := hotp.GenerateCode(secret, uint64(max(step, 0)))
		if err != nil {
			return 0, fmt.Errorf("auth: code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return step, nil
		}
	}
	return 0, ErrWrong
}

// Drawing is a QR code: Size modules to each side, and the path of an SVG that
// draws the dark ones.
type Drawing struct {
	Size int
	Path string
}

// Draw makes the QR code of an address.
func Draw(address string) (Drawing, error) {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return Drawing{}, fmt.Errorf("auth: draw: %w", err)
	}
	var path strings.Builder
	size := code.Bounds().Dx()
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return Drawing{Size: size, Path: path.String()}, nil
}
