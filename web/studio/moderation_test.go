package studio_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// policies is the form of the page as it is sent, with changes.
func policies(change ...string) url.Values {
	form := url.Values{
		"do": {"save"}, "comments": {"open"}, "close_after": {""}, "web": {"1"}, "web_hold": {"1"}, "quotes": {"open"}, "wait": {"4"}, "spam": {"8"},
		"links": {"1"}, "links-limit": {"2"}, "links-points": {"4"}, "mentions": {"1"}, "mentions-limit": {"5"}, "mentions-points": {"4"},
		"first-contact": {"1"}, "first-contact-points": {"1"}, "same-text-limit": {"3"}, "same-text-points": {"5"},
		"account-age": {"1"}, "account-age-limit": {"24"}, "account-age-points": {"1"}, "server-age": {"1"}, "server-age-limit": {"24"}, "server-age-points": {"1"},
	}
	for i := 0; i < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	differ(t, "saved", http.StatusSeeOther, b.post("/studio/moderation", policies(
		"comments", "followers", "close_after", "30", "web_hold", "", "quotes", "ask", "same-text", "1", "links-limit", "7", "allow_list", "1")).status)
	site, err := w.blog.Site(t.Context())
	check(t, err)
	differ(t, "comments", blog.CommentSettings{Policy: blog.CommentsFollowers, CloseDays: 30, Web: true}, site.Comments)
	differ(t, "quotes", blog.QuotesAsk, site.QuotePolicy)
	differ(t, "allow list", true, site.AllowList)
	differ(t, "same text", blog.SpamRule{On: true, Limit: 3, Points: 5}, site.Spam.SameText)
	differ(t, "links", blog.SpamRule{On: true, Limit: 7, Points: 4}, site.Spam.Links)

	for field, typed := range map[string]string{"comments": "nobody", "close_after": "soon", "quotes": "x", "links-limit": "many", "wait": "-1", "spam": "1000000"} {
		bad := b.post("/studio/moderation", policies(field, typed))
		differ(t, field, http.StatusUnprocessableEntity, bad.status)
		differ(t, field+": says", true, bad.doc.Find("[aria-invalid]").Length() > 0)
	}
	after, err := w.blog.Site(t.Context())
	check(t, err)
	differ(t, "unchanged", site.Spam, after.Spam)
}

func TestWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Moderator)
	add := func(kind, value string) answer {
		return b.post("/studio/words", url.Values{"do": {"add"}, "kind": {kind}, "severity": {"silence"}, "value": {value}, "reason": {"Why"}})
	}
	differ(t, "word", http.StatusSeeOther, add("word", "Pinjol").status)
	differ(t, "pattern", http.StatusSeeOther, add("regex", `judi\s+daring`).status)
	for _, wrong := range []string{"(", "(?=x)", ".*", strings.Repeat("(a{1,90}){1,90}", 3)} {
		bad := add("regex", wrong)
		differ(t, wrong, http.StatusUnprocessableEntity, bad.status)
		differ(t, wrong+": kept", []string{wrong, "Why"}, []string{bad.doc.Find("#value").AttrOr("value", ""), bad.doc.Find("#reason").AttrOr("value", "")})
		differ(t, wrong+": says", true, bad.say("#block-problem") != "")
	}
	list := b.get("/studio/words")
	differ(t, "listed", 2, list.doc.Find("tbody tr").Length())
	differ(t, "changed by link", "Pinjol", b.get("/studio/words?kind=word&value=Pinjol").doc.Find("#value").AttrOr("value", ""))
	differ(t, "removed", http.StatusSeeOther, b.post("/studio/words", url.Values{"do": {"remove"}, "kind": {"word"}, "value": {"Pinjol"}}).status)
	differ(t, "left", 1, b.get("/studio/words").doc.Find("tbody tr").Length())
}

