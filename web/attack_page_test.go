package web_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/internal/blog"
	"kabar/internal/delivery"
)

// malice is HTML that would run a script, ask a third party or leave its
// place. A script that runs sets window.pwned.
var malice = []string{
	`<script>window.pwned=1</script>`,
	`"><script>window.pwned=1</script>`,
	`'"><img src=x onerror="window.pwned=1">`,
	`<svg/onload=window.pwned=1><animate onbegin=window.pwned=1 attributeName=x dur=1s>`,
	`</title></textarea></style></noscript></script><script>window.pwned=1</script>`,
	`{{.}}{{define "x"}}`, "${window.pwned=1}`",
	`<iframe srcdoc="<script>parent.pwned=1</script>"></iframe><iframe src="https://third.example/"></iframe>`,
	`<a href="javascript:window.pwned=1">a</a><a href=" &#106;avascript:window.pwned=1">b</a><a href="data:text/html,<script>window.pwned=1</script>">c</a><a href="vbscript:x">d</a>`,
	`<a href="//third.example/x" target=_top ping="https://third.example/">e</a><a href="/studio/logout">f</a><a href="#" id="responses" name="body">g</a>`,
	`<style>@import "https://third.example/x.css";body{display:none}</style><link rel=stylesheet href="https://third.example/x.css"><link rel=prefetch href="https://third.example/">`,
	`<img src="https://third.example/x.png" srcset="https://third.example/y.png 2x"><picture><source srcset="https://third.example/z.png"></picture><video src="https://third.example/v.mp4" poster="https://third.example/p.png" autoplay></video><audio src="https://third.example/a.mp3" autoplay></audio>`,
	`<base href="https://third.example/"><meta http-equiv="refresh" content="0;url=https://third.example/"><object data="https://third.example/"></object><embed src="https://third.example/">`,
	`<form action="https://third.example/"><input name=q autofocus onfocus=window.pwned=1><button>x</button></form><button form=search formaction="https://third.example/">y</button>`,
	`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=window.pwned=1&gt;">`,
	`<noscript><p title="</noscript><img src=x onerror=window.pwned=1>"></noscript>`,
	`<svg></p><style><a id="</style><img src=x onerror=window.pwned=1>"></svg>`,
	`<form><math><mtext></form><form><mglyph><style></math><img src onerror=window.pwned=1>`,
	`</div></article></li></ol></section></main></body></html><h1>Owned</h1><footer>x</footer>`,
	`<p style="position:fixed;inset:0;z-index:9999" class="site-header button primary h-entry u-comment e-content p-name u-url dt-published invisible">over</p>`,
	`<div class="u-comment h-cite" id="c-1"><a class="u-url p-author h-card" rel="next me author" href="https://third.example/">Ratri</a></div>`,
	`<details open ontoggle=window.pwned=1><summary>x</summary></details><dialog open>y</dialog><marquee onstart=window.pwned=1>z</marquee>`,
	`&lt;script&gt;window.pwned=1&lt;/script&gt;&#60;img src=x onerror=window.pwned=1&#62;`,
	`<!--><script>window.pwned=1</script>--><![CDATA[<script>window.pwned=1</script>]]><?xml-stylesheet href="https://third.example/"?>`,
	"<scr\x00ipt>window.pwned=1</scr\x00ipt><img src=x\x0conerror=window.pwned=1>", "<p>\u202eesrever \u2066\u2067\u2068 \u200b\ufeff\u00ad</p>",
	`<table><tr><td>` + strings.Repeat(`<table><tr><td>`, 100) + `deep`,
	strings.Repeat(`<blockquote>`, 100) + "quoted" + strings.Repeat(`<ul><li>`, 100) + "listed", strings.Repeat("<b><i>", 300) + "x",
	strings.Repeat("W", 3000), "<pre><code>" + strings.Repeat("x=1;", 1000) + "</code></pre>", "<p>" + strings.Repeat("Z\u0334\u0321\u0308\u0301\u0353", 400) + "</p>",
	`<p><a href="https://third.example/` + strings.Repeat("a", 1500) + `">https://third.example/` + strings.Repeat("a", 1500) + `</a></p>`,
	"<p>" + strings.Repeat("\u0640", 2000) + strings.Repeat("<br>", 300) + strings.Repeat("﷽", 100) + "</p>", strings.Repeat("<p></p>\n", 5000), "<ruby>" + strings.Repeat("<rt>"+strings.Repeat("x", 50), 50),
}

