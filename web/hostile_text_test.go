package web_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// hostileTexts are articles that would burst a page.
func hostileTexts() map[string]blog.DraftInput {
	row := func(cell string, n int) string { return strings.Repeat("|"+cell, n) + "|\n" }
	word := strings.Repeat("W", 400)
	return map[string]blog.DraftInput{
		"columns": {Markdown: row("Kolom", 100) + row("-", 100) + row("1234567", 100)},
		"cell":    {Markdown: "|" + word + "|b|\n|-|-|\n|a|" + word + "|"},
		"title":   {Title: strings.Repeat("W", blog.MaxTitle), Summary: strings.Repeat("M", 300), Markdown: "Isi."},
		"words":   {Markdown: "## " + word + "\n\n" + word + " `" + word + "` **" + word + "** [" + word + "](/a) https://a.example/" + word + "\n\n![" + word + "](nowhere.png)\n\n> " + word},
		"nested":  {Markdown: strings.Repeat("> ", 60) + "a\n\n" + strings.Repeat("- ", 60) + "b"},
		"broken":  {Markdown: "**a _b [c](<d ![e](f `g ~~h\n\n|i|\n|-\n\n~~~j\n</div></main><p>\n"},
		"override": {
			Title: "a\u202Eb\u2066c\u200F", Summary: "d\u202Ee", Tags: []string{"f\u202Eg"}, Markdown: "h\u202Ei `j\u202Ek`\n\n| l\u202E |\n|-|\n\n![m\u202E](n)",
		},
		"not seen": {Title: "\u200Ba\u2060\uFEFFb\u00AD", Markdown: strings.Repeat("\u200B", 5000) + "c"},
		"no words": {Title: "\u200B\u2060", Markdown: "\u200B", Tags: []string{"\u200Bx"}},
		"formulas": {Markdown: "$" + strings.Repeat("x+", 200) + "x$\n\n$$\n" + strings.Repeat("y+", 200) + "y\n$$\n\n$$\\begin{matrix}" +
			strings.Repeat("12345&", 80) + "\\end{matrix}$$\n\na $$" + strings.Repeat("z+", 200) + "z$$ b"},
		"note":   {Markdown: "Catatan[^" + word[:100] + "]\n\n[^" + word[:100] + "]: " + word + "\n\n```\n" + word + "\n```"},
		"arabic": {Title: strings.Repeat("كلمة", 60), Language: "ar", Slug: "arabic", Markdown: "$" + strings.Repeat("x+", 200) + "x$\n\n" + row("ك", 100) + row("-", 100)},
	}
}

// TestHostileTexts shows articles that would burst a page to a browser on a
// phone: nothing reaches over its side.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	paths := map[string]string{"front page": "/"}
	for name, in := range hostileTexts() {
		if in.Title == "" {
			in.Title = name
		}
		saved, err := f.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: in, Publish: true})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		paths[name] = "/" + saved.Slug
	}
	v := newVictim(t, f.origin)
	check(t, chromedp.Do(v.ctx, chromedp.EmulateViewport(390, 900)))
	for name, path := range paths {
		check(t, chromedp.Do(v.ctx, chromedp.Navigate(f.origin+path)))
		got, err := chromedp.Run(v.ctx, chromedp.Evaluate[sight](sightScript, chromedp.EvalAwaitPromise))
		check(t, err)
		if diff := cmp.Diff(sight{At: path, H1: 1}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		v.photograph(t, "text_"+name)
	}
}

// Characters that turn the text around them, and those that nobody sees, are
// in no title, description or topic of a page.
func TestTitlesAreWhatTheyLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.publish(hostileTexts()["override"])
	doc := w.page("/" + a.Slug)
	for _, place := range []string{"title", "h1", ".p-summary", ".article-tags"} {
		if text := doc.Find(place).Text(); strings.ContainsAny(text, "\u202A\u202B\u202D\u202E\u2066\u2067\u2068\u200B") {
			t.Errorf("%s: %q", place, text)
		}
	}
}

// Who forgets to describe a picture is told which.
func TestPictureWithoutWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, in := range map[string]blog.DraftInput{
		"gardu.png":  {Markdown: "![Gardu](a.png) ![ ](gardu.png)"},
		"cover.webp": {Markdown: "Isi.", Cover: "cover.webp", CoverAlt: "\u200B"},
	} {
		_, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: in, Publish: true})
		var invalid *blog.Invalid
		if !errors.As(err, &invalid) || invalid.Problem != "description-missing" || invalid.Detail != want {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// An article as long as may be is made, shown and sent in bounded time.
func TestLongestArticle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const paragraph = "Warga duduk melingkar di gardu, bercerita tentang $x^2$, harga $5 dan #desa, sambil menunggu giliran meronda.\n\n"
	in := blog.DraftInput{Title: "Panjang", Markdown: strings.Repeat(paragraph, markup.MaxSource/len(paragraph))}
	begun := time.Now()
	a := w.publish(in)
	made := time.Since(begun)
	begun = time.Now()
	size := len(w.get("/" + a.Slug).body)
	t.Logf("2 MiB: saved in %s, a page of %d bytes in %s", made, size, time.Since(begun))
	if made > 30*time.Second {
		t.Errorf("saving took %s", made)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("the page took %s", took)
	}
	in.Markdown += strings.Repeat("a", len(paragraph)+1)
	if _, err := w.blog.Save(t.Context(), uuid.Nil, blog.Save{Input: in}); err == nil {
		t.Error("one more byte is taken")
	}
}
