package templates

import "kabar/internal/i18n"

// hostileName tries to turn the text around it, and to be HTML.
const hostileName = "\u202e<b>evil</b>\u2066"

func sampleLines() []Line {
	return []Line{
		{Title: "Enam kebiasaan", URL: "/enam-kebiasaan", Language: "id", Published: at(21, 7, 30), Minutes: 9},
		{Title: "بيت في وسط القرية", URL: "/bayt", Language: "ar", Published: at(11, 7, 30), Minutes: 2, Current: true},
		{Title: hostileName, URL: "/evil", Language: `x" onload="`, Published: at(10, 7, 30)},
	}
}

func sampleSeries() *Series {
	lines := sampleLines()
	return &Series{
		Name: hostileName, URL: SeriesPath("kepemimpinan"), Language: "id", Number: 2, Parts: lines,
		Prev: &lines[0], Next: &lines[2],
	}
}

// authorsPages are what is about who writes, series and history.
func authorsPages(f Frame) map[string]Page {
	article := &ArticlePage{Frame: f, Article: sampleArticle()}
	article.Article.Series, article.Article.Related, article.Article.HistoryURL = sampleSeries(), sampleLines(), HistoryPath("a1")
	article.Article.Authors = []Person{ratri, {Name: hostileName, URL: "/authors/x", Bio: "<i>x</i>\nsatu"}, layla}
	link := Link{Text: hostileName, URL: "/enam-kebiasaan"}
	me := Studio{Me: Person{Name: hostileName, Handle: "x"}}
	return map[string]Page{
		"article-in-series": article,
		"series":            &SeriesPage{Frame: f, Name: hostileName, Language: "id", Parts: sampleLines()},
		"history": &HistoryPage{Frame: f, Article: link, Language: "id", Rows: []HistoryRow{
			{URL: ChangePath("a1", 3), Title: hostileName, At: at(22, 9, 0), Grown: 12},
			{URL: ChangePath("a1", 2), At: at(22, 8, 0), Grown: -1},
			{URL: ChangePath("a1", 2), At: at(22, 8, 0)},
			{URL: ChangePath("a1", 1), Title: "Enam kebiasaan", At: at(21, 7, 30), First: true},
		}},
		"change": &ChangePage{
			Frame: f, Article: link, Language: "id", History: HistoryPath("a1"), At: at(22, 9, 0), Title: []Piece{{Text: hostileName}},
			Text: [][]Piece{nil, {{Text: "kopi "}, {Taken: true, Text: "<b>dan</b> "}, {Added: true, Text: hostileName}}, nil},
		},
		"change-first": &ChangePage{Frame: f, Article: link, First: true, Text: [][]Piece{{{Text: "kopi"}}}},
		"profile": &ProfilePage{
			Frame: f, Studio: me, Account: "ratri", Avatar: "/img/a-ratri.svg", PageURL: "/authors/ratri",
			Form:     ProfileForm{Public: true, Display: hostileName, Bio: "<i>x</i>", Website: "https://r.example/", Fediverse: "salah"},
			Problems: Problems{"fediverse": i18n.M("problem.fediverse"), "display": i18n.M("problem.display-empty")},
		},
		"editor-details": &EditorPage{
			Frame: f, Studio: me, ID: "a1", State: ArticlePublished, Problems: Problems{
				"authors": i18n.M("problem.authors"), "series": i18n.M("problem.series"), "part": i18n.M("problem.part", "9999"),
				"pinned": i18n.M("problem.too-many-pinned", "5"), "cover_caption": i18n.M("problem.too-long", "500"),
			},
			Form: EditorForm{Details: DetailsForm{Series: hostileName, Part: "2", Pinned: true, History: true, CoverCaption: hostileName}},
			details: details{
				Authors: []Choice{{Value: "1", Label: hostileName, Selected: true}, {Value: "2", Label: "Bayu"}},
				Series:  []string{hostileName, "Air"}, MayDelete: true,
			},
		},
	}
}
