package auth

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// Passkey is a WebAuthn credential that its authenticator lets nobody use
// without finger, face or PIN: it stands for both factors.
type Passkey struct {
	ID         []byte
	Account    uuid.UUID
	Name       string
	Credential webauthn.Credential
	Created    time.Time
	Used       time.Time // zero = never
	Copied     bool      // its counter went back: it is no longer taken
}

// PasskeyStore keeps passkeys, and what they are asked.
type PasskeyStore interface {
	// Passkeys returns those of an account, oldest first.
	Passkeys(ctx context.Context, account uuid.UUID) ([]Passkey, error)
	// AddPasskey stores one. A known id is blog.ErrConflict. hashes are those
	// of recovery codes, stored if the account has none: it says whether.
	AddPasskey(ctx context.Context, p Passkey, hashes []string, e Event) (stored bool, err error)
	// UsePasskey stores what its use changed, unless its counter went on
	// meanwhile: then blog.ErrConflict.
	UsePasskey(ctx context.Context, p Passkey, before uint32) error
	// CopyPasskey marks one as copied.
	CopyPasskey(ctx context.Context, id []byte, e Event) error
	// RemovePasskey takes one off an account, and the recovery codes with the
	// last factor. blog.ErrNotFound for one that is not theirs.
	RemovePasskey(ctx context.Context, account uuid.UUID, id []byte, e Event) error
	// SetCeremony keeps what is asked until it expires; TakeCeremony takes it,
	// once, or blog.ErrNotFound.
	SetCeremony(ctx context.Context, id uuid.UUID, data []byte, expires time.Time) error
	TakeCeremony(ctx context.Context, id uuid.UUID, now time.Time) ([]byte, error)
}

// Errors of passkeys.
var (
	// ErrPasskey says that an answer of an authenticator is not to the question,
	// came too late, or is of a passkey that nobody here has.
	ErrPasskey = errors.New("the passkey was not accepted")
	// ErrCopied says that two authenticators seem to have the same passkey.
	ErrCopied = errors.New("this passkey seems to have been copied, and is no longer taken")
	// ErrNoPasskeys says that browsers give none to an address like this blog's.
	ErrNoPasskeys = errors.New("passkeys need KABAR_URL to have a name, and HTTPS")
	// ErrKnownPasskey says that the passkey was added before.
	ErrKnownPasskey = errors.New("this passkey was added before")
)

const (
	ceremonyLife   = 5 * time.Minute
	maxPasskeys    = 20
	maxPasskeyName = 60 // characters
	maxWaitAsk     = time.Minute
)

// HasPasskeys reports whether there can be passkeys: browsers have none for
// addresses in numbers.
func (s *Service) HasPasskeys() bool {
	_, err := s.party()
	return err == nil
}

// party is Kabar as WebAuthn sees it. Passkeys are bound to the host of the
// origin.
func (s *Service) party() (*webauthn.WebAuthn, error) {
	u, err := url.Parse(s.Origin)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Hostname(), "0123456789.") == "" || strings.Contains(u.Hostname(), ":") {
		return nil, ErrNoPasskeys
	}
	if u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, ErrNoPasskeys
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: u.Hostname(), RPOrigins: []string{s.Origin},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Enforce: true, Timeout: ceremonyLife, TimeoutUVD: ceremonyLife},
			Registration: webauthn.TimeoutConfig{Enforce: true, Timeout: ceremonyLife, TimeoutUVD: ceremonyLife},
		},
	})
	if err != nil {
		return nil, fmt.Errorf("auth: passkeys: %w", err)
	}
	return party, nil
}

// owner is an account with its passkeys as WebAuthn sees it.
type owner struct {
	blog.Account
	passkeys []Passkey
}

func (o *owner) WebAuthnID() []byte          { return o.ID[:] }
func (o *owner) WebAuthnName() string        { return o.Name }
func (o *owner) WebAuthnDisplayName() string { return o.Label() }

func (o *owner) WebAuthnCredentials() []webauthn.Credential {
	list := make([]webauthn.Credential, len(o.passkeys))
	for i, p := range o.passkeys {
		list[i] = p.Credential
	}
	return list
}

// find returns the passkey with this id, nil for none.
func (o *owner) find(id []byte) *Passkey {
	for i := range o.passkeys {
		if bytes.Equal(o.passkeys[i].ID, id) {
			return &o.passkeys[i]
		}
	}
	return nil
}

