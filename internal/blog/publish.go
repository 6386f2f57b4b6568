package blog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"kabar/internal/markup"
)

// Limits of an article.
const (
	MaxTitle    = 300     // characters
	MaxSummary  = 1000    // characters
	MaxMarkdown = 2 << 20 // bytes
	MaxTags     = 30
	MaxTag      = 300 // characters; a hashtag in a text is no longer
)

// Save is one save of an article by its author.
type Save struct {
	ID      uuid.UUID // uuid.Nil = a new article, or a deleted one that is published again at its address
	Base    int       // revision the edit was made on; 0 = whatever is present
	Input   DraftInput
	Publish bool // a draft goes public; a published or deleted article is public after any save that says so
}

// Save checks and renders what the author wrote and stores it with its
// revision. When it returns, a published article is public and the job that
// tells other servers is on disk. Errors: *Invalid, ErrNotFound, ErrConflict.
func (s *Service) Save(ctx context.Context, by uuid.UUID, save Save) (Article, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Article{}, fmt.Errorf("save article: %w", err)
	}
	old, err := s.savedArticle(ctx, by, save)
	if err != nil {
		return Article{}, fmt.Errorf("save article: %w", err)
	}
	a, images, err := s.write(ctx, site, old, save.Input)
	if err != nil {
		return Article{}, err
	}
	if a, err = s.checkKind(ctx, old, a, save.Publish); err != nil {
		return Article{}, err
	}
	job, err := s.publishState(ctx, site, old, &a, save)
	if err != nil {
		return Article{}, fmt.Errorf("save article: %w", err)
	}
	s.tellPin(job, old, a)
	if err := checkPublic(a, images); err != nil {
		return Article{}, err
	}
	action := "article.save"
	switch {
	case a.Status == Published && old.Status != Published:
		action = "article.create"
	case a.Status == Published:
		action = "article.update"
	}
	if err := s.Store.SaveArticle(ctx, a, old.Revision, job, s.audit(by, action, a.ID.String())); err != nil {
		return Article{}, fmt.Errorf("save article: %w", err)
	}
	return a, nil
}

// savedArticle is the article as it was, or an empty new one.
func (s *Service) savedArticle(ctx context.Context, by uuid.UUID, save Save) (Article, error) {
	if save.ID == uuid.Nil {
		if old, err := s.comesBack(ctx, by, save); err != nil || old.ID != uuid.Nil {
			return old, err
		}
		actor, err := s.LocalActor(ctx, BlogActor, "")
		if err != nil {
			return Article{}, err
		}
		return Article{ID: s.NewID(), Status: Draft, ActorID: actor.ID, AccountID: by, Created: s.Now()}, nil
	}
	old, err := s.Article(ctx, save.ID)
	if err != nil {
		return Article{}, err
	}
	if save.Base != 0 && save.Base != old.Revision {
		return Article{}, ErrConflict
	}
	return old, nil
}

// comesBack is the deleted article whose address an input is for that is to be
// public, so that its permalink stays; none if ID is uuid.Nil. It belongs to
// who publishes it now.
func (s *Service) comesBack(ctx context.Context, by uuid.UUID, save Save) (Article, error) {
	slug := MakeSlug(cmp.Or(save.Input.Slug, save.Input.Title))
	if slug == "" || !save.Publish {
		return Article{}, nil
	}
	old, err := s.ArticleBySlug(ctx, slug)
	switch {
	case errors.Is(err, ErrGone):
		if by != uuid.Nil {
			old.AccountID = by
		}
		return old, nil
	case err != nil && !errors.Is(err, ErrNotFound):
		return Article{}, fmt.Errorf("find what comes back: %w", err)
	}
	return Article{}, nil
}

