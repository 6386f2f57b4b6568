package templates

import (
	"slices"
	"strings"
)

// entry is one link of the Studio's navigation.
type entry struct {
	URL, Icon, Label string
	Tally            int
	Current          bool
}

func (s Studio) studio() Studio { return s }

// navigation are the links of the Studio on one of its pages.
func navigation(p interface {
	Page
	studio() Studio
},
) []entry {
	s := p.studio()
	entries := []struct {
		entry
		file string
	}{
		{entry{StudioPath, "chart", "nav.overview", 0, false}, "studio/overview"},
		{entry{StudioArticlesPath, "note", "nav.articles", 0, false}, "studio/articles"},
		{entry{StudioNewPath, "pen", "studio.write", 0, false}, "studio/editor"},
		{entry{StudioCommentsPath, "inbox", "nav.comments", s.CommentsWaiting, false}, "studio/comments"},
		{entry{StudioQuotesPath, "quote", "nav.quotes", s.QuotesWaiting, false}, "studio/quotes"},
		{entry{StudioModerationPath, "shield", "nav.moderation", s.ReportsOpen, false}, "studio/moderation"},
		{entry{StudioNotificationsPath, "bell", "nav.notifications", s.Unread, false}, "studio/notifications"},
		{entry{StudioFollowersPath, "people", "nav.followers", 0, false}, "studio/followers"},
		{entry{StudioDeliveriesPath, "send", "nav.deliveries", s.DeliveriesStuck, false}, "studio/deliveries"},
		{entry{StudioNewsletterPath, "inbox", "newsletter.title", 0, false}, "studio/newsletter"},
		{entry{StudioStatisticsPath, "chart", "nav.statistics", 0, false}, "studio/statistics"},
		{entry{StudioAppearancePath, "image", "nav.appearance", 0, false}, "studio/appearance"},
		{entry{StudioSettingsPath, "gear", "nav.settings", 0, false}, "studio/settings"},
	}
	links := make([]entry, 0, len(entries))
	for _, e := range entries {
		e.Current = e.file == p.file() || e.URL == StudioCommentsPath && strings.HasPrefix(p.file(), "studio/comment") ||
			e.URL == StudioModerationPath && strings.HasPrefix(p.file(), "studio/moderation") ||
			e.URL == StudioSettingsPath && strings.HasPrefix(p.file(), "studio/settings")
		if !slices.Contains(s.Closed, e.URL) {
			links = append(links, e.entry)
		}
	}
	return links
}

// tool is a button of the editor's toolbar: what it puts around the selection
// ("before|after|word") or before its lines, as editor.js reads it.
type tool struct {
	Label, Icon, Wrap, Line, Key string
}

var tools = []tool{
	{Label: "tool.bold", Wrap: "**", Key: "b"},
	{Label: "tool.italic", Wrap: "_", Key: "i"},
	{Label: "tool.heading", Icon: "heading", Line: "## "},
	{Label: "tool.list", Icon: "list", Line: "- "},
	{Label: "tool.quote", Icon: "quote", Line: "> "},
	{Label: "tool.link", Icon: "link", Wrap: "[|](https://)", Key: "k"},
	{Label: "tool.code", Icon: "code", Wrap: "`"},
}
