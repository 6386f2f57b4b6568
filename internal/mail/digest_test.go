package mail_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/config"
	"kabar/internal/federation"
	"kabar/internal/mail"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

// desk is a blog with one account, and the clock that its digests go by.
type desk struct {
	*testing.T
	store   *postgres.Store
	blog    *blog.Service
	digests *mail.Digests
	owner   blog.Account

	mu  sync.Mutex
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	store, err := postgres.Open(t.Context(), pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	// 06:00 on a Saturday in Jakarta.
	d := &desk{T: t, store: store, now: time.Date(2026, 11, 20, 23, 0, 0, 0, time.UTC)}
	d.blog = &blog.Service{Reader: store, Store: store, Now: d.clock, NewID: func() uuid.UUID { return uuid.Must(uuid.NewV7()) }}
	_, err = store.InitSite(t.Context(), blog.DefaultSite("https://blog.example", "blog.example"))
	d.check(err)
	d.check((&federation.Service{Store: store, Blog: d.blog, Now: d.clock, NewID: d.blog.NewID}).EnsureActors(t.Context()))
	d.owner, err = d.blog.CreateAccount(t.Context(), uuid.Nil, blog.Account{Name: "ana", Email: "ana@rumah.example", Role: blog.Owner, Language: "en"})
	d.check(err)
	d.digests = &mail.Digests{
		Blog: d.blog, Sender: &mail.Sender{Server: config.SMTP{Host: "mail.example"}}, Page: "/studio/notifications", Leave: "/-/digest",
	}
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(t time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(t)
}

func (d *desk) check(err error) {
	d.Helper()
	if err != nil {
		d.Fatal(err)
	}
}

// reported is the simplest thing that can happen.
func (d *desk) reported() {
	d.Helper()
	_, err := d.store.Pool().Exec(d.Context(), `
		insert into reports (id, actor_uri, objects, content, created) values ($1, 'https://a.test/actor', '{}', $2, $3)`,
		uuid.New(), "rude <b>\r\nBcc: eve@evil.example", d.clock())
	d.check(err)
}

// sent takes the letters that were enqueued since the last time.
func (d *desk) sent() (letters []blog.Mail) {
	d.Helper()
	d.check(d.digests.Send(d.Context()))
	rows, err := d.store.Pool().Query(d.Context(), `delete from river_job where kind = 'mail' returning args::text`)
	d.check(err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	d.check(err)
	for _, args := range all {
		var m blog.Mail
		d.check(json.Unmarshal([]byte(args), &m))
		letters = append(letters, m)
	}
	return letters
}

func (d *desk) want(what string, n int) []blog.Mail {
	d.Helper()
	letters := d.sent()
	if len(letters) != n {
		d.Errorf("%s: %d letters, want %d", what, len(letters), n)
	}
	return letters
}

func TestDigest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.pass(time.Minute)
	d.reported()
	d.want("not asked for", 0)
	d.check(d.blog.SaveNotificationSettings(t.Context(), d.owner, blog.NotificationSettings{Digest: blog.DigestDaily, Hour: 7}))
	d.pass(time.Minute)
	d.reported()
	d.want("before the hour", 0)
	d.pass(time.Hour)
	letter := d.want("at the hour", 1)[0]
	d.want("again", 0)
	if letter.To != "ana@rumah.example" || letter.Subject != "Kabar: 1 new thing on your blog" || !strings.Contains(letter.Text, "a.test sent a report") {
		t.Errorf("the letter: %+v", letter)
	}
	if strings.Contains(letter.HTML, "<b>") || strings.Contains(letter.Text, "\nBcc:") {
		t.Errorf("what others wrote is no text: %s", letter.Text)
	}
	d.pass(24 * time.Hour)
	d.want("when nothing is new", 0)

	// What was read in the Studio is not told.
	d.reported()
	d.pass(time.Minute)
	d.check(d.blog.MarkRead(t.Context(), d.owner.ID, d.clock()))
	d.pass(24 * time.Hour)
	d.want("after it was read", 0)

	d.reported()
	leave, err := url.Parse(letter.Unsubscribe)
	d.check(err)
	seal, err := d.blog.Seal(t.Context())
	d.check(err)
	account, ok := seal.Open(blog.DigestPurpose, leave.Query().Get("token"))
	if !ok || account != d.owner.ID || leave.Host != "blog.example" || leave.Path != "/-/digest" {
		t.Fatalf("the way out is %s", letter.Unsubscribe)
	}
	d.check(d.blog.LeaveDigest(t.Context(), account))
	d.pass(24 * time.Hour)
	d.want("after it was left", 0)
}

func TestWeeklyDigest(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.check(d.blog.SaveNotificationSettings(t.Context(), d.owner, blog.NotificationSettings{Digest: blog.DigestWeekly, Hour: 7}))
	for day, letters := range []int{0, 0, 1, 0, 0, 0, 0, 0, 0, 1} { // from Saturday on
		d.pass(2 * time.Hour)
		d.reported()
		d.want(d.clock().Weekday().String(), letters)
		if d.pass(22 * time.Hour); day == 0 && d.clock().Weekday() != time.Saturday {
			t.Fatal(d.clock()) // UTC is a day behind
		}
	}
}

func TestNoDigestWithoutAServer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.check(d.blog.SaveNotificationSettings(t.Context(), d.owner, blog.NotificationSettings{Digest: blog.DigestDaily}))
	d.reported()
	d.digests.Sender = nil
	d.pass(48 * time.Hour)
	d.want("without a server", 0)
}