// write puts the input into a copy of the article and renders it, once. It also
// returns the images that the text names.
func (s *Service) write(ctx context.Context, site Site, old Article, in DraftInput) (Article, []markup.Image, error) {
	a := old
	a.Title = strings.Join(strings.Fields(markup.Visible(in.Title)), " ")
	a.Summary = strings.TrimSpace(markup.Visible(in.Summary))
	a.Markdown = strings.ReplaceAll(in.Markdown, "\r\n", "\n")
	a.Files, a.Cover, a.CoverAlt = in.Files, in.Cover, strings.TrimSpace(markup.Visible(in.CoverAlt))
	if a.Language = in.Language; a.Language == "" {
		a.Language = site.Language
	}
	if err := checkInput(a, in); err != nil {
		return Article{}, nil, err
	}
	if in.Policy != nil {
		if err := in.Policy.Check(); err != nil {
			return Article{}, nil, err
		}
		a.CommentPolicy, a.CloseDays, a.WebComments, a.QuotePolicy = in.Policy.Comments, in.Policy.CloseDays, in.Policy.Web, in.Policy.Quotes
	}
	if in.Details != nil {
		details, err := s.checkDetails(ctx, old, *in.Details)
		if err != nil {
			return Article{}, nil, err
		}
		a.Details = details
	}
	rendered, err := s.Render(ctx, site, a)
	if err != nil {
		return Article{}, nil, err
	}
	a.HTML, a.Text, a.Excerpt, a.Words = rendered.HTML, rendered.Text, rendered.Excerpt, rendered.Words
	a.Headings = headings(rendered.Headings)
	a.Tags = mergeTags(in.Tags, rendered.Hashtags)
	if err := checkTags(a.Tags); err != nil {
		return Article{}, nil, err
	}
	a.Mentions = mentions(rendered.Mentions, namedIn(old.Mentions, rendered.Mentions))
	if a.Slug, err = s.pickSlug(ctx, in, a); err != nil {
		return Article{}, nil, err
	}
	a.Revision, a.Changed = old.Revision+1, s.Now()
	return a, rendered.Images, nil
}

// namedIn keeps those that the text still names.
func namedIn(known []Mention, handles []string) []Mention {
	return slices.DeleteFunc(slices.Clone(known), func(m Mention) bool {
		return !slices.Contains(handles, strings.ToLower(m.Handle))
	})
}

func checkInput(a Article, in DraftInput) error {
	switch {
	case utf8.RuneCountInString(a.Title) > MaxTitle:
		return &Invalid{Field: "title", Problem: "too-long", Detail: fmt.Sprint(MaxTitle)}
	case utf8.RuneCountInString(a.Summary) > MaxSummary:
		return &Invalid{Field: "summary", Problem: "too-long", Detail: fmt.Sprint(MaxSummary)}
	case len(a.Markdown) > MaxMarkdown:
		return &Invalid{Field: "markdown", Problem: "too-long", Detail: "2 MiB"}
	case !utf8.ValidString(in.Title+in.Summary+in.Markdown) || strings.ContainsRune(a.Markdown, 0):
		return &Invalid{Field: "markdown", Problem: "not-text"}
	case a.Cover != "" && a.CoverAlt == "":
		return &Invalid{Field: "cover_alt", Problem: "description-missing", Detail: a.Cover}
	}
	return checkLanguage(a.Language)
}

func checkTags(tags []string) error {
	if len(tags) > MaxTags {
		return &Invalid{Field: "tags", Problem: "too-many", Detail: fmt.Sprint(MaxTags)}
	}
	if slices.ContainsFunc(tags, func(tag string) bool { return utf8.RuneCountInString(tag) > MaxTag }) {
		return &Invalid{Field: "tags", Problem: "too-long", Detail: fmt.Sprint(MaxTag)}
	}
	return nil
}

// publishState moves the article to its new state and says what other
// servers have to hear of it: nothing of a static page.
func (s *Service) publishState(ctx context.Context, site Site, old Article, a *Article, save Save) (*ArticleChanged, error) {
	if a.TranslationOf != uuid.Nil {
		return s.translationState(ctx, old, a, save)
	}
	job, err := s.postState(ctx, site, old, a, save)
	if a.Static {
		job = nil
	}
	return job, err
}

