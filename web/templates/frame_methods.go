package templates

import (
	"html/template"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"kabar/internal/i18n"
)

// UILang is the language of the interface.
func (f Frame) UILang() string {
	if f.Lang == "" {
		return i18n.Default
	}
	return f.Lang
}

// T says a text of the interface.
func (f Frame) T(key string, args ...any) string { return i18n.T(f.UILang(), key, args...) }

// Number writes a number with the separators of the language.
func (f Frame) Number(n int) string { return i18n.Number(f.UILang(), n) }

// Date is a short date in the site's time zone.
func (f Frame) Date(t time.Time) string { return i18n.Date(f.UILang(), f.local(t)) }

// DayOf is the date of a day that is in no time zone.
func (f Frame) DayOf(day time.Time) string { return i18n.Date(f.UILang(), day) }

// WeekdayOf is the name of the day of the week.
func (f Frame) WeekdayOf(day time.Time) string { return i18n.Weekday(f.UILang(), day.Weekday()) }

// DateLong is a date with its weekday.
func (f Frame) DateLong(t time.Time) string { return i18n.DateLong(f.UILang(), f.local(t)) }

// DateTime is a date with the time of day.
func (f Frame) DateTime(t time.Time) string { return i18n.DateTime(f.UILang(), f.local(t)) }

// Ago is how long before Now a time was.
func (f Frame) Ago(t time.Time) string { return i18n.Ago(f.UILang(), f.now(), t) }

// Soon is a time to come: the time of day if that is today, else with its date.
func (f Frame) Soon(t time.Time) string {
	at, now := f.local(t), f.now()
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return i18n.Clock(f.UILang(), at)
	}
	return i18n.DateTime(f.UILang(), at)
}

// Duration is a length of time in words.
func (f Frame) Duration(d time.Duration) string { return i18n.Duration(f.UILang(), d) }

// ISO is a time for machines: RFC 3339 with seconds, in the site's time zone.
func (f Frame) ISO(t time.Time) string { return f.local(t).Format(time.RFC3339) }

func (f Frame) now() time.Time {
	if f.Now.IsZero() {
		return time.Now()
	}
	return f.Now
}

func (f Frame) local(t time.Time) time.Time { return t.In(f.now().Location()) }

// PageTitle is the text of the title element.
func (f Frame) PageTitle() string {
	site := f.Site.Title
	if site == "" {
		site = "Kabar"
	}
	switch {
	case f.Head.Title != "":
		return f.Head.Title + " · " + site
	case f.Site.Description != "":
		return site + ": " + f.Site.Description
	}
	return site
}

// Absolute puts the origin before a path.
func (f Frame) Absolute(url string) string {
	if strings.HasPrefix(url, "/") {
		return f.Site.URL + url
	}
	return url
}

// isLanguageTag reports whether text may stand in a lang attribute: parts of
// letters and digits, the first of two or three letters. Languages come from
// other servers too.
func isLanguageTag(text string) bool {
	parts := 0
	for part := range strings.SplitSeq(text, "-") {
		parts++
		if parts > 5 || part == "" || len(part) > 8 || parts == 1 && (len(part) < 2 || len(part) > 3) {
			return false
		}
		for _, c := range []byte(part) {
			letter := 'a' <= c|0x20 && c|0x20 <= 'z'
			if !letter && (parts == 1 || c < '0' || c > '9') {
				return false
			}
		}
	}
	return true
}

// LangAttr is the lang and dir of an element whose text is in another language
// than the page; nothing for the page's own, or when it is not known.
func (f Frame) LangAttr(lang string) template.HTMLAttr {
	if lang == f.UILang() || !isLanguageTag(lang) {
		return ""
	}
	return template.HTMLAttr(` lang="` + lang + `" dir="` + Dir(lang) + `"`)
}

// LangAttrAuto is LangAttr for text that may be in any language: where it is
// not known, the browser finds the direction.
func (f Frame) LangAttrAuto(lang string) template.HTMLAttr {
	if lang == "" || !isLanguageTag(lang) {
		return ` dir="auto"`
	}
	return f.LangAttr(lang)
}

// dirs are the directions of the languages that were asked for, but only of
// those without a region or script: there are not many.
var dirs sync.Map

// Dir is the direction of writing of a language by its script: ltr, rtl, or
// auto when it is not known.
func Dir(lang string) string {
	if known, ok := dirs.Load(lang); ok {
		return known.(string)
	}
	found := direction(lang)
	if len(lang) <= 3 && lang == strings.ToLower(lang) {
		dirs.Store(lang, found)
	}
	return found
}

func direction(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return "ltr"
	}
	script, _ := tag.Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// Joint is what stands before the i-th of n names.
func (f Frame) Joint(i, n int) string {
	switch {
	case i == 0:
		return ""
	case i == n-1:
		return " " + f.T("list.and") + " "
	}
	return ", "
}

// Feed is a feed that a page tells of.
type Feed struct{ Type, Title, URL string }

// Feeds are those of the blog and of the page itself.
func (f Frame) Feeds() []Feed {
	feeds := feedsAt(f.Site.Title, AtomPath)
	if at := f.Head.FeedURL; at != "" {
		title := f.Head.FeedTitle
		if title == "" {
			title = f.Site.Title
		}
		feeds = append(feeds, feedsAt(title, at)...)
	}
	return feeds
}

// feedsAt are the feeds of one page, of which the Atom feed is given.
func feedsAt(title, atom string) []Feed {
	stem := strings.TrimSuffix(atom, "atom")
	return []Feed{
		{"application/atom+xml", title, stem + "atom"},
		{"application/rss+xml", title, stem + "rss"},
		{"application/feed+json", title, stem + "json"},
	}
}
