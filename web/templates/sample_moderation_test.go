package templates

import (
	"time"

	"kabar/internal/i18n"
)

// moderationPages are the pages of moderation, with what is rich and what is
// wrong.
func moderationPages(lang string) map[string]Page {
	f, s := sampleFrame(lang), sampleStudio()
	at := time.Date(2026, 9, 3, 8, 0, 0, 0, time.UTC)
	tabbed := Tabbed{Tabs: []Filter{{Label: i18n.M("tab.rules"), URL: StudioModerationPath, Current: true}, {Label: i18n.M("tab.reports"), URL: StudioReportsPath, Count: 2}}}
	evil := Person{Name: `<script>alert(1)</script>`, Handle: "@x@jahat.example", URL: "javascript:alert(1)"}
	var rules []SpamRuleForm
	for _, name := range []string{"links", "mentions", "first-contact", "same-text", "account-age", "server-age"} {
		rules = append(rules, SpamRuleForm{Name: name, On: name != "same-text", Limit: "2", Points: "4"})
	}
	form := ModerationForm{Policy: "first", CloseDays: "x", Web: true, WebHold: true, Quotes: "ask", AllowList: true, Rules: rules, Wait: "4", Spam: "8"}
	row := BlockRow{Kind: "domain", Value: "jahat.example", Severity: "block", Reason: "<b>Spam</b>", Comment: "dari daftar", Since: at, By: "ratri", Change: "?kind=domain&value=jahat.example#add"}
	person := BlockRow{Kind: "actor", Value: "https://jahat.example/x", Who: &evil, Severity: "silence", Since: at}
	report := ReportRow{
		ID: "1", At: at, From: "danau.example", Text: "<i>kasar</i>", Comments: []ReportedComment{{sampleComments()[0], true}, {sampleComments()[1], false}}, Note: "sudah dilihat",
		Others: []Link{{Text: "https://x.example/1", URL: "https://x.example/1"}, {Text: "javascript:alert(1)"}}, Problems: Problems{"note": i18n.M("problem.too-long", "1000")},
	}
	return map[string]Page{
		"moderation": &ModerationPage{
			Frame: f, Studio: s, Tabbed: tabbed, Form: form, MayChange: true, Trusted: 3, Newcomer: i18n.M("spam.newcomer.shown", 3),
			Problems: Problems{"close_after": i18n.M("problem.number", "36500"), "links": i18n.M("problem.number", "100000")},
		},
		"moderation read": &ModerationPage{Frame: f, Studio: s, Tabbed: tabbed, Form: form},
		"words": &WordsPage{
			Frame: f, Studio: s, Tabbed: tabbed, Total: 2, Form: BlockForm{Kind: "regex", Value: "("},
			Rows:     []BlockRow{{Kind: "word", Value: "pinjol", Severity: "silence", Since: at}, {Kind: "regex", Value: "<a+>", Severity: "block", Reason: "x", Since: at, By: "ratri"}},
			Problems: Problems{"block": i18n.M("problem.regex", "missing )")},
		},
		"no words": &WordsPage{Frame: f, Studio: s, Tabbed: tabbed, Query: "x"},
		"blocks": &BlocksPage{
			Frame: f, Studio: s, Tabbed: tabbed, Filters: sampleFilters(), Filter: "servers", Total: 2, Rows: []BlockRow{row, person},
			Form: BlockForm{Value: "a b"}, Problems: Problems{"block": i18n.M("problem.block", "a b")}, Paging: Paging{Page: 2, Pages: 3, Newer: "?page=1", Older: "?page=3"},
		},
		"block server": &BlockPage{Frame: f, Studio: s, Tabbed: tabbed, Name: "jahat.example", Form: BlockForm{Value: "jahat.example", Severity: "block", Past: true}, Record: *sampleRecord()},
		"block person": &BlockPage{Frame: f, Studio: s, Tabbed: tabbed, Name: "@x@jahat.example", Person: true, Form: BlockForm{Value: "https://jahat.example/x", Severity: "silence", Reason: "<b>"}, Record: *sampleRecord()},
		"import":       &ImportPage{Frame: f, Studio: s, Tabbed: tabbed, Problems: Problems{"file": i18n.M("problem.list-empty")}},
		"import preview": &ImportPage{
			Frame: f, Studio: s, Tabbed: tabbed, Preview: true, List: "a\n\"<b>", New: 1, Known: 1, Followers: 2, Comments: 3, MoreRows: 1, MoreBad: 2,
			Rows:    []ImportRow{{Line: 1, Domain: "jahat.example", Severity: "block", Was: "silence", Comment: "<i>", Followers: 2, Comments: 3}},
			Skipped: []ImportLine{{Line: 2, Text: "x.example", Said: i18n.M("problem.noop", "noop")}},
			Bad:     []ImportLine{{Line: 3, Text: "<b>", Said: i18n.M("problem.domain", "<b>")}},
		},
		"reports": &ReportsPage{
			Frame: f, Studio: s, Tabbed: tabbed, Filters: sampleFilters(), Here: "/studio/reports",
			Rows: []ReportRow{report, {ID: "2", At: at, Made: true, Forward: true, From: "ratri", Resolved: at, By: "ratri"}, {ID: "3", At: at, Made: true, Resolved: at}},
		},
		"no reports": &ReportsPage{Frame: f, Studio: s, Tabbed: tabbed},
		"audit": &AuditPage{
			Frame: f, Studio: s, Tabbed: tabbed, Asked: true, Here: "/studio/audit",
			People:  []Choice{{Label: "Siapa saja"}, {Value: "1", Label: "ratri", Selected: true}},
			Actions: []ActionGroup{{Label: "komentar", Choices: []Choice{{Value: "comment", Label: "Semua"}, {Value: "comment.hidden", Label: "x"}}}},
			Rows: []AuditRow{
				{At: at, By: "ratri", Said: "menyembunyikan komentar", Subject: Link{Text: "komentar", URL: "/studio/comments/1"}, Details: []string{"<b>3</b> komentar"}, Undo: "b"},
				{At: at, Said: "memblokir", Subject: Link{URL: "/studio/comments?actor=1"}, Who: &evil},
				{At: at, Said: "mengubah pengaturan", Subject: Link{Text: "<i>x</i>"}},
			},
		},
		"no audit": &AuditPage{Frame: f, Studio: s, Tabbed: tabbed},
	}
}
