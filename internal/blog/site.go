package blog

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Site is what the owner has set about the blog as a whole.
type Site struct {
	Origin       string             `json:"origin"`        // e.g. https://blog.example, no slash at the end; ids are made from it
	HandleDomain string             `json:"handle_domain"` // domain in handles
	Title        string             `json:"title"`
	Description  string             `json:"description"` // plain text
	Handle       string             `json:"handle"`      // without @ and domain
	ActorType    string             `json:"actor_type"`  // Person, Organization, Group or Service
	Language     string             `json:"language"`    // BCP 47, of the interface and the default of articles
	TimeZone     string             `json:"time_zone"`   // IANA name
	Mode         string             `json:"mode"`        // solo or team
	Icon         string             `json:"icon"`        // media name, "" = the built-in one
	Fields       []Field            `json:"fields"`      // profile fields, shown on the actor
	SignedGET    bool               `json:"signed_get"`  // require signed GETs for all but the actors and their keys
	Discoverable bool               `json:"discoverable"`
	Indexable    bool               `json:"indexable"`
	Comments     CommentSettings    `json:"comments"` // of articles that set nothing else
	QuotePolicy  QuotePolicy        `json:"quote_policy"`
	Search       SearchSettings     `json:"search"`
	Spam         SpamSettings       `json:"spam"` // the defence against strangers' spam
	Feeds        FeedSettings       `json:"feeds"`
	Crawlers     Crawlers           `json:"crawlers"` // whom robots.txt lets in
	Theme        Theme              `json:"theme"`
	Newsletter   NewsletterSettings `json:"newsletter"`
	Accounts     AccountSettings    `json:"accounts"`
	AllowList    bool               `json:"allow_list"` // only allowed servers are taken from, and sent to
	Ready        bool               `json:"ready"`      // the owner's account exists
}

// Field is one name and value of the profile; a value that is an http(s)
// address is shown as a link with rel="me".
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Location is the blog's time zone; UTC when the stored one is unknown here.
func (s Site) Location() *time.Location {
	if loc, err := time.LoadLocation(s.TimeZone); err == nil {
		return loc
	}
	return time.UTC
}

// Address returns the addresses of the blog.
func (s Site) Address() Address { return Address{Origin: s.Origin} }

// Acct is the blog's handle as user@domain.
func (s Site) Acct() string { return s.Handle + "@" + s.HandleDomain }

// DefaultSite is what a fresh database starts with.
func DefaultSite(origin, handleDomain string) Site {
	return Site{
		Origin: origin, HandleDomain: handleDomain, Title: "Kabar", Handle: "blog", ActorType: "Person",
		Language: "id", TimeZone: "Asia/Jakarta", Mode: "solo", Discoverable: true, Indexable: true,
		Comments: CommentSettings{Policy: CommentsOpen, Web: true, WebHold: true}, QuotePolicy: QuotesOpen,
		Spam: DefaultSpam(), Feeds: DefaultFeeds(), Crawlers: CrawlersAll,
		Newsletter: DefaultNewsletter(),
		Accounts:   AccountSettings{SecondFactor: SecondFactorOff},
	}
}

// handlePattern is what Mastodon accepts as a username, and no more.
var handlePattern = regexp.MustCompile(`^[A-Za-z0-9_]+([.-]+[A-Za-z0-9_]+)*$`)

var actorTypes = map[string]bool{"Person": true, "Organization": true, "Group": true, "Service": true}

// Check returns an *Invalid for the first setting that cannot be.
func (s Site) Check() error {
	switch {
	case strings.TrimSpace(s.Title) == "":
		return &Invalid{Field: "title", Problem: "required"}
	case utf8.RuneCountInString(s.Title) > 200:
		return &Invalid{Field: "title", Problem: "too-long", Detail: "200"}
	case utf8.RuneCountInString(s.Description) > 2000:
		return &Invalid{Field: "description", Problem: "too-long", Detail: "2000"}
	case len(s.Handle) > 64 || !handlePattern.MatchString(s.Handle):
		return &Invalid{Field: "handle", Problem: "handle", Detail: s.Handle}
	case !actorTypes[s.ActorType]:
		return &Invalid{Field: "actor_type", Problem: "actor-type", Detail: s.ActorType}
	case s.Mode != "solo" && s.Mode != "team":
		return &Invalid{Field: "mode", Problem: "mode", Detail: s.Mode}
	case len(s.Fields) > 20:
		return &Invalid{Field: "fields", Problem: "too-many", Detail: "20"}
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" {
		return &Invalid{Field: "time_zone", Problem: "time-zone", Detail: s.TimeZone}
	}
	if err := s.checkPolicies(); err != nil {
		return err
	}
	if err := s.checkFeeds(); err != nil {
		return err
	}
	if err := s.checkTheme(); err != nil {
		return err
	}
	if err := s.Accounts.check(); err != nil {
		return err
	}
	if err := s.checkNewsletter(); err != nil {
		return err
	}
	return checkLanguage(s.Language)
}

// ChangeSite applies change to the settings and stores them. The handle, its
// domain and the actor's type are fixed from the first follower on, because
// other servers remember them. Errors: *Invalid, ErrConflict.
func (s *Service) ChangeSite(ctx context.Context, by uuid.UUID, change func(*Site) error) (Site, error) {
	old, err := s.Site(ctx)
	if err != nil {
		return Site{}, fmt.Errorf("change settings: %w", err)
	}
	site := old
	if err := change(&site); err != nil {
		return Site{}, err
	}
	if site.Newsletter.On && !old.Newsletter.On {
		site.Newsletter.Since = s.Now()
	}
	if err := site.Check(); err != nil {
		return Site{}, err
	}
	if err := checkContrast(old.Theme, site.Theme); err != nil {
		return Site{}, err
	}
	if field := identityChange(old, site); field != "" {
		n, err := s.FollowerCount(ctx)
		if err != nil {
			return Site{}, fmt.Errorf("change settings: %w", err)
		}
		if n > 0 {
			return Site{}, &Invalid{Field: field, Problem: "has-followers"}
		}
	}
	audit := s.audit(by, "settings.change", "")
	audit.Detail = policyChanges(old, site)
	if err := s.Store.SetSite(ctx, site, ActorChanged{Activity: s.NewID()}, audit); err != nil {
		return Site{}, fmt.Errorf("change settings: %w", err)
	}
	return site, nil
}

func identityChange(old, site Site) string {
	switch {
	case old.Handle != site.Handle:
		return "handle"
	case old.HandleDomain != site.HandleDomain:
		return "handle_domain"
	case old.ActorType != site.ActorType:
		return "actor_type"
	case old.Mode != site.Mode:
		return "mode"
	}
	return ""
}
