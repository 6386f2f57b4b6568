package templates

import (
	"maps"
	"time"

	"kabar/internal/i18n"
)

func sampleStudio() Studio {
	return Studio{Me: ratri, CommentsWaiting: 6, DeliveriesStuck: 13, Unread: 100}
}

func sampleFilters() []Filter {
	return []Filter{{Label: i18n.M("filter.pending"), URL: "?state=pending", Count: 6, Urgent: true, Current: true}, {Label: i18n.M("filter.approved"), URL: "?state=approved", Count: 1284}}
}

func sampleRows() []ArticleRow {
	return []ArticleRow{
		{ID: "a1", Title: "Enam kebiasaan pemimpin yang sungguh hadir", Language: "id", State: ArticlePublished, URL: "/enam-kebiasaan", Published: at(21, 7, 30), Changed: at(22, 9, 12), Replies: 49, Boosts: 128, Likes: 1342},
		{ID: "a2", Language: "en", State: ArticleDraft, Changed: at(23, 12, 0)},
		{ID: "a3", Title: "Pengumuman lama", Language: "id", State: ArticleDeleted, Changed: at(13, 15, 4)},
	}
}

func sampleComments() []CommentRow {
	article := Link{Text: "Enam kebiasaan pemimpin…", URL: "/enam-kebiasaan"}
	approve, wait := []Button{{Do: "approve", Icon: "check", Label: "comment.approve"}}, []Button{{Do: "delete", Icon: "close", Label: "comment.delete", Danger: true}}
	rows := []CommentRow{
		{ID: "t1", Author: joao, Article: article, Remote: "https://maresia.example/p/1", Language: "pt", Published: at(23, 12, 20), ContentHTML: "<p>Aqui também!</p>", Standing: StandingPending, Audience: AudiencePublic, Reasons: []i18n.Message{i18n.M("inbox.rule", "links")}, Verdicts: approve, More: wait, MayDecide: true, MayReport: true, Server: "maresia.example", Actor: "a1", Attachments: []Attachment{{Kind: "image", URL: "/img/kawung.svg", Description: "Kawung", Width: 30, Height: 20, Sensitive: true}}, Next: "t2"},
		{ID: "t2", Author: mika, Article: article, URL: "/enam-kebiasaan#c-t2", Published: at(22, 7, 40), Edited: at(22, 8, 2), Warning: "Politik", ContentHTML: "<p>Itu menjelaskan banyak hal.</p>", Standing: StandingApproved, Audience: AudiencePublic, AnswersTo: "Ratri", AnswersURL: "/studio/comments/t5", MayAnswer: true, MayReact: true, MayBoost: true, Liked: true, Form: sampleReply("t2")},
		{ID: "t3", Author: layla, Published: at(20, 7, 40), Language: "ar", ContentHTML: "<p>رسالة خاصة</p>", Standing: StandingUnattached, Audience: AudienceDirect, MayAnswer: true, Form: &ReplyForm{ID: "t3", Private: true, Only: "Layla", Back: "/studio/comments"}},
		{ID: "t4", Author: evil, Article: article, Published: at(20, 7, 40), ContentHTML: "<p>Klik tautan ini.</p>", Standing: StandingRemoved, Audience: AudiencePublic, Restorable: true, FromWeb: true, Website: "https://evil.example", Email: "evil@evil.example", Poll: true, Quote: true, Mention: true},
		{ID: "t5", Author: ratri, Article: article, ByAuthor: true, URL: "/enam-kebiasaan#c-t5", Published: at(20, 8, 40), ContentHTML: "<p>Terima kasih.</p>", Standing: StandingApproved, Audience: AudiencePublic, MayAnswer: true, MayChange: true, Warning: "Politik", Form: &ReplyForm{ID: "t5", Edit: true, Text: "Terima kasih.", Back: "/studio/comments"}},
	}
	for i := range rows {
		rows[i].Back = "/studio/comments?show=waiting"
	}
	return rows
}

func sampleReply(id string) *ReplyForm {
	return &ReplyForm{
		ID: id, Approve: true, Back: "/studio/comments", Text: "Terima kasih", Warning: "Politik", Room: 3,
		Languages: []Choice{{"id", "Bahasa Indonesia", "id", true}, {"en", "English", "en", false}},
		Pictures:  []ReplyPicture{{Image{URL: "/img/kawung.svg", Width: 30, Height: 20}, "kawung.webp"}},
		Preview:   &ReplyPreview{HTML: "<p>Terima kasih</p>", Warning: "Politik", Language: "id"},
		Problems:  Problems{"text": i18n.M("problem.required"), "attachments": i18n.M("problem.description-missing", "kawung.png"), "comment": i18n.M("problem.comment-not-public")},
	}
}

