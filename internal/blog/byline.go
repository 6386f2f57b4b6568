package blog

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// BylineReader reads who stands in bylines: accounts with a public profile.
// They come without what is for nobody else: e-mail address, password, sign-in.
type BylineReader interface {
	// Profiles returns those of the accounts that have a public profile.
	Profiles(ctx context.Context, ids []uuid.UUID) ([]Account, error)
	// ProfileByName finds one by the name of the account, in any case.
	ProfileByName(ctx context.Context, name string) (Account, error)
	// ProfileByHandle finds one by their handle in the fediverse, user@host.
	ProfileByHandle(ctx context.Context, handle string) (Account, error)
	// Bylines returns all of them, those who published the most first.
	Bylines(ctx context.Context, limit int) ([]Byline, error)
}

// Byline is an author with the number of their published posts.
type Byline struct {
	Account
	Articles int
}

// Label is the name that readers see.
func (a Account) Label() string {
	if a.Display != "" {
		return a.Display
	}
	return a.Name
}

// MayWrite reports whether the account may save the article: one that is its
// own, or that it stands in the byline of, with what the role says of those.
func (a Account) MayWrite(article Article) bool {
	return a.May(WriteArticle, article.AccountID) || a.MayOwn(WriteArticle) && slices.Contains(article.Authors, a.ID)
}

// Authors returns the bylines of a list of articles by their ids, in one query.
// An article that is missing has none that readers see: it stands under the name
// of the actor that published it.
func (s *Service) Authors(ctx context.Context, articles []Article) (map[uuid.UUID][]Account, error) {
	var ids []uuid.UUID
	for _, a := range articles {
		for _, id := range a.Authors {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	bylines := map[uuid.UUID][]Account{}
	if len(ids) == 0 {
		return bylines, nil
	}
	found, err := s.Profiles(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("authors: %w", err)
	}
	byID := make(map[uuid.UUID]Account, len(found))
	for _, account := range found {
		byID[account.ID] = account
	}
	for _, a := range articles {
		for _, id := range a.Authors {
			if account, ok := byID[id]; ok {
				bylines[a.ID] = append(bylines[a.ID], account)
			}
		}
	}
	return bylines, nil
}