// Passkeys returns those of an account, oldest first.
func (s *Service) Passkeys(ctx context.Context, account uuid.UUID) ([]Passkey, error) {
	list, err := s.store.Passkeys(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("auth: passkeys: %w", err)
	}
	return list, nil
}

// MakePasskey returns what the browser is to ask an authenticator of who is
// signed in: the options of navigator.credentials.create, as JSON.
func (s *Service) MakePasskey(ctx context.Context) ([]byte, error) {
	a, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	o := &owner{Account: a}
	if o.passkeys, err = s.Passkeys(ctx, a.ID); err != nil {
		return nil, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range o.WebAuthnCredentials() {
		known = append(known, c.Descriptor())
	}
	options, asked, err := party.BeginRegistration(o, webauthn.WithExclusions(known),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		}))
	if err != nil {
		return nil, fmt.Errorf("auth: make passkey: %w", err)
	}
	return s.ask(ctx, options, asked)
}

// AddPasskey takes the authenticator's answer, as JSON, and keeps the passkey
// under a name. It returns recovery codes to be shown if there were none yet.
// Errors: ErrPasskey, ErrKnownPasskey, *blog.Invalid.
func (s *Service) AddPasskey(ctx context.Context, name string, answer []byte, c Client) ([]string, error) {
	a, err := s.Current(ctx)
	if err != nil {
		return nil, err
	}
	made, err := s.made(ctx, a, answer)
	if err != nil {
		return nil, err
	}
	if name, err = s.passkeyName(ctx, a, name); err != nil {
		return nil, err
	}
	e, err := s.event(ctx, a.ID, a, EventPasskeyAdd, c, map[string]string{"name": name})
	if err != nil {
		return nil, err
	}
	codes, hashes := makeCodes(a.ID)
	stored, err := s.store.AddPasskey(ctx, Passkey{
		ID: made.ID, Account: a.ID, Name: name, Credential: *made, Created: s.now(),
	}, hashes, e)
	switch {
	case errors.Is(err, blog.ErrConflict):
		return nil, ErrKnownPasskey
	case err != nil:
		return nil, fmt.Errorf("auth: add passkey: %w", err)
	case !stored:
		return nil, nil
	}
	return codes, nil
}

// made verifies the answer to MakePasskey.
func (s *Service) made(ctx context.Context, a blog.Account, answer []byte) (*webauthn.Credential, error) {
	asked, err := s.asked(ctx)
	if err != nil {
		return nil, err
	}
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPasskey, err)
	}
	made, err := party.CreateCredential(&owner{Account: a}, asked, parsed)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPasskey, err)
	}
	return made, nil
}

// passkeyName checks the name and the number of passkeys.
func (s *Service) passkeyName(ctx context.Context, a blog.Account, name string) (string, error) {
	list, err := s.Passkeys(ctx, a.ID)
	if err != nil {
		return "", err
	}
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case len(list) >= maxPasskeys:
		return "", &blog.Invalid{Field: "passkey", Problem: "passkeys-full", Detail: fmt.Sprint(maxPasskeys)}
	case !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxPasskeyName:
		return "", &blog.Invalid{Field: "passkey", Problem: "too-long", Detail: fmt.Sprint(maxPasskeyName)}
	case name == "":
		name = fmt.Sprintf("Passkey %d", len(list)+1)
	}
	return name, nil
}

// RemovePasskey takes one off who is signed in. Errors: blog.ErrNotFound.
func (s *Service) RemovePasskey(ctx context.Context, id []byte, c Client) error {
	a, err := s.Current(ctx)
	if err != nil {
		return err
	}
	e, err := s.own(ctx, a, EventPasskeyRemove, c)
	if err == nil {
		err = s.store.RemovePasskey(ctx, a.ID, id, e)
	}
	if err != nil {
		return fmt.Errorf("auth: remove passkey: %w", err)
	}
	return nil
}

// AskPasskey returns what the browser is to ask an authenticator to sign in or
// to confirm: the options of navigator.credentials.get, as JSON. The error is
// *Braked when one address asks too often.
func (s *Service) AskPasskey(ctx context.Context, c Client) ([]byte, error) {
	if _, err := s.brake.count(ctx, askKey(c), maxWaitAsk); err != nil {
		return nil, err
	}
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	options, asked, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("auth: ask passkey: %w", err)
	}
	return s.ask(ctx, options, asked)
}

func askKey(c Client) string { return "passkey " + addressKey(c.Addr) }

