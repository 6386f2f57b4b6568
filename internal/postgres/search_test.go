package postgres

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// library publishes articles; each is made by a change of what all have.
func library(t *testing.T, s *Store, changes ...func(*blog.Article)) []blog.Article {
	t.Helper()
	actor := addBlogActor(t, s)
	var all []blog.Article
	for i, change := range changes {
		a := published(actor.ID, fmt.Sprintf("a%d", i), i)
		a.Title, a.Summary, a.Text, a.Tags, a.Headings = "", "", "", []string{}, []blog.Heading{}
		change(&a)
		save(t, s, a)
		all = append(all, a)
	}
	return all
}

func written(language, title, text string) func(*blog.Article) {
	return func(a *blog.Article) { a.Language, a.Title, a.Text = language, title, text }
}

func search(t *testing.T, s *Store, q blog.SearchQuery) blog.SearchPage {
	t.Helper()
	if q.Limit == 0 {
		q.Limit = 20
	}
	found, err := s.Search(t.Context(), q)
	check(t, err)
	return found
}

// foundBy are the slugs of what is found by words.
func foundBy(t *testing.T, s *Store, typed string) []string {
	t.Helper()
	return slugsOf(search(t, s, blog.SearchQuery{Words: blog.ParseWanted(typed)}))
}

func slugsOf(page blog.SearchPage) []string {
	names := []string{}
	for _, f := range page.Found {
		names = append(names, f.Slug)
	}
	return names
}

func TestSearchInEachLanguage(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	library(t, s,
		written("id", "Perjalanan ke Toraja", "Mereka berjalan di antara kebun, dan memukul lesung di tepi sungai."),
		written("en", "Stories of coffee", "The farmers were walking between the gardens, picking berries. Happy cities."),
		written("de-AT", "Kaffeehäuser", "Die Kaffeehäuser von Wien sind voller Menschen."),
		written("ja", "東京の夜景", "東京タワーから見た夜景はとても美しい。"),
		written("th", "กาแฟ", "เราดื่มกาแฟทุกเช้าที่เชียงใหม่"),
		written("ar", "القهوة", "يشرب الناس القهوة في الصباح"),
		written("tlh", "Qapla", "Heghlu'meH QaQ jajvam walking 😀 caffè"),
		func(a *blog.Article) {
			a.Language, a.Title, a.Tags, a.Text = "jv", "Aksara", []string{"KotaTua", "kopi_susu"}, "ꦲꦏ꧀ꦱꦫꦗꦮ"
		},
	)
	for _, test := range []struct {
		name, in string
		want     []string
	}{
		{"Indonesian", "jalan", []string{"a0"}},
		{"Indonesian, another form", "pukulan", []string{"a0"}},
		{"English, and another language as it is", "walking", []string{"a6", "a1"}},
		{"English, another form", "walked story", []string{"a1"}},
		{"German", "Menschen Kaffeehaus", []string{"a2"}},
		{"Japanese", "夜景", []string{"a3"}},
		{"Japanese across the even places", "京タワ", []string{"a3"}},
		{"Japanese, one character", "美", []string{"a3"}},
		{"Japanese, not there", "大阪", []string{}},
		{"Thai", "กาแฟ", []string{"a4"}},
		{"Arabic", "قهوة", []string{"a5"}},
		{"Javanese letters", "ꦱꦫ", []string{"a7"}},
		{"a topic", "kotatua", []string{"a7"}},
		{"a stop word of Indonesian beside a word", "yang jalan", []string{"a0"}},
		{"a stop word of English beside a word", "the coffee", []string{"a1"}},
		{"a phrase", `"tepi sungai"`, []string{"a0"}},
		{"a phrase with a stop word", `"di tepi sungai"`, []string{"a0"}},
		{"a phrase in the wrong order", `"sungai tepi"`, []string{}},
		{"without", "walking -jajvam", []string{"a1"}},
		{"without, in another form", "walking -farmer", []string{"a6"}},
		{"alternatives", "toraja or wien or 夜景", []string{"a3", "a2", "a0"}},
		{"alternatives in Indonesian", "toraja atau wien -lesung", []string{"a2"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := foundBy(t, s, test.in)
			if test.name == "alternatives" { // of different lengths: any order
				differ(t, test.in, len(test.want), len(got))
				return
			}
			differ(t, test.in, test.want, got)
		})
	}
}

