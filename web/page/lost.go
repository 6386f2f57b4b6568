package page

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/time/rate"

	"kabar/internal/blog"
	"kabar/web/templates"
)

const (
	lostRecent  = 5  // newest articles on a page for what is not there
	lostSimilar = 3  // articles whose addresses are like the one asked for
	lostWords   = 80 // characters of the address that are offered to search for

	// guesses bound how often addresses are compared, of all readers together:
	// whoever tries many addresses costs what they did without it.
	guessesASecond = 20
	guessesAtOnce  = 40
)

// Elsewhere is an error that leads to another address of this site: the page of
// a list that is not there any more, to its first.
type Elsewhere string

func (e Elsewhere) Error() string { return "this is at " + string(e) }

// Gone is blog.ErrGone with the time when it was deleted.
type Gone struct{ At time.Time }

func (g Gone) Error() string { return blog.ErrGone.Error() }

// Unwrap makes it a blog.ErrGone.
func (g Gone) Unwrap() error { return blog.ErrGone }

// readsPages reports whether who asks can show a page: a program that asks for
// JSON cannot.
func readsPages(r *http.Request) bool {
	accept := strings.Join(r.Header.Values("Accept"), ",")
	return accept == "" || !WantsActivity(r) && weigh(mediaRanges(accept), "text/html").q > 0
}

// help offers what may have been meant. The page helps without it, too: errors
// leave it out.
func (m *Maker) help(r *http.Request, p *templates.ErrorPage, err error) {
	var gone Gone
	if errors.As(err, &gone) {
		p.Deleted = gone.At
	}
	slug := addressed(r.URL.Path)
	p.Query = addressWords(slug)
	if p.Query != "" && p.Status == http.StatusNotFound && strings.Count(r.URL.Path, "/") == 1 && m.mayGuess() {
		if similar, err := m.Blog.Similar(r.Context(), slug, lostSimilar); err == nil {
			p.Similar = links(similar)
		}
	}
	if recent, err := m.Blog.Labels(r.Context(), lostRecent); err == nil {
		p.Recent = links(recent)
	}
}

func (m *Maker) mayGuess() bool {
	m.guessing.once.Do(func() { m.guessing.limit = rate.NewLimiter(guessesASecond, guessesAtOnce) })
	return m.guessing.limit.Allow()
}

// addressed is the last part of a path, as articles have it; "" for what no
// article is called, such as the files that scanners look for.
func addressed(address string) string {
	slug := blog.MakeSlug(path.Base(address))
	if strings.Contains(address, ".") || utf8.RuneCountInString(slug) < 3 {
		return ""
	}
	return slug
}

// addressWords are the words of a slug.
func addressWords(slug string) string {
	words := strings.Join(strings.FieldsFunc(slug, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) }), " ")
	if runes := []rune(words); len(runes) > lostWords {
		words = string(runes[:lostWords])
	}
	return words
}

func links(labels []blog.Label) []templates.TitleLink {
	all := make([]templates.TitleLink, 0, len(labels))
	for _, l := range labels {
		all = append(all, templates.TitleLink{Text: cmp.Or(l.Title, l.Excerpt), URL: "/" + url.PathEscape(l.Slug), Language: l.Language})
	}
	return all
}
