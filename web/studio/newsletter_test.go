package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kabar/internal/blog"
)

func newsletterForm(more ...string) url.Values {
	form := url.Values{
		"do": {"save"}, "newsletter_on": {"1"}, "newsletter_delay": {"5"}, "newsletter_rate": {"30"}, "newsletter_hour": {"8"}, "newsletter_day": {"2"},
		"newsletter_sender": {"Ratri"}, "newsletter_reply_to": {"ratri@blog.test"}, "newsletter_footer": {"Jl. Kopi 1\r\nYogyakarta"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		form[more[i]] = []string{more[i+1]}
	}
	return form
}

func TestNewsletterSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, _ := w.signedIn(blog.Owner)
	differ(t, "answer", "303 /studio/newsletter", owner.send("/studio/newsletter", newsletterForm(), nil).String())
	site, err := w.blog.Site(t.Context())
	check(t, err)
	if site.Newsletter.Since.IsZero() {
		t.Error("nothing says since when")
	}
	since := site.Newsletter.Since
	differ(t, "settings", blog.NewsletterSettings{
		On: true, Since: since, Delay: 5, Rate: 30, Hour: 8, Day: 2, Sender: "Ratri", ReplyTo: "ratri@blog.test", Footer: "Jl. Kopi 1\nYogyakarta",
	}, site.Newsletter)
	for field, value := range map[string]string{"newsletter_rate": "0", "newsletter_delay": "soon", "newsletter_hour": "24", "newsletter_reply_to": "a b", "newsletter_sender": "A\nBcc: x@y.example"} {
		got := owner.send("/studio/newsletter", newsletterForm(field, value), nil)
		if got.status != http.StatusUnprocessableEntity || got.say("#"+field+"-problem") == "" {
			t.Errorf("%s %q: %d", field, value, got.status)
		}
	}
	editor, _ := w.signedIn(blog.Editor)
	differ(t, "an editor sees it", http.StatusOK, editor.get("/studio/newsletter").status)
	differ(t, "and does not set it", http.StatusForbidden, editor.send("/studio/newsletter", newsletterForm(), nil).status)
	author, _ := w.signedIn(blog.Author)
	for _, path := range []string{"/studio/newsletter", "/studio/newsletter/subscribers.csv"} {
		differ(t, "an author at "+path, http.StatusForbidden, author.get(path).status)
	}
}

func TestSubscribers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, _ := w.signedIn(blog.Owner)
	page := owner.get("/studio/newsletter")
	differ(t, "without mail", 0, page.doc.Find("#import, button[value=test]").Length())
	if !strings.Contains(page.text, "KABAR_SMTP_URL") {
		t.Error("nothing says how to send mail")
	}
	file := "name,email\nMika,mika@danau.example\n\"Ana, of the lake\",ANA@danau.example\nnobody,\n"
	send := func(consent, data string) answer {
		return owner.send("/studio/newsletter", url.Values{"do": {"import"}, "consent": {consent}}, map[string][]byte{"file": []byte(data)})
	}
	differ(t, "without consent", http.StatusBadRequest, send("", file).status)
	differ(t, "import", "303 /studio/newsletter", send("1", file).String())
	page = owner.get("/studio/newsletter")
	differ(t, "said", "2 addresses are asked. 2 rows had none.", page.say(".notice.good"))
	differ(t, "rows", 2, page.doc.Find("#subscribers tbody tr").Length())
	for name, data := range map[string]string{"huge": strings.Repeat("a@b.example\n", 11_000), "no CSV": "a\"b\",\"\n\x00"} {
		if got := send("1", data); got.status != http.StatusUnprocessableEntity && name == "huge" {
			t.Errorf("%s: %d", name, got.status)
		} else if name == "huge" {
			differ(t, "the settings stay", "10", got.doc.Find("#newsletter_delay").AttrOr("value", ""))
		}
	}
	differ(t, "found", 1, owner.get("/studio/newsletter?q=mika").doc.Find("#subscribers tbody tr").Length())
	csv := owner.get("/studio/newsletter/subscribers.csv")
	if !strings.Contains(csv.text, "mika@danau.example,waiting,") || !strings.Contains(csv.header.Get("Cache-Control"), "no-store") {
		t.Errorf("%q", csv.text)
	}
	id := page.doc.Find("#subscribers input[name=subscriber]").First().AttrOr("value", "")
	differ(t, "removed", "303 /studio/newsletter", owner.send("/studio/newsletter", url.Values{"do": {"remove"}, "subscriber": {id}}, nil).String())
	differ(t, "removed again", "303 /studio/newsletter", owner.send("/studio/newsletter", url.Values{"do": {"remove"}, "subscriber": {id}}, nil).String())
	differ(t, "left", 1, owner.get("/studio/newsletter").doc.Find("#subscribers tbody tr").Length())
	log, err := w.blog.Audit(t.Context(), blog.AuditQuery{Limit: 50})
	check(t, err)
	for _, line := range log {
		if strings.Contains(line.Subject, "@danau.example") {
			t.Errorf("the log has an address: %+v", line)
		}
	}
}
