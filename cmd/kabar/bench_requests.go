package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"

	"kabar/internal/blog"
	"kabar/internal/postgres"
	"kabar/web/page"
	"kabar/web/templates"
)

// benchRequest is something to ask a blog for. A signed one is asked for by the
// owner, an ActivityPub one by another server.
type benchRequest struct {
	name   string
	path   string
	signed bool
	object bool
	// missing says that nothing is there.
	missing bool
}

// benchRequests are every page, feed, collection and list of a blog.
func benchRequests(f postgres.FillSample) []benchRequest {
	all := append(benchPages(f), benchFeeds(f)...)
	all = append(all, benchDocuments(f)...)
	return append(all, benchStudio(f)...)
}

func benchPages(f postgres.FillSample) []benchRequest {
	slug, thread := "/"+f.Big.Slug, url.Values{"in": {f.Thread.String()}}
	return []benchRequest{
		{name: "front page", path: "/"},
		{name: "front page, from the middle", path: "/?before=" + page.Cursor(f.Middle)},
		{name: "article, about 100 comments", path: "/" + f.Usual.Slug},
		{name: "article, most comments", path: slug},
		{name: "article, newest first", path: slug + "?order=newest"},
		{name: "article, from the middle", path: slug + "?after=" + page.Cursor(f.Said)},
		{name: "article, newest first, from the middle", path: slug + "?order=newest&after=" + page.Cursor(f.Said)},
		{name: "feed of comments, from the middle", path: templates.CommentPath + f.Big.ID.String() + "/feed.atom?before=" + page.Cursor(f.Said)},
		{name: "article, answers to a comment", path: slug + "?" + thread.Encode()},
		{name: "article, around a comment", path: slug + "?c=" + f.Thread.String()},
		{name: "comment's own address", path: templates.CommentPath + f.Thread.String()},
		{name: "people who liked", path: "/-/reactions/" + f.Big.ID.String() + "?kind=like"},
		{name: "people who liked, from the middle", path: "/-/reactions/" + f.Big.ID.String() + "?kind=like&before=" + page.Cursor(f.Like)},
		{name: "tag", path: "/tags/" + f.Tag},
		{name: "tag, from the middle", path: "/tags/" + f.Tag + "?before=" + page.Cursor(f.Middle)},
		{name: "author", path: "/authors/" + f.Writer},
		{name: "series", path: "/-/series/" + url.PathEscape(f.Series)},
		{name: "archive", path: "/archive"},
		{name: "author, from the middle", path: "/authors/" + f.Writer + "?before=" + page.Cursor(f.Middle)},
		{name: "year", path: f.Month.Format("/archive/2006")},
		{name: "month", path: f.Month.Format("/archive/2006/01")},
		{name: "search, one word", path: "/search?q=" + f.Words},
		{name: "search, a word in most articles", path: "/search?q=kopi"},
		{name: "search, two words", path: "/search?q=" + f.Words + "+kopi"},
		{name: "search, nothing found", path: "/search?q=zzzzqq"},
		{name: "no such page", path: "/there-is-no-such-page", missing: true},
		{name: "form for an answer", path: "/-/respond/" + f.Big.ID.String()},
	}
}

func benchFeeds(f postgres.FillSample) []benchRequest {
	var all []benchRequest
	for _, ending := range []string{"rss", "atom", "json"} {
		all = append(all, benchRequest{name: "feed." + ending, path: "/feed." + ending})
	}
	return append(all,
		benchRequest{name: "feed.atom, from the middle", path: "/feed.atom?before=" + page.Cursor(f.Middle)},
		benchRequest{name: "feed of a tag", path: "/tags/" + f.Tag + "/feed.atom"},
		benchRequest{name: "feed of an author", path: "/authors/" + f.Writer + "/feed.atom"},
		benchRequest{name: "feed of comments", path: templates.CommentPath + f.Big.ID.String() + "/feed.atom"},
		benchRequest{name: "sitemap, lists", path: templates.SitemapPartPath + "lists.xml"},
		benchRequest{name: "sitemap index", path: templates.SitemapPath},
		benchRequest{name: "sitemap, a part", path: templates.SitemapPartPath + f.Month.UTC().Format("2006-01") + ".xml"},
	)
}

