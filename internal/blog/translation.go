package blog

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// TranslationReader reads the other languages of articles.
type TranslationReader interface {
	// Translations returns the public translations of articles by their ids, in
	// the order of their languages.
	Translations(ctx context.Context, originals ...uuid.UUID) (map[uuid.UUID][]Article, error)
	// Translated returns when translations of an article were last published,
	// edited or taken back, whatever date they bear; zero if there never was one.
	Translated(ctx context.Context, original uuid.UUID) (time.Time, error)
}

// Kind says what an article is among others.
func (a Article) Kind() ArticleKind {
	switch {
	case a.TranslationOf != uuid.Nil:
		return KindTranslation
	case a.Static:
		return KindStatic
	}
	return KindPost
}

// ArticleKind is one of those of Article.Kind.
type ArticleKind string

// The kinds.
const (
	KindPost        ArticleKind = "post"        // stands in lists and feeds, and goes to other servers
	KindStatic      ArticleKind = "static"      // a page such as "about"
	KindTranslation ArticleKind = "translation" // another language of one of these
)

// checkKind refuses what an article cannot become. A translation belongs to a
// public article in another language, and is of its kind; what other servers
// know, or do not, stays so.
func (s *Service) checkKind(ctx context.Context, old, a Article, publish bool) (Article, error) {
	if !old.Published.IsZero() && old.Status != Deleted && old.Kind() != a.Kind() {
		field := "static"
		if old.Kind() == KindTranslation || a.Kind() == KindTranslation {
			field = "translation_of"
		}
		return a, &Invalid{Field: field, Problem: "kind-fixed"}
	}
	if a.TranslationOf == uuid.Nil {
		return a, s.checkOwnLanguage(ctx, old, a)
	}
	original, err := s.Article(ctx, a.TranslationOf)
	if err != nil {
		return a, fmt.Errorf("check translation: %w", err)
	}
	refuse := func(problem string) (Article, error) {
		return a, &Invalid{Field: "translation_of", Problem: problem, Detail: original.Title}
	}
	switch {
	case original.ID == a.ID, original.TranslationOf != uuid.Nil:
		return refuse("translation-of-translation")
	case original.Status == Deleted:
		return refuse("translation-of-deleted")
	case (publish || old.Status == Published) && original.Status != Published:
		return refuse("translation-of-draft")
	case original.Language == a.Language:
		return refuse("translation-language")
	}
	others, err := s.Translations(ctx, original.ID, a.ID)
	if err != nil {
		return a, fmt.Errorf("check translation: %w", err)
	}
	if len(others[a.ID]) > 0 {
		return refuse("translation-of-translation") // it has translations of its own
	}
	a.Static = original.Static
	return a, nil
}

// checkOwnLanguage refuses that an article takes the language of one of its
// translations: its object has one text in each.
func (s *Service) checkOwnLanguage(ctx context.Context, old, a Article) error {
	if old.Language == "" || old.Language == a.Language {
		return nil
	}
	found, err := s.Translations(ctx, a.ID)
	if err != nil {
		return fmt.Errorf("check language: %w", err)
	}
	for _, t := range found[a.ID] {
		if t.Language == a.Language {
			return &Invalid{Field: "language", Problem: "translation-taken", Detail: a.Language}
		}
	}
	return nil
}

// translationState moves a translation to its new state, and tells other
// servers of the original, which carries its text.
func (s *Service) translationState(ctx context.Context, old Article, a *Article, save Save) (*ArticleChanged, error) {
	now := s.Now()
	switch {
	case old.Status == Published:
		a.Updated = editedAt(now, old.Published, old.Updated)
	case !save.Publish:
		return nil, nil
	default:
		a.Status = Published
		a.Published, a.Updated, a.Deleted = publishedAt(save.Input.Published, now), time.Time{}, time.Time{}
	}
	var (
		job *ArticleChanged
		err error
	)
	job, a.Changed, err = s.originalChanged(ctx, *a)
	return job, err
}

// originalChanged says that the object of a translation's original has changed,
// and when: later than all that other servers have of it. The job is nil for a
// static page, which has no object.
func (s *Service) originalChanged(ctx context.Context, a Article) (*ArticleChanged, time.Time, error) {
	now := s.Now()
	original, err := s.Article(ctx, a.TranslationOf)
	if err != nil {
		return nil, now, fmt.Errorf("translation: %w", err)
	}
	if original.Status != Published || original.ObjectURI == "" {
		return nil, now, nil
	}
	before, err := s.Translated(ctx, original.ID)
	if err != nil {
		return nil, now, fmt.Errorf("translation: %w", err)
	}
	return &ArticleChanged{
		Article: original.ID, ObjectURI: original.ObjectURI, Revision: original.Revision, Change: "update", Activity: s.NewID(),
	}, editedAt(now, original.Published, original.Updated, before), nil
}

// Original is the article whose conversation an article has: itself, or what
// it is a translation of. ErrGone when that was deleted.
func (s *Service) Original(ctx context.Context, a Article) (Article, error) {
	if a.TranslationOf == uuid.Nil {
		return a, nil
	}
	original, err := s.Article(ctx, a.TranslationOf)
	switch {
	case err != nil:
		return original, fmt.Errorf("original: %w", err)
	case original.Status == Deleted:
		return original, ErrGone
	case original.Status != Published:
		return original, ErrNotFound
	}
	return original, nil
}