func TestSearchOrder(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	filler := strings.Repeat("kata lain mengisi ruang ", 20)
	library(t, s,
		written("id", "Judul", filler+"toraja"),
		func(a *blog.Article) { a.Title, a.Summary, a.Text = "Judul", "Tentang toraja", filler },
		func(a *blog.Article) { a.Title, a.Tags, a.Text = "Judul", []string{"Toraja"}, filler },
		written("id", "Toraja", filler),
		written("id", "Judul", filler+"toraja"), // as the first, but newer
		func(a *blog.Article) {
			a.Title, a.Text, a.Headings = "Judul", filler, []blog.Heading{{Text: "Ke Toraja", Level: 2}}
		},
	)
	got := foundBy(t, s, "toraja")
	differ(t, "title, topic, then headings and summary, then text, the newer first",
		[]string{"a3", "a2", "a5", "a1", "a4", "a0"}, got)
	page := search(t, s, blog.SearchQuery{Words: blog.ParseWanted("toraja"), Limit: 2, Offset: 3})
	differ(t, "a page", []string{"a1", "a4"}, slugsOf(page))
	differ(t, "total", 6, page.Total)
	page = search(t, s, blog.SearchQuery{Words: blog.ParseWanted("toraja"), Limit: 2, Offset: 60})
	differ(t, "a page past the end", []string{}, slugsOf(page))
}

func TestSearchFilters(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ayu := addAccount(t, s, "ayu", blog.Profile{Public: true, Display: "Ayu Lestari"}).ID
	all := library(t, s,
		func(a *blog.Article) { a.Title, a.Tags, a.Text = "Satu", []string{"Kota Tua"}, "kopi" },
		func(a *blog.Article) { a.Text = "kopi" }, // a note
		func(a *blog.Article) { a.Title, a.Static, a.Text = "Tentang", true, "kopi" },
		func(a *blog.Article) { a.Title, a.Language, a.Text = "Coffee", "en-GB", "kopi" },
		func(a *blog.Article) {
			a.Title, a.Text, a.Authors, a.Published = "Dua", "kopi", []uuid.UUID{ayu}, at(0).AddDate(-1, 0, 0)
		},
	)
	kopi := blog.ParseWanted("kopi")
	for _, test := range []struct {
		name string
		in   blog.SearchQuery
		want []string
	}{
		{"all", blog.SearchQuery{Words: kopi}, []string{"a1", "a3", "a2", "a0", "a4"}},
		{"articles", blog.SearchQuery{Words: kopi, Kind: blog.FindArticle}, []string{"a3", "a0", "a4"}},
		{"notes", blog.SearchQuery{Words: kopi, Kind: blog.FindNote}, []string{"a1"}},
		{"pages", blog.SearchQuery{Words: kopi, Kind: blog.FindPage}, []string{"a2"}},
		{"topic", blog.SearchQuery{Words: kopi, Tag: "#KOTA tua"}, []string{"a0"}},
		{"language", blog.SearchQuery{Words: kopi, Language: "EN"}, []string{"a3"}},
		{"author", blog.SearchQuery{Words: kopi, Author: ayu}, []string{"a4"}},
		{"time", blog.SearchQuery{Words: kopi, Until: at(0)}, []string{"a4"}},
		{"from", blog.SearchQuery{Words: kopi, From: all[2].Published}, []string{"a3", "a2"}},
		{"unknown kind", blog.SearchQuery{Words: kopi, Kind: "x"}, []string{}},
		{"by name", blog.SearchQuery{Words: blog.ParseWanted("lestari")}, []string{"a4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			differ(t, "found", test.want, slugsOf(search(t, s, test.in)))
		})
	}
	t.Run("what is shown", func(t *testing.T) {
		t.Parallel()
		got := search(t, s, blog.SearchQuery{Words: kopi, Author: ayu}).Found
		differ(t, "found", []blog.Found{{
			Kind: blog.FindArticle, ID: all[4].ID, Slug: "a4", Title: "Dua", Excerpt: "\x02kopi\x03", Language: "id",
			Published: all[4].Published, Words: 2, Tags: []string{}, Names: []string{"Ayu Lestari"},
		}}, got)
	})
	t.Run("languages", func(t *testing.T) {
		t.Parallel()
		got, err := s.SearchScope(t.Context())
		check(t, err)
		differ(t, "scope", blog.SearchScope{
			Languages: []string{"en", "id"}, First: all[4].Published, Last: all[3].Published,
		}, got)
		tags, err := s.TagsNamed(t.Context(), []string{"#KOTA tua", "kopi"})
		check(t, err)
		differ(t, "topics", []blog.TagCount{{Tag: "Kota Tua", Articles: 1}}, tags)
	})
}

