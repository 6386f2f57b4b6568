package site

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	fewFound      = 3  // fewer results ask for another spelling
	searchTags    = 30 // topics to choose from
	searchAuthors = 50 // authors to choose from
	searchPlaces  = 8  // topics and authors above the results
	searchEvery   = 500 * time.Millisecond
	searchBurst   = 40
)

// search answers with what is found. It costs more than other pages and is
// different for everybody, so it is not kept, and an address may not ask
// without end.
func (p *Part) search(w http.ResponseWriter, r *http.Request) error {
	f, err := p.Page.Frame(r)
	if err != nil {
		return err
	}
	words := blog.ParseWanted(r.URL.Query().Get("q"))
	s := &lookingFor{Part: p, r: r, made: &templates.SearchPage{Frame: f, Query: words.String(), Cut: words.Cut, Page: 1}}
	s.made.Head = templates.Head{Title: f.T("search.title"), NoIndex: r.URL.RawQuery != "", LanguageURLs: f.Head.LanguageURLs}
	if !s.made.Head.NoIndex {
		s.made.Head.Canonical, s.made.Head.Description = f.Site.URL+templates.SearchPath, f.T("search.what", f.Site.Title)
	}
	if s.made.Query != "" {
		if err := p.searching.PassFrom(page.ClientAddr(r)); err != nil {
			return err
		}
		s.made.Head.Title = f.T("search.title.of", blog.Clip(s.made.Query, 60))
	}
	q, err := s.query(words)
	if err != nil {
		return err
	}
	if s.made.Query != "" {
		if err := s.find(q); err != nil {
			return err
		}
		if s.made.Page > 1 && len(s.made.Results) == 0 && s.made.State == templates.SearchDone {
			return page.SeeOther(w, r, s.address(0))
		}
	}
	return p.Page.RenderPrivate(w, r, http.StatusOK, s.made)
}

// lookingFor is one search on its way to a page.
type lookingFor struct {
	*Part
	r       *http.Request
	made    *templates.SearchPage
	tags    []blog.TagCount
	authors []blog.Byline
}

// query reads the filters and offers all that can be chosen. One that is not to
// be chosen is as if it were not set.
func (s *lookingFor) query(words blog.Wanted) (blog.SearchQuery, error) {
	ctx, f := s.r.Context(), s.made.Frame
	q := blog.SearchQuery{Words: words, Limit: pageSize}
	number := s.r.URL.Query().Get("page")
	if number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return q, &blog.Invalid{Field: "page", Problem: "page", Detail: number}
		}
		s.made.Page = min(n, blog.MaxFound) // what is past the end leads to the beginning
		q.Offset = (s.made.Page - 1) * pageSize
	}
	scope, err := s.Page.Blog.SearchScope(ctx)
	if err != nil {
		return q, err
	}
	if s.tags, err = s.Numbers.TagCounts(ctx, searchTags); err != nil {
		return q, err
	}
	if s.authors, err = s.Page.Blog.Bylines(ctx, searchAuthors); err != nil {
		return q, err
	}
	q.Kind = blog.SearchKind(s.filter("kind", s.kinds()))
	q.Tag = s.filter("tag", s.topics())
	if name := s.filter("author", s.people()); name != "" {
		q.Author = s.author(name)
	}
	if year := s.filter("year", years(scope, f.Now.Location())); year != "" {
		n, _ := strconv.Atoi(year) // one of those to choose from
		q.From = time.Date(n, 1, 1, 0, 0, 0, 0, f.Now.Location())
		q.Until = q.From.AddDate(1, 0, 0)
	}
	q.Language = s.filter("language", languages(f.UILang(), scope.Languages))
	return q, nil
}

// filter offers a choice if there is one, and returns what is chosen.
func (s *lookingFor) filter(name string, options []templates.Choice) (chosen string) {
	asked := s.r.URL.Query().Get(name)
	for i := range options {
		if asked != "" && strings.EqualFold(options[i].Value, asked) {
			options[i].Selected, chosen = true, options[i].Value
		}
	}
	if len(options) > 1 || chosen != "" {
		s.made.Filters = append(s.made.Filters, templates.SearchFilter{Name: name, Key: "search." + name, Options: options})
	}
	s.made.Narrowed = s.made.Narrowed || chosen != ""
	return chosen
}

func (s *lookingFor) kinds() (options []templates.Choice) {
	site, err := s.Page.Site(s.r)
	for _, kind := range blog.SearchKinds {
		if kind != blog.FindComment || err == nil && site.Search.Comments {
			options = append(options, templates.Choice{Value: string(kind), Label: s.made.T("search.kind." + string(kind))})
		}
	}
	return options
}

// topics are those of the most articles, and the one that is asked for.
func (s *lookingFor) topics() (options []templates.Choice) {
	asked, known := blog.TagKey(s.r.URL.Query().Get("tag")), false
	for _, t := range s.tags {
		key := blog.TagKey(t.Tag)
		known = known || key == asked
		options = append(options, templates.Choice{Value: key, Label: t.Tag})
	}
	if asked != "" && !known && utf8.RuneCountInString(asked) <= 100 {
		options = append(options, templates.Choice{Value: asked, Label: asked})
	}
	return options
}

func (s *lookingFor) people() (options []templates.Choice) {
	for _, a := range s.authors {
		options = append(options, templates.Choice{Value: a.Name, Label: a.Label()})
	}
	return options
}

