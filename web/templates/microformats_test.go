package templates

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
)

// seen is what a reader of microformats finds in one comment.
type seen struct {
	Anchor, Parent, URL, Author, Published, Content, Handle string
}

func seenIn(doc *goquery.Document) []seen {
	var found []seen
	doc.Find(".h-entry .u-comment.h-cite").Each(func(_ int, s *goquery.Selection) {
		own := s.ChildrenFiltered("article")
		parent, _ := s.Parent().Closest(".u-comment").Attr("id")
		found = append(found, seen{
			Anchor: s.AttrOr("id", ""), Parent: parent,
			URL:       own.Find(".u-url").AttrOr("href", ""),
			Author:    own.Find(".p-author.h-card .p-name").Text(),
			Published: own.Find(".dt-published").AttrOr("datetime", ""),
			Content:   own.Find(".e-content").Text(),
			Handle:    own.Find(".source bdi").First().Text(),
		})
	})
	return found
}

func TestComments(t *testing.T) {
	t.Parallel()
	doc := page(t, sampleArticlePage("id"))
	const long = "Itu menjelaskan banyak hal. Jadi ukurannya bukan berapa kali ia mengirim."
	deep := func(id, parent string) seen {
		return seen{"c-" + id, parent, "https://danau.example/" + id, "Mika Lehtonen ", "2026-11-23T14:00:00+07:00", long, "@mika@danau.example"}
	}
	want := []seen{
		{"c-t1", "", "https://danau.example/@mika/1", "Mika Lehtonen ", "2026-11-21T18:05:00+07:00", "Bagian tentang menyimak kena sekali.", "@mika@danau.example"},
		{"c-t2", "c-t1", "https://example.social/enam-kebiasaan#c-t2", "Ratri Wulandari", "2026-11-21T20:31:00+07:00", "Pertanyaan bagus. Kami menyisihkan dua puluh menit setiap pagi.", "@ratri@example.social"},
		deep("t5", "c-t2"), deep("t6", "c-t5"), deep("t7", "c-t6"), deep("t8", "c-t7"),
		{"c-t9", "c-t8", "https://maresia.example/p/9", "João Tavares", "2026-11-23T15:00:00+07:00", "Paling dalam.", "@joao@maresia.example"},
		{"c-t10", "", "https://bayt.example/10", "ليلى", "2026-11-21T21:10:00+07:00", "كان مكتبي القديم هكذا.", "@layla@bayt.example"},
		{"c-t12", "", "#", "<script>alert(1)</script>", "2026-11-23T12:00:00+07:00", "Balasan.", `@x"onload="y@evil.example`},
		{"c-t14", "", "https://maresia.example/14", "João Tavares", "2026-11-23T17:24:00+07:00", "Tetap di sini.", "@joao@maresia.example"},
		{"c-t15", "", "https://example.social/enam-kebiasaan?c=t15#c-t15", "Pak Hendra", "2026-11-21T21:10:00+07:00", "Dulu papan pengumuman hanya satu arah.", "hendra.example"},
		{"c-t16", "", "https://maresia.example/16", "João Tavares", "2026-11-22T09:00:00+07:00", "Panjang sekali.", "@joao@maresia.example"},
	}
	if diff := cmp.Diff(want, seenIn(doc)); diff != "" {
		t.Error(diff)
	}
	doc.Find(".u-comment > article").Each(func(_ int, s *goquery.Selection) {
		for selector, want := range map[string]int{".u-url": 1, ".e-content": 1, ".p-author.h-card": 1, ".dt-published": 1} {
			if got := s.Find(selector).Length(); got != want {
				t.Errorf("%s: %d, want %d", selector, got, want)
			}
		}
	})
}