func benchDocuments(f postgres.FillSample) []benchRequest {
	blogURI := "/ap/actors/" + f.Actor.String()
	object, own := pathOf(f.Big.URI), pathOf(f.Own)
	from := func(p blog.Cursor) string {
		return "?page=true&id=" + p.ID.String() + "&at=" + url.QueryEscape(p.At.UTC().Format("2006-01-02T15:04:05.999999999Z07:00"))
	}
	all := []benchRequest{
		{name: "actor", path: blogURI},
		{name: "outbox", path: blogURI + "/outbox"},
		{name: "outbox, first page", path: blogURI + "/outbox?page=true"},
		{name: "outbox, from the middle", path: blogURI + "/outbox?page=true&id=" + f.Activity.String()},
		{name: "followers", path: blogURI + "/followers"},
		{name: "followers, first page", path: blogURI + "/followers?page=true"},
		{name: "followers, from the middle", path: blogURI + "/followers" + from(f.Person)},
		{name: "featured", path: blogURI + "/featured?page=true"},
		{name: "activity", path: "/ap/activities/" + f.Activity.String()},
		{name: "article as object", path: object},
	}
	for _, below := range []string{"replies", "context", "likes", "shares"} {
		all = append(all, benchRequest{name: below, path: object + "/" + below})
	}
	for _, below := range []string{"replies", "context"} {
		all = append(all, benchRequest{name: below + ", first page", path: object + "/" + below + "?page=true"})
		all = append(all, benchRequest{name: below + ", from the middle", path: object + "/" + below + from(f.Said)})
	}
	all = append(all,
		benchRequest{name: "answer of ours as object", path: own},
		benchRequest{name: "answer of ours, its replies", path: own + "/replies"},
		benchRequest{name: "answer of ours, its likes", path: own + "/likes"},
		benchRequest{name: "instance actor", path: "/ap/actor"},
		benchRequest{name: "WebFinger", path: "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+f.Handle)},
		benchRequest{name: "NodeInfo", path: "/nodeinfo/2.1"})
	for i := range all {
		all[i].object = true
	}
	return all
}

// pathOf is the path of one of our ids.
func pathOf(uri string) string {
	id, err := url.Parse(uri)
	if err != nil {
		return uri
	}
	return id.Path
}

func benchStudio(f postgres.FillSample) []benchRequest {
	before := "before=" + page.Cursor(f.Comment)
	all := []benchRequest{
		{name: "overview", path: templates.StudioPath},
		{name: "articles", path: templates.StudioArticlesPath},
		{name: "articles, from the middle", path: templates.StudioArticlesPath + "?before=" + page.Cursor(f.Middle)},
		{name: "articles with a word", path: templates.StudioArticlesPath + "?q=" + f.Words},
		{name: "editor", path: templates.StudioArticlesPath + "/" + f.Big.ID.String()},
		{name: "comments", path: templates.StudioCommentsPath},
		{name: "comments, from the middle", path: templates.StudioCommentsPath + "?" + before},
		{name: "comments that wait", path: templates.StudioCommentsPath + "?show=waiting"},
		{name: "hidden comments", path: templates.StudioCommentsPath + "?show=hidden"},
		{name: "private comments", path: templates.StudioCommentsPath + "?show=private"},
		{name: "comments with a word", path: templates.StudioCommentsPath + "?q=" + f.Words},
		{name: "comments with a word that none has", path: templates.StudioCommentsPath + "?q=zzzzqq"},
		{name: "comment", path: templates.StudioCommentPath(f.Thread.String())},
		{name: "comment that waits", path: templates.StudioCommentPath(f.Waiting.String())},
		{name: "people for a mention", path: templates.StudioPeoplePath + "?q=u1"},
		{name: "quotes", path: templates.StudioQuotesPath},
		{name: "notifications", path: templates.StudioNotificationsPath},
		{name: "notifications, from the middle", path: templates.StudioNotificationsPath + "?" + before},
		{name: "followers", path: templates.StudioFollowersPath},
		{name: "followers, from the middle", path: templates.StudioFollowersPath + "?before=" + page.Cursor(f.Person)},
		{name: "deliveries", path: templates.StudioDeliveriesPath},
		{name: "deliveries to a server", path: templates.StudioDeliveriesPath + "?host=" + url.QueryEscape(f.Host)},
		{name: "reports", path: templates.StudioReportsPath},
		{name: "audit log", path: templates.StudioAuditPath},
		{name: "audit log, one action", path: templates.StudioAuditPath + "?action=block"},
		{name: "blocks", path: templates.StudioBlocksPath},
		{name: "moderation", path: templates.StudioModerationPath},
		{name: "words", path: templates.StudioWordsPath},
		{name: "newsletter", path: templates.StudioNewsletterPath},
		{name: "statistics", path: templates.StudioStatisticsPath},
		{name: "settings", path: templates.StudioSettingsPath},
	}
	for i := range all {
		all[i].signed, all[i].name = true, "Studio: "+all[i].name
	}
	return all
}

// benchAsked counts requests, so that each comes from another address.
var benchAsked atomic.Uint32

// ask makes the request and fails on an answer that is none.
func (b *benched) ask(q benchRequest) error {
	r := httptest.NewRequest(http.MethodGet, b.node.config.URL+q.path, nil)
	i := benchAsked.Add(1)
	r.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 9).String()
	if q.signed {
		r.AddCookie(b.cookie)
	}
	if q.object {
		r.Header.Set("Accept", "application/activity+json")
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	if w.Code >= http.StatusBadRequest && (w.Code != http.StatusNotFound || !q.missing) {
		return fmt.Errorf("%s (%s): %d", q.name, q.path, w.Code)
	}
	return nil
}