func TestSearchFollowsChanges(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ayu := addAccount(t, s, "ayu", blog.Profile{Public: true}).ID
	a := library(t, s, func(a *blog.Article) { a.Title, a.Text, a.Authors = "Kopi", "pagi", []uuid.UUID{ayu} })[0]
	d := draft(a.ActorID, "draft")
	d.Title = "Kopi rahasia"
	save(t, s, d)
	differ(t, "no draft", []string{"a0"}, foundBy(t, s, "kopi"))

	s.exec(t, `update accounts set display_name = 'Ayu Lestari' where id = $1`, ayu)
	differ(t, "new name", []string{"a0"}, foundBy(t, s, "lestari"))
	differ(t, "text beside the new name", []string{"a0"}, foundBy(t, s, `lestari pagi`))
	s.exec(t, `update accounts set public = false where id = $1`, ayu)
	differ(t, "a name that is not public", []string{}, foundBy(t, s, "lestari"))

	edited := next(a)
	edited.Title, edited.Text = "Teh", "sore"
	save(t, s, edited)
	differ(t, "before the edit", []string{}, foundBy(t, s, "kopi"))
	differ(t, "after the edit", []string{"a0"}, foundBy(t, s, `teh "sore"`))

	var before, after time.Time
	indexed := `select indexed from search_documents where id = $1`
	check(t, s.pool.QueryRow(t.Context(), indexed, a.ID).Scan(&before))
	s.exec(t, `update articles set likes = likes + 1, text = text where id = $1`, a.ID)
	check(t, s.pool.QueryRow(t.Context(), indexed, a.ID).Scan(&after))
	differ(t, "a like writes nothing", before, after)

	check(t, s.DeleteArticle(t.Context(), a.ID, at(9), nil, audit("article.delete")))
	differ(t, "deleted", []string{}, foundBy(t, s, "teh"))
}

func TestSearchExcerpts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	far := strings.Repeat("kata lain mengisi ruang ini. ", 3000)
	library(t, s,
		written("id", "Perjalanan <b>ke</b> Toraja", "Di sana orang <i>memukul</i> lesung & \"menari\". <script>tabuh</script> lesung"),
		written("id", "Jauh", far+"Akhirnya kami menemukan harimau di hutan. "+far),
		written("zh", "长文", strings.Repeat("文字", 400)+"夜景"+strings.Repeat("文字", 400)),
	)
	for _, test := range []struct{ name, in, title, excerpt string }{
		{
			"title and text", "jalan pukul", "\x02Perjalanan\x03 <b>ke</b> Toraja",
			"Di sana orang <i>\x02memukul\x03</i> lesung & \"menari\".",
		},
		{"what looks like a script", "lesung tabuh", "Perjalanan <b>ke</b> Toraja", "<script>\x02tabuh\x03</script> \x02lesung\x03"},
		{"far inside", "harimau", "Jauh", "\x02harimau\x03"},
		{"without spaces", "夜景", "长文", "字\x02夜景\x03文"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			found := search(t, s, blog.SearchQuery{Words: blog.ParseWanted(test.in)}).Found
			if len(found) != 1 {
				t.Fatalf("found %d", len(found))
			}
			differ(t, "title", test.title, found[0].Title)
			if !strings.Contains(found[0].Excerpt, test.excerpt) || utf8.RuneCountInString(found[0].Excerpt) > 600 {
				t.Errorf("excerpt %q", found[0].Excerpt)
			}
		})
	}
}