func sampleRecord() *RecordBox {
	return &RecordBox{Name: "Mika", Handle: "@mika@danau.example", Software: "Mastodon", First: at(1, 8, 0), Shown: 4, Waiting: 1, Hidden: 2, Spam: 3, Deleted: 1, People: 2, Followers: 1, Reports: 1, Rule: "silence", All: "/studio/comments?actor=a1", Decide: "/studio/comments/t1/person"}
}

func sampleComment(lang string) *StudioCommentPage {
	return &StudioCommentPage{
		Frame: sampleFrame(lang), Studio: sampleStudio(), Row: sampleComments()[1], Above: sampleComments()[3:4], Here: "/studio/comments/t2", Person: sampleRecord(), Server: sampleRecord(),
		History:  []CommentEvent{{At: at(22, 8, 0), By: "ratri", Said: i18n.M("history.visible"), Undo: "b1"}, {At: at(22, 7, 40), Said: i18n.M("history.came.waiting"), Reasons: []i18n.Message{i18n.M("inbox.rule", "links")}}},
		Versions: []CommentVersion{{Number: 1, At: at(22, 7, 40), Warning: "Politik", ContentHTML: "<p>Itu.</p>", Attachments: []Attachment{{Kind: "file", URL: "https://danau.example/a"}}}},
	}
}

func sampleDecide(lang, about string) *DecidePage {
	p := &DecidePage{Frame: sampleFrame(lang), Studio: sampleStudio(), About: about, Row: sampleComments()[0], Action: "/studio/comments/t1/" + about, Reason: "Spam", MayBlock: true, Forward: true}
	if about == "person" {
		p.Record, p.Choices = sampleRecord(), []DecideChoice{{Do: "hide", Label: i18n.M("decide.hide", 4)}, {Do: "block", Label: i18n.M("decide.block"), Help: i18n.M("decide.block.help", 1), Selected: true}}
		p.Problems = Problems{"do": i18n.M("problem.required"), "reason": i18n.M("problem.too-long", "500")}
	}
	return p
}

func sampleKept() *KeptForm {
	return &KeptForm{Field: "eyJ0byI6Ii9zdHVkaW8ifQ", To: "/studio/articles/new", Do: "preview", Shows: true, Upload: true, Files: true, Fields: []KeptField{{"source", "Di kampung\nibu"}}}
}

func sampleServers() []DeliveryServer {
	return []DeliveryServer{
		{Host: "danau.example", State: DeliveryDone, Tries: 1, At: at(21, 7, 30), Answer: "202", Followers: 812},
		{Row: "17", Back: "/studio/deliveries?state=waiting", Host: "kebun.example", State: DeliveryPending, Tries: 5, At: at(23, 12, 0), NextTry: at(23, 18, 42), Answer: "503 Service Unavailable", Followers: 121},
		{Host: "lama.example", State: DeliveryFailed, Tries: 12, At: at(23, 1, 0), Answer: "410 Gone", Followers: 6},
		{Host: "baru.example", State: DeliverySuperseded},
	}
}

func sampleEditor(lang string) *EditorPage {
	return &EditorPage{
		Frame: sampleFrame(lang), Studio: sampleStudio(), ID: "a1", State: ArticlePublished, PublicURL: "/enam-kebiasaan", Cover: cover,
		Form:        EditorForm{Title: "Enam kebiasaan", Source: "Di kampung ibu saya…\n\n## 1. Bercerita", Summary: "Menulis sendiri.", Tags: "federasi, data", Language: "id", Slug: "enam-kebiasaan"},
		PreviewHTML: sampleBody, Unsaved: true, Conflict: true, LedgerURL: "/studio/deliveries?article=a1", Words: 1184, Minutes: 9, Saved: at(23, 10, 42), Revision: 14,
		Images:    []UploadedImage{{Image{URL: "/img/kawung.svg", Alt: "Motif batik kawung", Width: 1200, Height: 800}, "![Motif batik kawung](/media/kawung.webp)"}},
		Languages: []Choice{{"id", "Bahasa Indonesia", "id", true}, {"en", "English", "en", false}},
		Problems:  Problems{"slug": i18n.M("problem.slug-taken", "enam-kebiasaan"), "description": i18n.M("problem.description")},
	}
}

