package web_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"kabar/internal/blog"
)

// TestLongWords shows a title of one long word to a real browser: it has to
// break, on every page that shows it.
func TestLongWords(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	word := strings.Repeat("Kapitänsmütze", 8)
	for range 2 { // neighbours of each other
		f.publish(blog.DraftInput{Title: word, Slug: "", Markdown: word, Tags: []string{word}})
	}
	v := newVictim(t, f.origin)
	check(t, chromedp.Do(v.ctx, chromedp.Navigate(f.origin+"/livez")))
	_, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](fmt.Sprintf("document.cookie = '%s; path=/'", f.owner())))
	check(t, err)
	article, err := f.blog.Articles(t.Context(), blog.ArticleQuery{Limit: 1})
	check(t, err)
	paths := []string{"/", "/archive", "/authors/blog", "/" + article[0].Slug, "/studio", "/studio/articles", "/studio/deliveries"}
	for _, width := range []int64{390, 1280} {
		check(t, chromedp.Do(v.ctx, chromedp.EmulateViewport(width, 900)))
		for _, path := range paths {
			check(t, chromedp.Do(v.ctx, chromedp.Navigate(f.origin+path)))
			got, err := chromedp.Run(v.ctx, chromedp.Evaluate[sight](sightScript, chromedp.EvalAwaitPromise))
			check(t, err)
			if diff := cmp.Diff(sight{At: path, H1: 1}, got); diff != "" {
				t.Errorf("%s, %d pixels wide (-want +got):\n%s", path, width, diff)
			}
		}
	}
}
