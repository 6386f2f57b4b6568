package templates

// settingsTabs are the pages of the settings, with the one that is shown.
func settingsTabs(p Page) []Link {
	tabs := []struct{ file, text, url string }{
		{"studio/settings", "settings.blog", StudioSettingsPath},
		{"studio/settings_reading", "settings.reading", StudioReadingPath},
	}
	links := make([]Link, len(tabs))
	for i, t := range tabs {
		links[i] = Link{Text: t.text, URL: t.url, Current: t.file == p.file()}
	}
	return links
}

// ReadingPage changes what feed readers, search engines and other programs
// get: POST to StudioReadingPath with the fields of ReadingForm in lower case
// (feed_full, feed_entries, feed_hub, crawlers, indexable, search_comments).
type ReadingPage struct {
	Frame
	Studio
	Form     ReadingForm
	Problems Problems
}

// ReadingForm is what ReadingPage holds.
type ReadingForm struct {
	FeedFull       bool
	FeedEntries    string // as typed
	FeedHub        string
	Crawlers       string // all, search or none
	SearchComments bool
}

func (*ReadingPage) file() string { return "studio/settings_reading" }