// A rule that takes something from readers asks first, and what it hid comes
// back.
func TestBlockAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Moderator)
	a := w.publish(uuid.Nil, "Kabar")
	id := w.addComment(comment{article: a.ID, actor: w.addActor("remote", "joao", "maresia.example"), text: "Halo", state: blog.Visible, visibility: blog.Public})
	form := url.Values{"do": {"add"}, "severity": {"silence"}, "value": {"maresia.example"}}
	asked := b.post("/studio/blocks", form)
	differ(t, "asks", http.StatusOK, asked.status)
	differ(t, "not yet", blog.Visible, w.state(id))
	form.Set("sure", "1")
	form.Set("past", "1")
	differ(t, "done", http.StatusSeeOther, b.post("/studio/blocks", form).status)
	differ(t, "hidden", blog.Hidden, w.state(id))
	undo := b.get("/studio/blocks").doc.Find(".notice input[name=batch]").AttrOr("value", "")
	differ(t, "undone", http.StatusSeeOther, b.post("/studio/comments/undo", url.Values{"batch": {undo}}).status)
	differ(t, "shown again", blog.Visible, w.state(id))
}

func TestBlocklistFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Moderator)
	w.addFollower("mika", "jahat.example")
	const list = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n" +
		"jahat.example,suspend,false,false,Spam,false\n" +
		"berisik.example,silence,false,false,,false\n" +
		"tidak ada,suspend,false,false,,false\n" +
		"biasa.example,noop,false,false,,false\n"
	preview := b.send("/studio/blocks/import", url.Values{"do": {"preview"}}, map[string][]byte{"file": []byte(list)})
	differ(t, "preview", http.StatusOK, preview.status)
	differ(t, "rows", 2, preview.doc.Find("tbody tr").Length())
	differ(t, "followers", true, strings.Contains(preview.say(".sum"), "1 follower"))
	differ(t, "bad line", true, strings.Contains(preview.say("#bad"), "Line 4"))
	blocks, err := w.blog.Blocks(t.Context())
	check(t, err)
	differ(t, "nothing yet", 0, len(blocks))

	text := preview.doc.Find("input[name=list]").AttrOr("value", "")
	differ(t, "imported", http.StatusSeeOther, b.send("/studio/blocks/import", url.Values{"do": {"import"}, "list": {text}}, nil).status)
	differ(t, "listed", 2, b.get("/studio/blocks").doc.Find("tbody tr").Length())
	exported := b.get("/studio/blocks/export")
	differ(t, "exported", true, strings.Contains(exported.doc.Text(), "jahat.example,suspend") && strings.Contains(exported.doc.Text(), "berisik.example,silence"))

	differ(t, "as a file", true, strings.HasPrefix(exported.header.Get("Content-Disposition"), "attachment; filename=") &&
		strings.HasPrefix(exported.header.Get("Content-Type"), "text/csv"))
	round := b.send("/studio/blocks/import", url.Values{"do": {"preview"}}, map[string][]byte{"file": []byte(exported.text)})
	differ(t, "round trip", "Nothing new: 2, 0 new, 0 wrong", fmt.Sprintf("Nothing new: %s, %d new, %d wrong",
		strings.Fields(round.say(".sum li:nth-child(2)"))[0], round.doc.Find("tbody tr").Length(), round.doc.Find("#bad li").Length()))
	differ(t, "nothing to import", 0, round.doc.Find("[value=import]").Length())
	check(t, w.blog.Unblock(t.Context(), uuid.Nil, "jahat.example"))
	_, _, err = w.blog.AddBlock(t.Context(), uuid.Nil, blog.NewBlock{Value: "jahat.example", Severity: blog.SeverityAllow})
	check(t, err)
	changed := b.send("/studio/blocks/import", url.Values{"do": {"preview"}}, map[string][]byte{"file": []byte(list)})
	differ(t, "what it replaces is said", "Blocked now: Trusted", changed.say("tbody tr td:nth-child(2)"))

	for name, file := range map[string]string{"nothing": "", "no text": "\xff\xfe\x00", "large": strings.Repeat("a.example\n", 900_000)} {
		bad := b.send("/studio/blocks/import", url.Values{"do": {"preview"}}, map[string][]byte{"file": []byte(file)})
		differ(t, name, http.StatusUnprocessableEntity, bad.status)
		differ(t, name+": says", true, bad.say("#file-problem") != "")
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.addActor("instance", "blog.test", "blog.test")
	b, me := w.signedIn(blog.Moderator)
	a := w.publish(uuid.Nil, "Kabar")
	id := w.addComment(comment{article: a.ID, actor: w.addActor("remote", "joao", "maresia.example"), text: "Halo", state: blog.Visible, visibility: blog.Public})
	_, err := w.blog.Report(t.Context(), me.ID, id, "Kasar", true)
	check(t, err)
	list := b.get("/studio/reports")
	differ(t, "listed", 1, list.doc.Find(".reports > li").Length())
	place := list.doc.Find(".reports > li > form").AttrOr("action", "")
	differ(t, "closed", http.StatusSeeOther, b.post(place, url.Values{"do": {"resolve"}, "note": {"Dilihat"}}).status)
	differ(t, "none open", 0, b.get("/studio/reports").doc.Find(".reports > li").Length())
	closed := b.get("/studio/reports?show=resolved")
	differ(t, "note", "Dilihat", closed.doc.Find("textarea").Text())
	differ(t, "opened again", http.StatusSeeOther, b.post(place, url.Values{"do": {"reopen"}, "note": {"Dilihat"}}).status)
	long := strings.Repeat("a", 1001)
	bad := b.post(place, url.Values{"do": {"resolve"}, "note": {long}})
	differ(t, "too long", http.StatusUnprocessableEntity, bad.status)
	differ(t, "kept", long, bad.doc.Find("textarea").Text())
	differ(t, "says so", "Too long (at most 1,000).", strings.Replace(bad.say(".problem"), "1000", "1,000", 1))
	hide := list.doc.Find(".reports form:has([value=hide])")
	said := b.post(hide.AttrOr("action", ""), url.Values{"do": {"hide"}, "back": {hide.Find("[name=back]").AttrOr("value", "")}})
	differ(t, "hidden from here", "303 /studio/reports#c-"+id.String(), said.String())
	differ(t, "its place", 1, b.get("/studio/reports").doc.Find("#c-"+id.String()+" .status.bad").Length())
	differ(t, "nothing to do", http.StatusBadRequest, b.post(place, url.Values{"do": {"x"}}).status)
	differ(t, "none such", http.StatusNotFound, b.post("/studio/reports/"+newID().String(), url.Values{"do": {"resolve"}}).status)
}

func TestAuditPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	a := w.publish(uuid.Nil, "Kabar")
	id := w.addComment(comment{article: a.ID, actor: w.addActor("remote", "joao", "maresia.example"), text: "Halo", state: blog.Visible, visibility: blog.Public})
	check(t, w.blog.Moderate(t.Context(), me.ID, id, blog.Hidden))
	differ(t, "a word", http.StatusSeeOther, b.post("/studio/words", url.Values{"do": {"add"}, "kind": {"word"}, "severity": {"block"}, "value": {"pinjol"}}).status)
	all := b.get("/studio/audit")
	differ(t, "in words", true, strings.Contains(all.say(".audit"), "hid comments") && strings.Contains(all.say(".audit"), "made a rule"))
	check(t, w.blog.NoteReport(t.Context(), me.ID, w.addReport(id), "Seen"))
	differ(t, "settings", http.StatusSeeOther, b.post("/studio/moderation", policies("comments", "first", "links-limit", "7")).status)
	said := b.get("/studio/audit").say(".audit")
	for _, want := range []string{"who may comment: everybody → first ones wait", "many links: on, limit 2, points 4 → on, limit 7, points 4"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in %q", want, said)
		}
	}
	noted := b.get("/studio/audit?action=report.note").doc.Find(".audit a").AttrOr("href", "")
	differ(t, "leads to the report", 1, b.get(noted).doc.Find(".reports > li").Length())
	undo := b.get("/studio/audit?action=comment").doc.Find(".audit form [name=batch]")
	differ(t, "can be undone", http.StatusSeeOther, b.post("/studio/comments/undo", url.Values{"batch": {undo.AttrOr("value", "")}}).status)
	differ(t, "was undone", blog.Visible, w.state(id))
	differ(t, "and not again", 0, b.get("/studio/audit?action=comment").doc.Find(".audit form").Length())
	differ(t, "by person", 5, b.get("/studio/audit?by="+me.ID.String()).doc.Find(".audit > li").Length())
	differ(t, "by kind", 2, b.get("/studio/audit?action=comment&by="+me.ID.String()).doc.Find(".audit > li").Length())
	differ(t, "nothing", 0, b.get("/studio/audit?q=none-such").doc.Find(".audit > li").Length())
}

