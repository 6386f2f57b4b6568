package templates

func sampleSearchPage(f Frame) *SearchPage {
	return &SearchPage{
		Frame: f, Query: `desa "<kota>"`, Narrowed: true, State: SearchDone, Total: 1000, Many: true, Cut: true, Page: 2, Pages: 84,
		Filters: []SearchFilter{
			{Name: "kind", Key: "search.kind", Options: []Choice{{"article", "Tulisan", "", false}, {"comment", "Tanggapan", "", true}}},
			{Name: "language", Key: "search.language", Options: []Choice{{"id", "Indonesia", "", false}, {"ar", "العربية", "ar", false}}},
		},
		Meant:  &Link{Text: "desa kota", URL: "/search?q=desa+kota"},
		Places: []Link{{Text: "#desa", URL: "/tags/desa"}, {Text: "Ratri Wulandari", URL: "/authors/ratri"}},
		Results: []SearchResult{
			{Kind: "article", URL: "/rapat", Title: []Span{{"Rapat ", false}, {"desa", true}}, Excerpt: []Span{{"Di ", false}, {"desa", true}, {" itu <script>", false}}, Language: "id", Published: at(14, 7, 30), Minutes: 6, Tags: []Tag{{Name: "desa", URL: "/tags/desa"}}, Names: []string{"Ratri", "Bayu"}},
			{Kind: "note", URL: "/catatan", Excerpt: []Span{{"A note about a ", false}, {"village", true}}, Language: "en", Published: at(12, 7, 30)},
			{Kind: "page", URL: "/tentang", Title: []Span{{"Tentang", false}}, Excerpt: []Span{{"Kami", false}}, Language: "id", Published: at(1, 7, 30)},
			{Kind: "comment", URL: "/rapat?c=1#c-1", Title: []Span{{"Rapat", false}}, Excerpt: []Span{{"بيت في ", false}, {"القرية", true}}, Language: "ar", Published: at(15, 7, 30), Names: []string{"<b>ليلى</b>"}},
		},
		Previous: "/search?q=desa", Next: "/search?page=3&q=desa",
	}
}

func searchPages(f Frame) map[string]Page {
	months := []ArchiveMonth{{Name: "November", URL: "/archive/2026/11", Articles: 1200, Current: true}, {Name: "Mei", URL: "/archive/2026/05", Articles: 1}}
	return map[string]Page{
		"search-none":    &SearchPage{Frame: f, Query: "xyz", State: SearchDone, Narrowed: true, All: "/search?q=xyz", Tags: []Tag{{Name: "desa", URL: "/tags/desa"}}},
		"search-empty":   &SearchPage{Frame: f, Query: "yang", State: SearchEmpty},
		"search-general": &SearchPage{Frame: f, Query: "yang", State: SearchGeneral},
		"archive":        &ArchivePage{Frame: f, Years: []ArchiveYear{{Year: 2026, URL: "/archive/2026", Articles: 1201, Months: months}}},
		"list": &ListPage{
			Frame: f, Title: "November 2026", Articles: 1200, Year: Link{Text: "2026", URL: "/archive/2026"}, Months: months, Cards: sampleCards()[1:],
			Paging: Paging{Older: "/archive/2026/11?before=x"}, Newer: &Link{Text: "Desember 2026", URL: "/archive/2026/12"}, Older: &Link{Text: "Oktober 2026", URL: "/archive/2026/10"},
		},
	}
}