func TestArticle(t *testing.T) {
	t.Parallel()
	doc := page(t, sampleArticlePage("en"))
	tests := []struct{ name, selector, attr, want string }{
		{"likes", "article.h-entry", "data-likes", "1342"},
		{"boosts", "article.h-entry", "data-boosts", "128"},
		{"name", ".h-entry .article-head h1.p-name", "", sampleCards()[0].Title},
		{"language of the name", "h1.p-name", "lang", "id"},
		{"address", ".article-head .u-url", "href", "https://example.social/enam-kebiasaan"},
		{"time", ".article-head .dt-published", "datetime", "2026-11-21T07:30:00+07:00"},
		{"day", ".article-head .dt-published", "", "Saturday, 21 November 2026"},
		{"topics", ".article-tags .p-category", "", "kepemimpinanfederasi"},
		{"text", ".prose.e-content", "lang", "id"},
		{"warning", "#c-t10 details.warning > summary", "", "سياسة المكتب"},
		{"warning is around the text", "#c-t10 details.warning > .e-content", "dir", "rtl"},
		{"attachment", "#c-t10 figure.attachment img", "alt", "Papan kayu berisi delapan lembar pengumuman."},
		{"attachment of another kind", "#c-t10 p.attachment a", "href", "https://bayt.example/v.mp4"},
		{"description", "#c-t10 p.attachment .quiet", "", "Video papan"},
		{"edited", "#c-t1 > article .dt-updated", "datetime", "2026-11-22T08:02:00+07:00"},
		{"author's badge", "#c-t2 > article .badge", "", "Author"},
		{"placeholder", "#c-t13 > article", "", " This response was deleted by its author."},
		{"hidden", "#c-t11 > article", "", " A response was hidden by a moderator: menyerang orang"},
		{"whom it answers", "#c-t9 > article header .source:last-child bdi", "", "Mika"},
		{"reply without script", "#c-t1 > article footer a[data-uri]", "href", "/-/interact?uri=https%3A%2F%2Fdanau.example%2Fnotes%2F1"},
		{"next page of comments", ".h-entry .load-more a[rel=next]", "href", "/enam-kebiasaan?page=2#responses"},
		{"rest of a branch", ".h-entry .rest a[rel=next]", "href", "/enam-kebiasaan?in=t12"},
		{"canonical", "link[rel=canonical]", "href", "https://example.social/enam-kebiasaan"},
		{"object", "link[rel=alternate][type='application/activity+json']", "href", "https://example.social/ap/objects/1"},
		{"feed", "link[rel=alternate][type='application/atom+xml']", "href", "/feed.atom"},
		{"creator", "meta[name='fediverse:creator']", "content", "@ratri@example.social"},
		{"preview image", "meta[property='og:image']", "content", "https://example.social/img/malam-kentongan.svg"},
		{"faces", ".u-repost.h-cite[href='https://danau.example/@mika']", "aria-label", "Boosted by Mika Lehtonen :kopi:"},
		{"crowd", ".people .row:first-child .quiet", "", "and 126 others boosted this"},
		{"all of the crowd", ".people .row:first-child a.quiet", "href", "/-/reactions/a1?kind=boost"},
		{"a crowd without faces", ".people .row:nth-of-type(4)", "", " 3 people liked this"},
		{"an emoji reaction", ".emojis li:first-child a", "href", "/-/reactions/a1?content=%3Akopi%3A&kind=emoji"},
		{"who reacted with it", ".emojis li:last-child .hidden-text", "", " 🎉: João Tavares"},
		{"website of a visitor", "#c-t15 .source a", "href", "https://www.hendra.example/"},
		{"quoted address", "#c-t16 .u-quotation-of", "href", "https://example.social/enam-kebiasaan"},
		{"poll", "#c-t16 .attachment a", "href", "https://maresia.example/16"},
		{"emoji in a warning", "#c-t16 .warning summary img", "alt", ":kopi:"},
		{"long text", "#c-t16 .unfold + .e-content + label", "for", "f-t16"},
		{"video", "#c-t16 video[controls][preload=none]", "aria-label", "Kopi dituang."},
		{"sound", "#c-t16 details audio[controls]", "aria-label", "Attached audio"},
		{"likes of a comment", "#c-t16 .reactions summary span:first-child .hidden-text", "", " likes"},
		{"other likes of it", "#c-t16 .reactions li:first-child a:last-child", "href", "/-/reactions/t16?kind=like"},
		{"covered picture", "#c-t14 details.covered > img.u-photo", "alt", "Tersembunyi"},
		{"its place while covered", "#c-t14 details.covered > summary > img.blur", "width", "640"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := doc.Find(tt.selector)
			got := s.AttrOr(tt.attr, "")
			if tt.attr == "" {
				got = s.Text()
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if strings.Contains(doc.Text(), "TERSEMBUNYI") {
		t.Error("the text of a hidden comment stands on the page")
	}
	if n := doc.Find(".h-entry > header .u-url").Length(); n != 1 {
		t.Errorf("the entry has %d addresses", n)
	}
}

// A deep thread is nested all the way down; only the style stops. HTML parsers
// stop at 512 open elements, which is a depth of about 160.
func TestDepth(t *testing.T) {
	t.Parallel()
	c := Comment{ID: "0", Author: mika, ContentHTML: "<p>x</p>"}
	for range 120 {
		c = Comment{ID: "n", Author: mika, ContentHTML: "<p>x</p>", Replies: []Comment{c}}
	}
	doc := page(t, &ArticlePage{Thread: Thread{Comments: []Comment{c}}})
	got := []int{doc.Find(".u-comment").Length(), doc.Find(".u-comment .u-comment .u-comment .u-comment .u-comment").Length()}
	if diff := cmp.Diff([]int{121, 117}, got); diff != "" {
		t.Error(diff)
	}
}
