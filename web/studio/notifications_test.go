package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

// happens lets two people like an article and one comment on it.
func (w *world) happens(a blog.Article) {
	w.t.Helper()
	mika, evil := w.addActor("remote", "mika", "danau.example"), w.addActor("remote", "evil", "evil.example")
	w.exec(`update actors set name = '<script>alert(1)</script>', url = 'javascript:alert(1)' where id = $1`, evil)
	for _, who := range []uuid.UUID{mika, evil} {
		w.exec(`
			insert into reactions (id, kind, actor_id, article_id, object_uri, activity_uri, created)
			values ($1, 'like', $2, $3, $4, 'https://danau.example/likes/' || $2::uuid, now())`, newID(), who, a.ID, a.ObjectURI)
	}
	w.addComment(comment{a.ID, mika, "Enak & <b>segar</b>", blog.Visible, blog.Public})
}

func TestNotifications(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, owner := w.signedIn(blog.Owner)
	empty := b.get("/studio/notifications")
	differ(t, "when nothing happened", "Nothing has happened yet.", empty.say(".empty strong"))
	a := w.publish(owner.ID, "Kopi")
	w.happens(a)

	page := b.get("/studio/notifications")
	var rows []string
	page.doc.Find(".notices > li.unread").Each(func(_ int, s *goquery.Selection) {
		rows = append(rows, strings.TrimSpace(s.Find("p a").Text())+" "+s.Find("p a").AttrOr("href", ""))
	})
	differ(t, "rows", 2, len(rows))
	differ(t, "a comment", true, strings.HasPrefix(rows[0], "Mika commented on “Kopi” /studio/comments"))
	differ(t, "two likes", "<script>alert(1)</script> and Mika liked “Kopi” /kopi", rows[1])
	differ(t, "scripts", 0, page.doc.Find("script:not([src])").Length())
	differ(t, "strange links", 0, page.doc.Find(`a[href^="javascript"]`).Length())
	differ(t, "badge", "3", strings.Fields(page.say(`#studio-nav a[href="/studio/notifications"] .tally`))[0])

	until := page.doc.Find(`input[name="until"]`).AttrOr("value", "")
	for name, value := range map[string]string{"nothing": "", "no number": "…", "markup": "<b>"} {
		differ(t, "read until "+name, http.StatusBadRequest, b.post("/studio/notifications", url.Values{"do": {"read"}, "until": {value}}).status)
	}
	differ(t, "an unknown button", http.StatusBadRequest, b.post("/studio/notifications", url.Values{"do": {"x"}}).status)
	differ(t, "still unread", 2, b.get("/studio/notifications").doc.Find(".notices > li.unread").Length())
	differ(t, "mark", "303 /studio/notifications", b.post("/studio/notifications", url.Values{"do": {"read"}, "until": {until}}).String())
	after := b.get("/studio/notifications")
	differ(t, "rows unread, rows, badges", []int{0, 2, 0}, []int{
		after.doc.Find(".unread").Length(), after.doc.Find(".notices > li").Length(),
		after.doc.Find(`#studio-nav a[href="/studio/notifications"] .tally`).Length(),
	})
	// A mark in the future would hide what is to come.
	b.post("/studio/notifications", url.Values{"do": {"read"}, "until": {"zzzzzzzzzzz"}})
	w.addComment(comment{a.ID, w.addActor("remote", "joko", "gunung.example"), "Lagi", blog.Visible, blog.Public})
	differ(t, "after a mark in the future", 1, b.get("/studio/notifications").doc.Find(".unread").Length())
	differ(t, "a bad page", http.StatusBadRequest, b.get("/studio/notifications?before=x").status)
}

func TestNotificationSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, owner := w.signedIn(blog.Owner)
	w.happens(w.publish(owner.ID, "Kopi"))
	page := b.get("/studio/notifications")
	differ(t, "mail is not configured", true, strings.Contains(page.say("#settings .notice"), "KABAR_SMTP_URL"))
	kinds := func(without string) []string {
		var list []string
		for _, kind := range blog.NotificationKinds {
			if string(kind) != without {
				list = append(list, string(kind))
			}
		}
		return list
	}
	form := url.Values{"do": {"save"}, "page": kinds("like"), "mail": kinds("follow"), "digest": {"weekly"}, "hour": {"7"}}
	differ(t, "save", "303 /studio/notifications", b.post("/studio/notifications", form).String())
	got, err := w.blog.NotificationSettings(t.Context(), owner.ID)
	check(t, err)
	got.Seen, got.Digested = blog.NotificationSettings{}.Seen, blog.NotificationSettings{}.Digested
	differ(t, "settings", blog.NotificationSettings{
		Hidden: []blog.NotificationKind{blog.NotifyLike}, Unmailed: []blog.NotificationKind{blog.NotifyFollow}, Digest: blog.DigestWeekly, Hour: 7,
	}, got)
	page = b.get("/studio/notifications")
	differ(t, "without likes", 1, page.doc.Find(".notices > li").Length())
	differ(t, "shown as set", "weekly 7", page.doc.Find("#digest option[selected]").AttrOr("value", "")+" "+page.doc.Find("#hour option[selected]").AttrOr("value", ""))

	for name, change := range map[string][2]string{"digest": {"digest", "hourly"}, "hour": {"hour", "24"}, "no hour": {"hour", "x"}} {
		bad := url.Values{"do": {"save"}, "digest": {"daily"}, "hour": {"7"}}
		bad.Set(change[0], change[1])
		answer := b.post("/studio/notifications", bad)
		differ(t, name, http.StatusUnprocessableEntity, answer.status)
		differ(t, name+", said at the field", 1, answer.doc.Find("#"+change[0]+"[aria-invalid]").Length())
	}
}

// TestNotificationsOfOthers shows an author nothing of what is not theirs.
func TestNotificationsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, author := w.signedIn(blog.Author)
	w.happens(w.publish(uuid.Nil, "Kopi"))
	differ(t, "of others", 0, b.get("/studio/notifications").doc.Find(".notices > li").Length())
	differ(t, "kinds", 5, b.get("/studio/notifications").doc.Find(".choices tbody tr").Length())
	w.exec(`update articles set account_id = $1`, author.ID)
	differ(t, "own", 2, b.get("/studio/notifications").doc.Find(".notices > li").Length())
}