// LoginPasskey signs in whose passkey gave the answer, as JSON. Errors:
// ErrPasskey, ErrCopied.
func (s *Service) LoginPasskey(ctx context.Context, answer []byte, c Client) (blog.Account, error) {
	a, err := s.proved(ctx, answer, c)
	if err != nil {
		return blog.Account{}, err
	}
	return a, s.Begin(ctx, a, ByPasskey, c)
}

// ConfirmPasskey takes a passkey as the proof that it is still who is signed
// in. Errors: ErrPasskey, ErrCopied.
func (s *Service) ConfirmPasskey(ctx context.Context, answer []byte, c Client) error {
	a, in, err := s.current(ctx)
	if err != nil {
		return err
	}
	who, err := s.proved(ctx, answer, c)
	if err != nil {
		return err
	}
	if who.ID != a.ID {
		return ErrPasskey
	}
	return s.confirm(ctx, in)
}

// proved is whose passkey answered.
func (s *Service) proved(ctx context.Context, answer []byte, c Client) (blog.Account, error) {
	asked, err := s.asked(ctx)
	if err != nil {
		return blog.Account{}, err
	}
	party, err := s.party()
	if err != nil {
		return blog.Account{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return blog.Account{}, fmt.Errorf("%w: %w", ErrPasskey, err)
	}
	var o *owner
	find := func(_, handle []byte) (webauthn.User, error) {
		o, err = s.owner(ctx, handle)
		return o, err
	}
	_, used, err := party.ValidatePasskeyLogin(find, asked, parsed)
	if err != nil {
		return blog.Account{}, fmt.Errorf("%w: %w", ErrPasskey, err)
	}
	if err := s.used(ctx, o, used, c); err != nil {
		return blog.Account{}, err
	}
	return o.Account, s.brake.clear(ctx, askKey(c))
}

// owner is the account that a passkey names.
func (s *Service) owner(ctx context.Context, handle []byte) (*owner, error) {
	id, err := uuid.FromBytes(handle)
	if err != nil {
		return nil, fmt.Errorf("user handle: %w", err)
	}
	o := &owner{}
	if o.Account, err = s.store.Account(ctx, id); err != nil {
		return nil, err
	}
	o.passkeys, err = s.store.Passkeys(ctx, id)
	return o, err
}

// used keeps the counter of a passkey. One that went back is of a copy
// (WebAuthn, section 6.1.1): then neither is taken.
func (s *Service) used(ctx context.Context, o *owner, c *webauthn.Credential, from Client) error {
	p := o.find(c.ID)
	if p == nil {
		return ErrPasskey
	}
	if p.Copied {
		return ErrCopied
	}
	if c.Authenticator.CloneWarning {
		e, err := s.event(ctx, uuid.Nil, o.Account, EventPasskeyCopied, from, map[string]string{"name": p.Name})
		if err == nil {
			err = s.store.CopyPasskey(ctx, p.ID, e)
		}
		return errors.Join(ErrCopied, err)
	}
	before := p.Credential.Authenticator.SignCount
	p.Credential, p.Used = *c, s.now()
	err := s.store.UsePasskey(ctx, *p, before)
	if errors.Is(err, blog.ErrConflict) {
		return ErrPasskey // used twice at once
	}
	if err != nil {
		return fmt.Errorf("auth: use passkey: %w", err)
	}
	return nil
}

// ask keeps what is asked, for this browser alone, and writes the options.
func (s *Service) ask(ctx context.Context, options any, asked *webauthn.SessionData) ([]byte, error) {
	data, err := json.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("auth: ceremony: %w", err)
	}
	id := newID()
	if err := s.store.SetCeremony(ctx, id, data, s.now().Add(ceremonyLife)); err != nil {
		return nil, fmt.Errorf("auth: ceremony: %w", err)
	}
	s.sessions.setCeremony(ctx, id)
	return json.Marshal(options)
}

// asked takes what this browser's authenticator was asked, or ErrPasskey.
func (s *Service) asked(ctx context.Context) (asked webauthn.SessionData, err error) {
	data, err := s.store.TakeCeremony(ctx, s.sessions.takeCeremony(ctx), s.now())
	if errors.Is(err, blog.ErrNotFound) {
		return asked, ErrPasskey
	}
	if err == nil {
		err = json.Unmarshal(data, &asked)
	}
	if err != nil {
		return asked, fmt.Errorf("auth: ceremony: %w", err)
	}
	return asked, nil
}