// hostile writes every piece of malice into every field of a reply, and into
// the profile of who sends it.
func (f *fortress) hostile() {
	f.t.Helper()
	eve := f.home.Person("eve")
	for i, m := range malice {
		f.take(eve, f.reply(eve, "<p>x</p>"+m, aptest.Doc{"contentMap": aptest.Doc{m[:min(len(m), 40)]: m}}))
		f.take(eve, f.reply(eve, m, aptest.Doc{
			"type": []string{"Note", "Article", "Page", "Question"}[i%4], "name": m, "summary": m, "sensitive": true, "url": m,
			"oneOf": []aptest.Doc{{"type": "Note", "name": m}, {"type": "Note", "name": "b"}},
			"attachment": []aptest.Doc{
				{"type": "Image", "url": m, "name": m, "mediaType": m, "blurhash": m},
				{"type": "Document", "url": "javascript:window.pwned=1", "name": m, "mediaType": "image/png"},
				{"type": "Image", "url": "https://third.example/x.png", "name": m, "mediaType": "image/svg+xml", "width": 1e9, "height": -1},
				{"type": "Video", "url": "https://third.example/x.mp4\" autoplay onplay=\"window.pwned=1", "name": m, "mediaType": "video/mp4"},
				{"type": "Link", "href": "https://third.example/" + url.PathEscape(m), "name": m, "mediaType": "text/html"},
			},
			"tag": []aptest.Doc{
				{"type": "Mention", "href": "javascript:window.pwned=1", "name": "@" + m},
				{"type": "Hashtag", "href": "javascript:window.pwned=1", "name": "#" + m},
				{"type": "Emoji", "name": ":" + m + ":", "icon": aptest.Doc{"type": "Image", "url": "https://third.example/e.png"}},
				{"type": "Emoji", "name": ":x:", "icon": aptest.Doc{"type": "Image", "url": m}},
			},
			"published": []string{"9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", m, "+275760-09-13T00:00:00Z", "2026-02-30T25:61:61Z"}[i%5],
			"updated":   []string{"9999-12-31T23:59:59Z", m, "0001-01-01T00:00:00Z"}[i%3],
		}))
		liar := f.home.Person(fmt.Sprint("liar", i))
		f.take(liar, aptest.Doc{"type": "Follow", "object": f.actor.URI})
		f.take(liar, aptest.Doc{"type": "Update", "object": aptest.Doc{
			"id": liar.ID(), "type": "Person", "inbox": liar.Inbox(), "name": m, "preferredUsername": m, "summary": m, "url": "javascript:window.pwned=1",
			"icon":       aptest.Doc{"type": "Image", "url": "https://third.example/" + url.PathEscape(m), "mediaType": m},
			"attachment": []aptest.Doc{{"type": "PropertyValue", "name": m, "value": m}},
		}})
		f.take(liar, f.reply(liar, "Oleh "+m, nil))
		f.take(liar, aptest.Doc{"type": "Like", "object": f.article.ObjectURI, "content": m})
		f.take(liar, aptest.Doc{"type": "EmojiReact", "object": f.article.ObjectURI, "content": m, "tag": []aptest.Doc{{"type": "Emoji", "name": m, "icon": aptest.Doc{"type": "Image", "url": "https://third.example/e.png"}}}})
		f.take(liar, aptest.Doc{"type": "Flag", "object": []string{f.actor.URI, m}, "content": m})
	}
	f.settled()
}

// deliver sends what is due to servers that answer with malice.
func (f *fortress) deliver() {
	f.t.Helper()
	f.home.Misbehave(aptest.Behaviour{Status: 500, ContentType: "text/html", Body: []byte(strings.Join(malice[:8], "") + strings.Repeat("W", 3000))})
	sender := &delivery.Sender{Store: f.store, Client: client.New(client.Options{AllowPrivate: true, Self: f.origin}), Now: time.Now}
	ctx, stop := context.WithCancel(f.t.Context())
	var running sync.WaitGroup
	running.Go(func() { sender.Loop(slog.New(slog.DiscardHandler)).Run(ctx) })
	_, err := f.home.Wait(f.t.Context(), aptest.Type("Accept"))
	check(f.t, err)
	stop()
	running.Wait()
	f.home.Behave()
}

// guarded are the pages that show what strangers wrote.
var guarded = []string{
	"/kabar-baik", "/", "/archive", "/authors/blog", "/feed.atom", "/studio", "/studio/comments", "/studio/comments?show=private", "/studio/comments?server=x.example", "/studio/followers", "/studio/deliveries",
	"/studio/articles",
}