func (s *Service) postState(ctx context.Context, site Site, old Article, a *Article, save Save) (*ArticleChanged, error) {
	now := s.Now()
	switch {
	case old.Status == Published:
		translated, err := s.Translated(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		a.Updated = editedAt(now, old.Published, old.Updated, translated)
		return &ArticleChanged{Article: a.ID, ObjectURI: a.ObjectURI, Revision: a.Revision, Change: "update", Activity: s.NewID()}, nil
	case !save.Publish:
		return nil, nil
	}
	// A deleted object never comes back on other servers: it gets a new id.
	a.Status = Published
	if !a.Static {
		a.ObjectURI = site.Address().Object(s.NewID())
	}
	a.Published, a.Updated, a.Deleted = publishedAt(save.Input.Published, now), time.Time{}, time.Time{}
	return &ArticleChanged{Article: a.ID, ObjectURI: a.ObjectURI, Revision: a.Revision, Change: "create", Activity: s.NewID()}, nil
}

// editedAt is the time of an edit, a whole second after what was before at
// least: other servers read times without fractions, and Mastodon passes over
// an edit that is no newer than what it has.
func editedAt(now time.Time, before ...time.Time) time.Time {
	for _, b := range before {
		if next := b.Truncate(time.Second).Add(time.Second); now.Before(next) {
			now = next
		}
	}
	return now
}

// publishedAt is the date that an author may set back, never ahead.
func publishedAt(asked, now time.Time) time.Time {
	if asked.IsZero() || asked.After(now) {
		return now
	}
	return asked
}

// checkPublic holds what may wait in a draft but not on the page.
func checkPublic(a Article, images []markup.Image) error {
	if a.Status != Published {
		return nil
	}
	if strings.TrimSpace(a.Text) == "" && strings.TrimSpace(a.Markdown) == "" {
		return &Invalid{Field: "markdown", Problem: "required"}
	}
	return describedImages(images)
}

// Publish makes a saved draft public as it stands.
func (s *Service) Publish(ctx context.Context, by, id uuid.UUID) (Article, error) {
	a, err := s.Article(ctx, id)
	if err != nil {
		return Article{}, fmt.Errorf("publish: %w", err)
	}
	if a.Status == Published {
		return a, nil
	}
	return s.Save(ctx, by, Save{ID: id, Base: a.Revision, Input: Input(a), Publish: true})
}

// Input is what the author would have handed in for the article as it is.
func Input(a Article) DraftInput {
	return DraftInput{
		Title: a.Title, Summary: a.Summary, Markdown: a.Markdown, Language: a.Language, Tags: a.Tags,
		Files: a.Files, Cover: a.Cover, CoverAlt: a.CoverAlt,
	}
}

// Delete takes an article back: its page and its object are gone, and every
// server that got it is told.
func (s *Service) Delete(ctx context.Context, by, id uuid.UUID) error {
	a, err := s.Article(ctx, id)
	if err != nil {
		return fmt.Errorf("delete article: %w", err)
	}
	var job *ArticleChanged
	at := s.Now()
	switch {
	case a.Status != Published || a.Kind() == KindStatic:
	case a.Kind() == KindTranslation:
		if job, at, err = s.originalChanged(ctx, a); err != nil {
			return fmt.Errorf("delete article: %w", err)
		}
	default:
		job = &ArticleChanged{Article: id, ObjectURI: a.ObjectURI, Revision: a.Revision, Change: "delete", Activity: s.NewID()}
	}
	if err := s.Store.DeleteArticle(ctx, id, at, job, s.audit(by, "article.delete", id.String())); err != nil {
		return fmt.Errorf("delete article: %w", err)
	}
	return nil
}

// Find returns the article that an address names: its page, a past page, its
// object id, or its slug alone. What is not public comes with the error that a
// reader gets: a draft with ErrNotFound, a deleted one with ErrGone.
func (s *Service) Find(ctx context.Context, address string) (Article, error) {
	site, err := s.Site(ctx)
	if err != nil {
		return Article{}, fmt.Errorf("find article: %w", err)
	}
	a, err := s.ArticleByObject(ctx, address)
	if err == nil || errors.Is(err, ErrGone) && a.ID != uuid.Nil {
		return a, err
	}
	slug, ok := site.Address().Slug(address)
	if !ok {
		slug = strings.Trim(address, "/")
	}
	if id, err := uuid.Parse(slug); err == nil {
		return s.Article(ctx, id)
	}
	if a, err = s.ArticleBySlug(ctx, slug); err != nil {
		return a, fmt.Errorf("find article %s: %w", address, err)
	}
	return a, nil
}