func sampleDeliveries(lang string) *DeliveriesPage {
	return &DeliveriesPage{
		Frame: sampleFrame(lang), Studio: sampleStudio(), Delivered: 2394, Pending: 13, Failed: 3, Oldest: at(21, 9, 0), Next: at(23, 18, 42), Filters: sampleFilters(), Article: Link{Text: "Enam kebiasaan", URL: "/enam-kebiasaan"}, Object: "https://example.social/ap/objects/1", ArticleID: "a1", Host: "kebun.example", State: "waiting", Here: "/studio/deliveries?state=waiting",
		Activities: []DeliveryActivity{
			{ID: "x1", Type: "Create", Title: "Enam kebiasaan", Language: "id", URL: "/enam-kebiasaan", At: at(21, 7, 30), Delivered: 598, Pending: 10, Failed: 3, Servers: sampleServers(), More: "?activity=x1", Open: true},
			{ID: "x2", Type: "Delete", At: at(13, 15, 4), Delivered: 611},
		},
		Paused: []DeliveryServer{{Host: "lama.example", State: DeliverySuspended, Followers: 6, Waiting: 2, Answer: "connection refused"}}, Paging: Paging{Older: "?after=1"},
	}
}

func studioPages(lang string) map[string]Page {
	f, s := sampleFrame(lang), sampleStudio()
	flashed := f
	flashed.Flash = &Notice{Kind: NoticeGood, Text: i18n.M("flash.saved")}
	undo := f
	undo.Flash = &Notice{Kind: NoticeGood, Text: i18n.M("flash.bulk-hidden", 3), Undo: &Undo{"b1", "/studio/comments"}}
	pages := securityPages(f, s)
	maps.Copy(pages, map[string]Page{
		"login": &LoginPage{Frame: f, Email: "ratri@example.social", Next: "/studio", Problems: Problems{"": i18n.M("login.wrong")}, Wait: 0},
		"wait":  &LoginPage{Frame: f, Wait: 90 * time.Second},
		"newsletter": &StudioNewsletterPage{
			Frame: f, Studio: s, Mail: true, MayChange: true, Form: NewsletterForm{On: true, Delay: "10", Rate: "60", Hour: "7", Day: "1", Footer: "Jl. Kopi 1"},
			Tiles:       []Tile{{Label: i18n.M("newsletter.state.confirmed"), Value: "12"}},
			Subscribers: []SubscriberRow{{"s1", "mika@danau.example", at(21, 7, 0), "confirmed", true}, {"s2", "<b>@evil.example", at(21, 7, 0), "paused", false}, {"s3", "ana@kota.example", at(21, 7, 0), "waiting", false}},
			Issues:      []IssueRow{{"Enam kebiasaan", at(21, 8, 0), 11, 1, 0, 0}, {"", at(20, 8, 0), 9, 0, 2, 1}},
			Problems:    Problems{"newsletter_rate": i18n.M("problem.newsletter-number", "1–1000")},
		},
		"statistics": &StatisticsPage{
			Frame: f, Studio: s, Days: 7, All: true, Periods: []Link{{Text: "7 hari", URL: StudioStatisticsPath + "?days=7", Current: true}},
			Tiles:    []Tile{{Label: i18n.M("statistics.views"), Value: "4.812", Note: i18n.M("statistics.change", -12), Down: true}},
			Plot:     []PlotDay{{at(21, 0, 0), 12, 9}, {at(22, 0, 0), 0, 0}, {at(23, 0, 0), 480, 300}},
			Articles: []ViewRow{{"Enam kebiasaan", "id", "/studio/articles/a1", 300, 200}}, Referrers: []ViewRow{{Title: "danau.example", Views: 9, Visitors: 8}},
		},
		"overview": &OverviewPage{Frame: f, Studio: s, Tiles: []Tile{{Label: i18n.M("tile.followers"), Value: "4.812", Note: i18n.M("tile.change", 214)}, {Label: i18n.M("tile.likes"), Value: "470", Note: i18n.M("tile.change", -3), Down: true}}, Articles: sampleRows(), Comments: sampleComments()[:2], Servers: sampleServers()[1:3]},
		"articles": &ArticlesPage{Frame: f, Studio: s, Filters: sampleFilters(), Query: "kebiasaan", Rows: sampleRows(), Paging: Paging{Page: 1, Pages: 3, Older: "?page=2"}},
		"editor":   sampleEditor(lang),
		"comments": &StudioCommentsPage{Frame: undo, Studio: s, Filters: sampleFilters(), Rows: sampleComments(), Paging: Paging{Older: "?after=1"}, MayModerate: true, Here: "/studio/comments?show=waiting", Filter: "waiting", Only: []Narrowing{{"article", "a1", i18n.M("inbox.of-article"), "Enam kebiasaan", "/enam-kebiasaan", "/studio/comments"}, {"server", "danau.example", i18n.M("inbox.of-server"), "danau.example", "", "/studio/comments"}}},
		"comment":  sampleComment(lang),
		"person":   sampleDecide(lang, "person"),
		"report":   sampleDecide(lang, "report"),
		"kept":     &LoginPage{Frame: f, Kept: sampleKept()},
		"resume":   &ResumePage{Frame: f, Kept: *sampleKept()},
		"notifications": &NotificationsPage{
			Frame: f, Studio: s, Until: "x", Digest: "weekly", Hour: 7, HasMail: true, HasEmail: true, Paging: Paging{Older: "?before=1"},
			Rows: []NotificationRow{
				{Kind: "like", People: []Person{mika, layla, evil}, Sentence: "Mika dan 2 lainnya menyukai “Enam kebiasaan”", URL: "/enam-kebiasaan", At: at(23, 12, 0), Unread: true},
				{Kind: "comment", People: []Person{evil}, Sentence: "<script>alert(1)</script> berkomentar", URL: "/studio/comments#c-1", Text: "رسالة", At: at(22, 12, 0)},
				{Kind: "report", Sentence: "Server danau.example mengirim laporan", Text: "kasar", At: at(21, 12, 0)},
			},
			Kinds:    []NotificationChoice{{"comment", true, true}, {"report", false, true}, {"answer", true, false}, {"private", true, true}, {"mention", true, true}, {"quote", true, true}, {"like", true, true}, {"boost", true, true}, {"follow", true, true}, {"waiting", true, true}},
			Problems: Problems{"digest": i18n.M("problem.no-email")},
		},
		"no notifications": &NotificationsPage{Frame: f, Studio: s, HasEmail: true},
		"no address":       &NotificationsPage{Frame: f, Studio: s, HasMail: true},
		"digest":           &DigestPage{Frame: f, Token: "t"},
		"no digest":        &DigestPage{Frame: f, Done: true},
		"followers": &FollowersPage{
			Frame: f, Studio: s, Total: 4812, Servers: []ServerRow{{"danau.example", "Mastodon 4.5", 812}, {"merpati.example", "Misskey 2026.9", 466}}, Rows: []FollowerRow{
				{Person: mika, Actor: "https://danau.example/users/mika", Since: at(1, 1, 1), State: FollowerActive}, {Person: layla, Actor: "x", Since: at(2, 1, 1), State: FollowerPending}, {Person: evil, Actor: "y", Since: at(3, 1, 1), State: FollowerUnreachable},
			},
			MayBlock: true,
		},
		"deliveries": sampleDeliveries(lang),
		"quotes": &QuotesPage{
			Frame: f, Studio: s, Here: "/studio/quotes", Filters: []Filter{{Label: i18n.M("quotes.waiting"), URL: "/studio/quotes", Count: 2, Current: true, Urgent: true}, {Label: i18n.M("quotes.revoked"), URL: "?show=revoked", Count: 1}},
			Rows: []QuoteRow{
				{ID: "1", Author: mika, State: "waiting", Asked: true, At: at(22, 9, 0), Target: Link{Text: "Enam kebiasaan", URL: "/enam-kebiasaan"}, ToArticle: true, Warning: "Kopi", ContentHTML: "<p>Lihat ini.</p>", Language: "id", URL: "https://danau.example/1"},
				{ID: "2", Author: evil, State: "approved", At: at(21, 9, 0), ContentHTML: "<p>x</p>", URL: "javascript:alert(9)"},
			},
			Paging: Paging{Older: "?before=x"},
		},
		"reading":    &ReadingPage{Frame: flashed, Studio: s, Form: ReadingForm{FeedFull: true, FeedEntries: "x", FeedHub: "https://hub.example/", Crawlers: "search"}, Problems: Problems{"feed_entries": i18n.M("problem.feed-entries", "100")}},
		"appearance": sampleAppearance(flashed, s),
		"settings": &SettingsPage{
			Frame: flashed, Studio: s, Domain: "example.social", HandleLocked: true, Zones: []string{"Asia/Jakarta", "Asia/Makassar"},
			Form: SettingsForm{Title: "Ruang Tengah", Description: "Tempat kami bercerita.", Handle: "blog", Language: "id", Zone: "Asia/Makassar", ActorType: "Group", Fields: []SettingsField{{"Website", "https://ruangtengah.example"}}, Discoverable: true}, Problems: Problems{"title": i18n.M("problem.too-long", "100")},
		},
	})
	return pages
}