func TestAttackPages(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	f.hostile()
	f.deliver()
	cookie := f.owner()
	for _, path := range guarded {
		seen := 0
		for next := path; next != "" && seen < 20; seen++ {
			a := f.get(next, "Cookie", cookie, "Accept-Language", "en")
			if a.StatusCode != 200 {
				t.Errorf("%s: %d", next, a.StatusCode)
			}
			if strings.HasSuffix(path, ".atom") {
				wellFormed(t, a.body)
				break
			}
			doc := a.page(t)
			f.harmless(next, doc)
			next = f.nextOf(path, doc)
		}
	}
	thread, err := f.store.Thread(t.Context(), blog.ThreadQuery{Article: f.article.ID, Answers: 1000, Siblings: 1000, Levels: 600, Room: 10_000})
	check(t, err)
	comments := thread.Comments()
	if got, want := len(f.crawl("/kabar-baik")), len(comments); got != want || want < 2*len(malice) {
		t.Errorf("%d comments stand on the pages, want %d", got, want)
	}
	for _, c := range comments {
		if y := c.Published.Year(); y < 1970 || c.Published.After(time.Now()) {
			t.Errorf("published %v", c.Published)
		}
	}
}

func (f *fortress) nextOf(path string, doc *goquery.Document) string {
	next, ok := doc.Find("a[rel=next]").Last().Attr("href")
	if !ok {
		return ""
	}
	base, err := url.Parse(f.origin + path)
	check(f.t, err)
	to, err := base.Parse(next)
	check(f.t, err)
	return to.RequestURI()
}

func wellFormed(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("the feed: %v", err)
			return
		}
	}
}

// addresses are the attributes that a browser follows or shows, true where it
// does so by itself.
var addresses = map[string]bool{
	"src": true, "srcset": true, "poster": true, "data": true, "background": true, "manifest": true, "imagesrcset": true,
	"href": false, "action": false, "formaction": false, "cite": false, "xlink:href": false,
}

// forbidden are elements that no page of ours has.
const forbidden = "iframe, object, embed, base, frame, frameset, applet, portal, math, marquee, style, [style], [ping], [srcdoc], [autofocus][onfocus], meta[http-equiv], script:not([src]):not([type='application/ld+json'])"

// harmless holds a page to what a stranger's words may do on it: nothing.
func (f *fortress) harmless(path string, doc *goquery.Document) {
	f.t.Helper()
	doc.Find(forbidden).Each(func(_ int, s *goquery.Selection) {
		html, _ := goquery.OuterHtml(s)
		f.t.Errorf("%s has %.200s", path, html)
	})
	ids := map[string]int{}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			name := strings.ToLower(a.Key)
			loads, followed := addresses[name]
			switch {
			case strings.HasPrefix(name, "on"):
				f.t.Errorf("%s: %s=%.80q", path, name, a.Val)
			case name == "id":
				ids[a.Val]++
			case followed && !f.allowed(a.Val, loads || s.Is("link[rel~=stylesheet], link[rel~=icon], link[rel~=preload], link[rel~=manifest]")):
				f.t.Errorf("%s: <%s %s=%.120q>", path, s.Nodes[0].Data, name, a.Val)
			}
		}
	})
	for id, n := range ids {
		if n > 1 {
			f.t.Errorf("%s: the id %q stands %d times", path, id, n)
		}
	}
	// A stranger's markup that broke out would double or move these.
	for selector, want := range map[string]int{"h1": 1, "main": 1, "body > footer, body > .shell > footer, .shell > footer, footer.site-footer": 1, ".e-content [class*=u-], .e-content .h-entry, .e-content [id]": 0} {
		if selector[0] == 'b' && strings.HasPrefix(path, "/studio") {
			continue
		}
		if selector[0] == '.' && strings.HasPrefix(path, "/kabar-baik") {
			selector = ".comment " + selector
		}
		if got := doc.Find(selector).Length(); got != want {
			f.t.Errorf("%s: %d of %s", path, got, selector)
		}
	}
	doc.Find(".comment .e-content a").Each(func(_ int, s *goquery.Selection) {
		if rel := strings.Fields(s.AttrOr("rel", "")); !slices.Contains(rel, "nofollow") || slices.Contains(rel, "next") {
			f.t.Errorf("%s: a link of a stranger with rel %q", path, rel)
		}
	})
}

// allowed reports whether an address may stand on a page; what loads by itself
// must be of this site.
func (f *fortress) allowed(address string, loads bool) bool {
	base, err := url.Parse(f.origin)
	check(f.t, err)
	to, err := base.Parse(address)
	if err != nil {
		return false
	}
	if loads {
		return to.Scheme+"://"+to.Host == f.origin
	}
	return to.Scheme == "http" || to.Scheme == "https"
}
