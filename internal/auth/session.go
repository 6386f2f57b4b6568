package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/alexedwards/scs/pgxstore"
	"github.com/alexedwards/scs/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"kabar/internal/blog"
)

// sessionLife is how long somebody stays signed in.
const sessionLife = 30 * 24 * time.Hour

// Sessions are kept in the table sessions, under the hash of their token.
type Sessions struct {
	manager *scs.SessionManager
}

// NewSessions keeps sessions in the database. secure says that readers come
// over HTTPS; failed answers a request whose session cannot be read or written.
// Expired ones are ignored; a job removes their rows.
func NewSessions(pool *pgxpool.Pool, secure bool, failed func(http.ResponseWriter, *http.Request, error)) *Sessions {
	m := scs.New()
	m.Store = pgxstore.NewWithCleanupInterval(pool, 0) // its own clean-up cannot be stopped without a data race
	m.Lifetime = sessionLife
	m.HashTokenInStore = true
	m.ErrorFunc = failed
	m.Cookie.Name = CookieName(secure)
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = secure
	return &Sessions{manager: m}
}

// CookieName is the name of the cookie that carries the session's token.
func CookieName(secure bool) string {
	if secure { // RFC 6265bis, section 4.1.3.2: no other host of the domain can set it
		return "__Host-kabar"
	}
	return "kabar"
}

// Middleware loads the session of a request and saves what it changed. It
// sets Vary: Cookie, so only pages that look at sessions may have it.
func (s *Sessions) Middleware(next http.Handler) http.Handler { return s.manager.LoadAndSave(next) }

const (
	keyAccount  = "account"
	keyStamp    = "stamp"
	keySignIn   = "sign_in"
	keyNotice   = "notice"
	keyPending  = "pending" // who has still to show a second factor
	keyUntil    = "pending_until"
	keyCeremony = "ceremony"
)

// pendingLife is how long a second factor is waited for.
const pendingLife = 5 * time.Minute

// begin notes the sign-in of an account, under a new token, so that one planted before
// is worth nothing.
func (s *Sessions) begin(ctx context.Context, a blog.Account, signIn uuid.UUID) error {
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Remove(ctx, keyPending)
	s.manager.Put(ctx, keyAccount, a.ID.String())
	s.manager.Put(ctx, keyStamp, stamp(a))
	s.manager.Put(ctx, keySignIn, signIn.String())
	return nil
}

// pend notes who knew the password, until then. Nobody is signed in by that.
func (s *Sessions) pend(ctx context.Context, a blog.Account, until time.Time) error {
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	s.manager.Remove(ctx, keyAccount)
	s.manager.Put(ctx, keyPending, a.ID.String())
	s.manager.Put(ctx, keyStamp, stamp(a))
	s.manager.Put(ctx, keyUntil, until.UnixMilli())
	return nil
}

// pending is who knew the password, with the stamp of that time; uuid.Nil for
// nobody, or when it was too long ago.
func (s *Sessions) pending(ctx context.Context, now time.Time) (id uuid.UUID, stamp string) {
	id, err := uuid.Parse(s.manager.GetString(ctx, keyPending))
	if err != nil || now.UnixMilli() >= s.manager.GetInt64(ctx, keyUntil) {
		return uuid.Nil, ""
	}
	return id, s.manager.GetString(ctx, keyStamp)
}

// setCeremony notes what this browser's passkey is asked; takeCeremony takes it,
// uuid.Nil for nothing.
func (s *Sessions) setCeremony(ctx context.Context, id uuid.UUID) {
	s.manager.Put(ctx, keyCeremony, id.String())
}

func (s *Sessions) takeCeremony(ctx context.Context) uuid.UUID {
	id, err := uuid.Parse(s.manager.PopString(ctx, keyCeremony))
	if err != nil {
		return uuid.Nil
	}
	return id
}

func (s *Sessions) end(ctx context.Context) error { return s.manager.Destroy(ctx) }

// account is the id of who is signed in, with the id of the sign-in and the
// stamp of that time.
func (s *Sessions) account(ctx context.Context) (id, signIn uuid.UUID, stamp string) {
	id, err := uuid.Parse(s.manager.GetString(ctx, keyAccount))
	signIn, err2 := uuid.Parse(s.manager.GetString(ctx, keySignIn))
	if err != nil || err2 != nil {
		return uuid.Nil, uuid.Nil, ""
	}
	return id, signIn, s.manager.GetString(ctx, keyStamp)
}

// stamp changes with the password: a new one ends the sessions of the old.
func stamp(a blog.Account) string {
	sum := sha256.Sum256([]byte(a.Password))
	return hex.EncodeToString(sum[:8])
}

// SetNotice keeps a message for the next page that this browser is shown.
func (s *Sessions) SetNotice(ctx context.Context, message string) {
	s.manager.Put(ctx, keyNotice, message)
}

// Notice takes the message that was set; "" if there is none.
func (s *Sessions) Notice(ctx context.Context) string { return s.manager.PopString(ctx, keyNotice) }
