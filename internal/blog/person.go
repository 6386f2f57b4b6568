package blog

import (
	"time"

	"github.com/google/uuid"
)

// Kind says whose actor it is.
type Kind string

// The kinds of actors.
const (
	Remote        Kind = "remote"
	BlogActor     Kind = "blog"
	AuthorActor   Kind = "author"
	InstanceActor Kind = "instance"
	VisitorActor  Kind = "visitor" // somebody who left a comment on our own page
)

// Actor is somebody in the fediverse, ours or remote, as far as pages show.
type Actor struct {
	ID        uuid.UUID
	URI       string
	Kind      Kind
	Type      string
	Handle    string  // preferredUsername
	Domain    string  // domain of the handle
	Name      string  // plain text, may be ""
	Emojis    []Emoji // custom ones in Name
	Summary   string  // safe HTML
	URL       string  // profile page, may be ""
	AvatarURL string  // at its origin
	Avatar    string  // media name of our copy, "" = none yet
	Software  string  // that its server runs, as it is shown; may be ""
	AccountID uuid.UUID
	Created   time.Time
	Deleted   time.Time
}

// Acct is the full handle, user@domain; "" for who has none: a visitor.
func (a Actor) Acct() string {
	if a.Handle == "" {
		return ""
	}
	return a.Handle + "@" + a.Domain
}

// Label is the name to show: the display name, or the handle without one.
func (a Actor) Label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Handle
}

// Page is the address of the profile.
func (a Actor) Page() string {
	if a.URL != "" {
		return a.URL
	}
	return a.URI
}

// Role says what an account may do.
type Role string

// The roles.
const (
	Owner     Role = "owner"
	Editor    Role = "editor"
	Author    Role = "author"
	Moderator Role = "moderator"
)

// Account is somebody who may enter the Studio.
type Account struct {
	ID        uuid.UUID
	Name      string // to sign in with
	Email     string
	Password  string // argon2id as a PHC string, "" = none
	Role      Role
	Language  string // of the interface, "" = the browser's
	Created   time.Time
	LastLogin time.Time
	Profile
}

// Follower is a remote actor that follows one of ours.
type Follower struct {
	Actor   Actor
	Target  uuid.UUID
	Created time.Time
}

// ServerFollowers is a server with its followers.
type ServerFollowers struct {
	Domain    string
	Software  string // as it is shown; may be ""
	Followers int
}

// AuditEntry is one line of the log of what people did.
type AuditEntry struct {
	ID        uuid.UUID
	At        time.Time
	AccountID uuid.UUID // uuid.Nil = the command line or the program itself
	Action    string    // e.g. article.publish
	Subject   string    // id of what it was done to
	Detail    map[string]string
}

// Media is one stored file.
type Media struct {
	Name        string // content-addressed
	Variants    []MediaVariant
	Type        string // media type
	Width       int
	Height      int
	Bytes       int64
	Description string
	Blurhash    string
	Focus       Focus
	Filename    string // as uploaded
	AccountID   uuid.UUID
	Created     time.Time
}

// MediaVariant is the same picture in another size or format.
type MediaVariant struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
}