func sitePages(lang string) map[string]Page {
	f := sampleFrame(lang)
	home := f
	home.Head.ObjectURL = f.Site.ActorURL
	article := sampleArticlePage(lang)
	note := NotePage(*article)
	note.Article.Title = ""
	pages := map[string]Page{
		"home":      &HomePage{Frame: home, Cards: sampleCards(), Paging: Paging{Page: 1, Pages: 14, Older: "/?page=2"}, Tags: []Tag{{"kepemimpinan", "/tags/kepemimpinan", 24}, {"federasi", "/tags/federasi", 18}}, Authors: []Person{ratri, bayu}, Warm: []Warm{{mika, "Enam kebiasaan…", "/enam-kebiasaan#c-t1"}}},
		"search":    sampleSearchPage(f),
		"article":   article,
		"note":      &note,
		"author":    &AuthorPage{Frame: f, Author: ratri, BioHTML: "<p>Menulis tentang desa.</p>", Fields: []ProfileField{{"Website", `<a href="https://ruangtengah.example" rel="me">ruangtengah.example</a>`, true}}, Cards: sampleCards()[:2], Paging: Paging{Newer: "/authors/ratri", Older: "/authors/ratri?page=3"}},
		"tag":       &TagPage{Frame: f, Tag: Tag{"federasi", "/tags/federasi", 18}, Cards: sampleCards()},
		"follow":    &FollowPage{Frame: f, Account: "salah", Problems: Problems{"account": i18n.M("problem.account")}},
		"interact":  &FollowPage{Frame: f, URI: "https://danau.example/notes/1", Title: "Enam kebiasaan"},
		"reactions": sampleReactionsPage(lang),
		"setup":     &SetupPage{Frame: f, Domain: "example.social", Zones: []string{"Asia/Jakarta", "Asia/Makassar"}, Form: SetupForm{Token: "t0k3n", Handle: "blog", Language: "id", Zone: "Asia/Jakarta"}, Problems: Problems{"password": i18n.M("problem.password-short"), "": i18n.M("setup.used")}},
	}
	for _, step := range []string{"sent", "confirm", "left"} {
		pages["newsletter-"+step] = &NewsletterPage{Frame: f, Step: step, Token: "t0k3n"}
	}
	pages["newsletter-ask"] = &NewsletterPage{Frame: f, Step: "ask", Email: "sari@", Stamp: "s", Problems: Problems{"email": i18n.M("problem.email")}}
	pages["newsletter-manage"] = &NewsletterPage{Frame: f, Step: "manage", Token: "t0k3n", Weekly: true, Language: "en", Saved: true}
	maps.Copy(pages, respondPages(f))
	maps.Copy(pages, authorsPages(f))
	maps.Copy(pages, searchPages(f))
	for name, status := range map[string]int{"400": 400, "403": 403, "404": 404, "405": 405, "410": 410, "429": 429, "500": 500, "503": 503} {
		pages["error-"+name] = &ErrorPage{Frame: f, Status: status, RequestID: "9f3c", RetryAfter: 90 * time.Second, Recent: []TitleLink{{"Enam kebiasaan", "/enam-kebiasaan", "id"}}, Similar: []TitleLink{{"بيت", "/bayt", "ar"}}, Query: `"enam`, Deleted: at(22, 9, 0)}
	}
	return pages
}