func TestSearchForAnything(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	library(t, s, written("id", "Kopi", "pagi di kampung"), written("en", "Coffee", "morning"), written("ja", "夜", "景"))
	inputs := []string{
		"", " ", "'", `"`, `'"`, `\`, `\\'`, "&", "|", "!", "()", "((((", ":*", "<->", "<2>", "a:*b", "a & | b", "-", "--", "-\"", "kopi -",
		"\x00", "ko\x00pi", "\xff\xfe", "😀", "👩‍👩‍👧‍👦", "夜景", "夜", "กาแฟ", "قهوة", "\u202e\u200b", "%", "_", "$1", "{{.}}", "<script>",
		"kopi'; drop table articles; --", "http://x.example/a?b=c&d", "a@b.example", "1.5e10", "-kopi", "the", "yang", `"the"`, `"yang"`, "or", "kopi or",
		strings.Repeat("a", 10_000), strings.Repeat("kopi ", 2000), strings.Repeat(`"`, 10_000), strings.Repeat("夜", 10_000), strings.Repeat("-a ", 3000),
		strings.Repeat("a or ", 3000), strings.Repeat("(", 10_000), strings.Repeat("'", 10_000), strings.Repeat("a-", 5000), strings.Repeat("é", 3000),
	}
	for r := rune(1); r < 0x300; r++ {
		inputs = append(inputs, string(r), "kopi"+string(r)+"pagi", string(r)+`"kopi`+string(r))
	}
	begun := time.Now()
	for _, typed := range inputs {
		q := blog.SearchQuery{Words: blog.ParseWanted(typed), Comments: true, Limit: 12}
		if _, err := s.Search(t.Context(), q); err != nil {
			t.Errorf("%.60q: %v", typed, err)
		}
		if _, err := s.SpellWords(t.Context(), q.Words.Plain()); err != nil {
			t.Errorf("spell %.60q: %v", typed, err)
		}
	}
	if took := time.Since(begun); took > 30*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestSearchTakesItsTimeAndNoMore(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	library(t, s, written("id", "Kopi", "pagi"))
	tx, err := s.pool.Begin(t.Context())
	check(t, err)
	defer tx.Rollback(t.Context()) //nolint:errcheck // nothing was changed
	_, err = tx.Exec(t.Context(), `lock table search_documents in access exclusive mode`)
	check(t, err)
	_, err = s.Search(t.Context(), blog.SearchQuery{Words: blog.ParseWanted("kopi"), Limit: 1})
	if !errors.Is(err, blog.ErrTooGeneral) {
		t.Errorf("got %v", err)
	}
}

func TestSearchInVeryLongTexts(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	var unique, wide strings.Builder
	for i := 0; unique.Len() < 2<<20; i++ {
		fmt.Fprintf(&unique, "kata%dx ", i)
	}
	for i := 0; wide.Len() < 2<<20; i++ { // four bytes each: the vector would pass its limit
		fmt.Fprintf(&wide, "%c%c ", 0x10400+i%80, 0x10400+i/80%80)
	}
	library(t, s,
		written("id", "Panjang", "permulaan "+unique.String()),
		written("en", "Wide", "beginning "+wide.String()),
		written("id", "Kata", strings.Repeat("a", 2<<20)),
		written("zh", "字", strings.Repeat("夜景文字", 100_000)),
	)
	differ(t, "Indonesian", []string{"a0"}, foundBy(t, s, "permulaan"))
	differ(t, "letters of four bytes", []string{"a1"}, foundBy(t, s, "beginning"))
	differ(t, "Chinese", []string{"a3"}, foundBy(t, s, "夜景文字"))
}
