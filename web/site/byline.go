package site

import (
	"context"
	"errors"
	"net/http"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// frontAuthors is how many authors the front page names.
const frontAuthors = 12

// bylines finds who wrote articles by name, before they are shown: for all of
// them at once.
func (p *people) bylines(ctx context.Context, articles ...blog.Article) error {
	found, err := p.part.Page.Blog.Authors(ctx, articles)
	if err != nil {
		return err
	}
	for id, accounts := range found {
		for _, account := range accounts {
			p.byline[id] = append(p.byline[id], p.account(account))
		}
	}
	return nil
}

// authors are those in the byline of an article, or else the actor that
// published it.
func (p *people) authors(ctx context.Context, a blog.Article) ([]templates.Person, error) {
	if named := p.byline[a.ID]; len(named) > 0 {
		return named, nil
	}
	actor, err := p.author(ctx, a.ActorID)
	return []templates.Person{actor}, err
}

// account is somebody who writes here as readers see them. The handle is their
// own, elsewhere.
func (p *people) account(a blog.Account) templates.Person {
	person := templates.Person{
		Name: a.Label(), URL: templates.AuthorPath(a.Name), Avatar: mediaPath(a.Avatar), Bio: a.Bio,
	}
	if a.Fediverse != "" {
		person.Handle = "@" + a.Fediverse
	}
	return person
}

// creators are the handles that Mastodon names below links to an article: those
// of its authors, or else the blog's.
func creators(f templates.Frame, authors []templates.Person) []string {
	var handles []string
	for _, author := range authors {
		if author.Handle != "" {
			handles = append(handles, author.Handle)
		}
	}
	if len(handles) == 0 {
		return []string{f.Site.Handle}
	}
	return handles
}

// writers are all who have a public profile, with how much they wrote.
func (p *people) writers(ctx context.Context) ([]templates.Person, error) {
	bylines, err := p.part.Page.Blog.Bylines(ctx, frontAuthors)
	if err != nil {
		return nil, err
	}
	list := make([]templates.Person, 0, len(bylines))
	for _, b := range bylines {
		person := p.account(b.Account)
		person.Articles = b.Articles
		list = append(list, person)
	}
	return list, nil
}

// profile is the page of somebody who writes here without an actor of their
// own.
func (p *Part) profile(w http.ResponseWriter, r *http.Request, name string) error {
	account, err := p.Page.Blog.ProfileByName(r.Context(), name)
	if err != nil {
		return err
	}
	if account.Name != name {
		return page.Moved(w, r, templates.AuthorPath(account.Name))
	}
	l, err := p.listed(r, blog.ArticleQuery{Author: account.ID})
	if err != nil {
		return err
	}
	a := &templates.AuthorPage{Frame: l.Frame, Cards: l.cards, Paging: l.paging}
	introduce(a, p.people(r, l.Frame).account(account), account)
	a.Head = head(l.Frame, r, account.Label(), l.paging)
	a.Head.FeedURL, a.Head.FeedTitle = templates.AuthorPath(account.Name)+templates.AtomPath, account.Label()
	a.Head.Type, a.Head.Description = "profile", account.Bio
	if account.Website != "" {
		a.Head.Me = []string{account.Website}
	}
	if a.Author.Handle != "" {
		a.Head.Creators = []string{a.Author.Handle}
	}
	return p.Page.Render(w, r, http.StatusOK, a)
}

// introduce puts what somebody says of themselves on the page.
func introduce(a *templates.AuthorPage, person templates.Person, account blog.Account) {
	handle := a.Author.Handle
	a.Author = person
	if handle != "" {
		a.Author.Handle = handle // of an actor of ours
	}
	if a.Author.Bio != "" {
		a.BioHTML = ""
	}
	if account.Website == "" {
		return
	}
	a.Fields = append(a.Fields, profileFields([]blog.Field{{Name: a.T("author.website"), Value: account.Website}})...)
}

// sameName adds to the page of an actor the profile of the account of that
// name: a blog of one often has the name of who writes it.
func (p *Part) sameName(r *http.Request, a *templates.AuthorPage, name string) error {
	account, err := p.Page.Blog.ProfileByName(r.Context(), name)
	switch {
	case err == nil:
		introduce(a, p.people(r, a.Frame).account(account), account)
		return nil
	case errors.Is(err, blog.ErrNotFound):
		return nil
	}
	return err
}