func (s *lookingFor) author(name string) uuid.UUID {
	for _, a := range s.authors {
		if a.Name == name {
			return a.ID
		}
	}
	return uuid.Nil
}

// years are those from the last with something to be found to the first.
func years(scope blog.SearchScope, zone *time.Location) (options []templates.Choice) {
	if scope.First.IsZero() {
		return nil
	}
	last, first := scope.Last.In(zone).Year(), scope.First.In(zone).Year()
	for year := last; year >= max(first, last-100); year-- {
		options = append(options, templates.Choice{Value: strconv.Itoa(year), Label: strconv.Itoa(year)})
	}
	return options
}

// languages are called as they are in the language of the page.
func languages(lang string, tags []string) (options []templates.Choice) {
	names := display.Tags(language.Make(lang))
	for _, tag := range tags {
		name := tag
		if parsed, err := language.Parse(tag); err == nil && names.Name(parsed) != "" {
			name = names.Name(parsed)
		}
		options = append(options, templates.Choice{Value: tag, Label: name})
	}
	return options
}

// address is the same search with another page; 0 is the first.
func (s *lookingFor) address(number int) string {
	query := url.Values{"q": {s.made.Query}}
	for _, f := range s.made.Filters {
		for _, o := range f.Options {
			if o.Selected {
				query.Set(f.Name, o.Value)
			}
		}
	}
	if number > 1 {
		query.Set("page", strconv.Itoa(number))
	}
	return templates.SearchPath + "?" + query.Encode()
}

// find searches and fills the page with what is found.
func (s *lookingFor) find(q blog.SearchQuery) error {
	ctx, made := s.r.Context(), s.made
	found, err := s.Page.Blog.Search(ctx, q)
	switch {
	case errors.Is(err, blog.ErrTooGeneral):
		made.State = templates.SearchGeneral
		return nil
	case err != nil:
		return err
	case found.Empty:
		made.State = templates.SearchEmpty
		return nil
	}
	made.State = templates.SearchDone
	made.Total, made.Many = min(found.Total, blog.MaxFound), found.Total > blog.MaxFound
	made.Pages = (made.Total + pageSize - 1) / pageSize
	for _, one := range found.Found {
		made.Results = append(made.Results, searchResult(one))
	}
	if made.Page > 1 {
		made.Previous = s.address(made.Page - 1)
	}
	if made.Page < made.Pages {
		made.Next = s.address(made.Page + 1)
	}
	if made.Page == 1 {
		return s.around(ctx, q, found.Total)
	}
	return nil
}

// around is what stands beside the results: topics and authors of that name,
// another spelling, and where to look when nothing was found.
func (s *lookingFor) around(ctx context.Context, q blog.SearchQuery, total int) error {
	made := s.made
	for _, word := range append(q.Words.Plain(), made.Query) {
		for _, a := range s.authors {
			if strings.EqualFold(a.Name, word) || strings.Contains(strings.ToLower(a.Label())+" ", strings.ToLower(word)+" ") {
				s.place(a.Label(), templates.AuthorPath(a.Name))
			}
		}
	}
	named, err := s.Page.Blog.TagsNamed(ctx, append(q.Words.Plain(), made.Query))
	if err != nil {
		return err
	}
	for _, t := range named {
		s.place("#"+t.Tag, tagPath(t.Tag))
	}
	if total >= fewFound {
		return nil
	}
	better, err := s.Page.Blog.DidYouMean(ctx, q, total)
	if err != nil && !errors.Is(err, blog.ErrTooGeneral) {
		return err
	}
	if better != "" {
		made.Meant = &templates.Link{Text: better, URL: templates.SearchWords(better)}
	}
	if total == 0 {
		made.All = templates.SearchWords(made.Query)
		for _, t := range s.tags[:min(len(s.tags), frontTags)] {
			made.Tags = append(made.Tags, templates.Tag{Name: t.Tag, URL: tagPath(t.Tag)})
		}
	}
	return nil
}

func (s *lookingFor) place(text, address string) {
	for _, known := range s.made.Places {
		if known.URL == address {
			return
		}
	}
	if len(s.made.Places) < searchPlaces {
		s.made.Places = append(s.made.Places, templates.Link{Text: text, URL: address})
	}
}

func searchResult(f blog.Found) templates.SearchResult {
	made := templates.SearchResult{
		Kind: string(f.Kind), URL: "/" + url.PathEscape(f.Slug), Title: spans(f.Title), Excerpt: spans(f.Excerpt),
		Language: f.Language, Published: f.Published, Names: f.Names,
	}
	switch f.Kind {
	case blog.FindComment:
		made.URL += blog.CommentPlace(f.ID)
	case blog.FindArticle:
		made.Minutes = minutes(f.Words)
	}
	if f.Kind != blog.FindComment {
		for _, tag := range f.Tags[:min(len(f.Tags), 3)] {
			made.Tags = append(made.Tags, templates.Tag{Name: tag, URL: tagPath(tag)})
		}
	}
	return made
}

// spans splits a text where marks begin and end.
func spans(text string) (all []templates.Span) {
	found := false
	for text != "" {
		at := strings.IndexAny(text, string(blog.FoundOpen)+string(blog.FoundClose))
		if at < 0 {
			return append(all, templates.Span{Text: text, Found: found})
		}
		if at > 0 {
			all = append(all, templates.Span{Text: text[:at], Found: found})
		}
		found, text = rune(text[at]) == blog.FoundOpen, text[at+1:]
	}
	return all
}