// addReport is one of another server about a comment.
func (w *world) addReport(about uuid.UUID) uuid.UUID {
	w.t.Helper()
	id := newID()
	w.exec(`
		insert into reports (id, actor_uri, objects, comments, content, created)
		values ($1, 'https://jauh.example/actor', array['https://jauh.example/users/x'], array[$2::uuid], 'Kasar', now())`, id, about)
	return id
}

// A report of another server names the server, and what it is about besides.
func TestReportReceived(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Editor)
	a := w.publish(uuid.Nil, "Kabar")
	id := w.addComment(comment{article: a.ID, actor: w.addActor("remote", "joao", "maresia.example"), text: "Halo", state: blog.Visible, visibility: blog.Public})
	w.addReport(id)
	w.addReport(id)
	list := b.get("/studio/reports?show=received")
	differ(t, "from", "From jauh.example", strings.TrimSpace(list.doc.Find(".reports h2").First().Text()))
	differ(t, "also about", "https://jauh.example/users/x", list.doc.Find(".reports .lines").First().Text())
	differ(t, "one anchor", 1, list.doc.Find("#c-"+id.String()).Length())
	differ(t, "tally", "2", list.doc.Find("#studio-nav a[href='/studio/moderation'] .tally").Contents().First().Text())
	differ(t, "none made here", 0, b.get("/studio/reports?show=sent").doc.Find(".reports > li").Length())
	differ(t, "no such one", http.StatusNotFound, b.get("/studio/reports?id="+newID().String()).status)
	differ(t, "no id", http.StatusNotFound, b.get("/studio/reports?id=x").status)
}

// What is set for one article is kept with it, and a mistake loses nothing.
func TestArticlePolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	a := w.publish(uuid.Nil, "Kabar")
	form := url.Values{
		"do": {"update"}, "revision": {"1"}, "title": {"Kabar"}, "source": {"Satu."}, "language": {"en"},
		"comments": {"followers"}, "close_after": {"14"}, "web_comments": {"off"}, "quotes": {"ask"},
	}
	place := "/studio/articles/" + a.ID.String()
	differ(t, "saved", http.StatusSeeOther, b.send(place, form, nil).status)
	saved, err := w.blog.Article(t.Context(), a.ID)
	check(t, err)
	days := 14
	differ(t, "kept", blog.ArticlePolicy{Comments: blog.CommentsFollowers, CloseDays: &days, Web: "off", Quotes: blog.QuotesAsk}, saved.Policy())
	differ(t, "shown", "followers", b.get(place).doc.Find("#policy-comments option[selected]").AttrOr("value", ""))
	form.Set("revision", "2")
	form.Set("close_after", "soon")
	form.Set("source", "Dua.")
	bad := b.send(place, form, nil)
	differ(t, "no number", http.StatusUnprocessableEntity, bad.status)
	differ(t, "text kept", []string{"soon", "Dua."}, []string{bad.doc.Find("#close_after").AttrOr("value", ""), bad.doc.Find("#source").Text()})
}