func emptyPages() map[string]Page {
	return map[string]Page{
		"home": &HomePage{}, "list": &ListPage{}, "search": &SearchPage{}, "archive": &ArchivePage{}, "article": &ArticlePage{}, "note": &NotePage{}, "author": &AuthorPage{}, "tag": &TagPage{},
		"follow": &FollowPage{}, "error": &ErrorPage{}, "setup": &SetupPage{}, "login": &LoginPage{}, "overview": &OverviewPage{}, "statistics": &StatisticsPage{}, "newsletter": &StudioNewsletterPage{}, "newsletter-page": &NewsletterPage{},
		"articles": &ArticlesPage{}, "editor": &EditorPage{}, "comments": &StudioCommentsPage{}, "comment": &StudioCommentPage{}, "decide": &DecidePage{}, "resume": &ResumePage{}, "followers": &FollowersPage{},
		"deliveries": &DeliveriesPage{}, "settings": &SettingsPage{}, "appearance": &AppearancePage{}, "reading": &ReadingPage{}, "quotes": &QuotesPage{}, "reactions": &ReactionsPage{}, "respond": &RespondPage{}, "leave": &LeavePage{},
		"series": &SeriesPage{}, "history": &HistoryPage{}, "change": &ChangePage{}, "profile": &ProfilePage{},
		"second": &SecondPage{}, "confirm": &ConfirmPage{}, "security": &SecurityPage{}, "codes": &CodesPage{},
	}
}
