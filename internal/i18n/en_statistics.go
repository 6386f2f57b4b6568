package i18n

var englishStatistics = texts{
	"nav.statistics":            "Statistics",
	"statistics.lead":           "How often the blog is read.",
	"statistics.own":            "How often your articles are read.",
	"statistics.period":         "Period",
	"statistics.days":           "%d days",
	"statistics.views":          "Views",
	"statistics.visitors":       "Readers",
	"statistics.change":         "%+d %%",
	"statistics.before":         "against the period before",
	"statistics.by-day":         "By day",
	"statistics.day":            "Day",
	"statistics.chart":          "Views and readers of the last %d days; the table below has the numbers.",
	"statistics.table":          "As a table",
	"statistics.articles":       "Most read",
	"statistics.front":          "Front page",
	"statistics.referrers":      "Where readers come from",
	"statistics.referrers.none": "No other site led here yet, or readers' browsers did not say.",
	"statistics.host":           "Site",
	"statistics.empty":          "Nothing was read yet in this time.",
	"statistics.how":            "Counted without cookies. Who read is not kept: that somebody came twice on a day is known for that day only, and never stored. Programs and those who are signed in are not counted.",
}
