package studio_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/delivery"
)

// addSent writes an activity with one row for each host in a state.
func (w *world) addSent(kind, object string, rows map[string]delivery.State) uuid.UUID {
	w.t.Helper()
	id := newID()
	w.exec(`
		insert into activities (id, uri, actor_id, type, object_uri, json, created)
		values ($1, $2, $3, $4, $5, '{}', now())`, id, w.url+"/ap/activities/"+id.String(), w.actor, kind, object)
	for host, state := range rows {
		w.exec(`
			insert into deliveries (activity_id, host, inbox, object_uri, type, state, attempts, next_at, created, last_status)
			values ($1, $2, $3, $4, $5, $6, 1, now() + interval '1 hour', now(), 503)`,
			id, host, "https://"+host+"/inbox", object, kind, state)
		w.exec(`
			insert into hosts (host, next_at, paused_until, failures)
			select $1, now() + interval '1 hour', case when $2 = 'waiting' then now() + interval '1 hour' end, 1
			on conflict do nothing`, host, state)
	}
	return id
}

// notDue counts the rows that are due only later, by host.
func (w *world) notDue() map[string]int {
	w.t.Helper()
	entries, err := w.store.Deliveries(w.t.Context(), delivery.Query{States: []delivery.State{delivery.Waiting}, Limit: 100})
	check(w.t, err)
	counts := map[string]int{}
	for _, e := range entries {
		if e.Next().After(time.Now()) {
			counts[e.Host]++
		}
	}
	return counts
}

// ledger is what each activity of the page says.
func ledger(a answer) []string {
	said := []string{}
	a.doc.Find("details.ledger").Each(func(_ int, s *goquery.Selection) {
		line := s.Find("summary strong").Text()
		s.Find("tbody th").Each(func(_ int, host *goquery.Selection) { line += " " + host.Text() })
		said = append(said, line)
	})
	return said
}

func TestDeliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Editor)
	a, other := w.publish(me.ID, "Rumah"), w.publish(me.ID, "Kebun")
	w.addFollower("mika", "danau.example")
	w.addSent("Create", a.ObjectURI, map[string]delivery.State{"danau.example": delivery.Delivered, "kebun.example": delivery.Waiting})
	w.addSent("Create", other.ObjectURI, map[string]delivery.State{"danau.example": delivery.Delivered, "lama.example": delivery.Failed})
	all := w.addSent("Delete", w.url+"/ap/objects/gone", map[string]delivery.State{"danau.example": delivery.Delivered})
	tests := []struct {
		name string
		in   string
		want []string
	}{
		{"all, those in trouble by name", "", []string{w.url + "/ap/objects/gone", "Kebun lama.example", "Rumah kebun.example"}},
		{"waiting", "?state=waiting", []string{"Rumah kebun.example"}},
		{"failed", "?state=failed", []string{"Kebun lama.example"}},
		{"of an article", "?article=" + a.ID.String(), []string{"Rumah kebun.example"}},
		{"of a server", "?host=danau.example", []string{w.url + "/ap/objects/gone danau.example", "Kebun danau.example", "Rumah danau.example"}},
		{"of an unknown server", "?host=x", []string{}},
		{"one activity", "?activity=" + all.String(), []string{w.url + "/ap/objects/gone danau.example"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			differ(t, "ledger", tt.want, ledger(b.get("/studio/deliveries"+tt.in)))
		})
	}
	differ(t, "numbers", []string{"3", "1", "1"}, b.get("/studio/deliveries").doc.Find(".tiles b").Map(func(_ int, s *goquery.Selection) string { return s.Text() }))
	differ(t, "followers there", "1", b.get("/studio/deliveries?host=danau.example").doc.Find("[data-label=Followers]").First().Text())
	differ(t, "unknown article", http.StatusNotFound, b.get("/studio/deliveries?article="+newID().String()).status)
}

func TestTryNow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		in     func(w *world, object, row string) url.Values
		want   map[string]int
		said   string
		nudges int
	}{
		{
			"a row", func(_ *world, _, row string) url.Values { return url.Values{"row": {row}} },
			map[string]int{"kebun.example": 1, "lama.example": 1},
			"Trying now.", 1,
		},
		{
			"a server", func(*world, string, string) url.Values { return url.Values{"host": {"lama.example"}} },
			map[string]int{"kebun.example": 2},
			"Trying now.", 1,
		},
		{
			"an article", func(_ *world, object, _ string) url.Values { return url.Values{"object": {object}} },
			map[string]int{"kebun.example": 1},
			"Trying now.", 1,
		},
		{"all", func(*world, string, string) url.Values { return url.Values{"all": {"1"}} }, map[string]int{}, "Trying now.", 1},
		{
			"nothing there", func(*world, string, string) url.Values { return url.Values{"host": {"x.example"}} },
			map[string]int{"kebun.example": 2, "lama.example": 1},
			"Nothing was waiting.", 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			b, me := w.signedIn(blog.Owner)
			a := w.publish(me.ID, "Rumah")
			w.addSent("Create", a.ObjectURI, map[string]delivery.State{"kebun.example": delivery.Waiting, "lama.example": delivery.Waiting})
			w.addSent("Update", "other", map[string]delivery.State{"kebun.example": delivery.Waiting})
			rows, err := w.store.Deliveries(t.Context(), delivery.Query{Host: "kebun.example", Object: a.ObjectURI, Limit: 1})
			check(t, err)
			form := tt.in(w, a.ObjectURI, strconv.FormatInt(rows[0].ID, 10))
			form["do"], form["back"] = []string{"retry"}, []string{"/studio/deliveries?state=waiting"}
			differ(t, "answer", "303 /studio/deliveries?state=waiting", b.post("/studio/deliveries", form).String())
			differ(t, "said", tt.said, b.get("/studio/deliveries").say(".notice"))
			differ(t, "later", tt.want, w.notDue())
			differ(t, "nudges", tt.nudges, w.nudges)
		})
	}
}

func TestTryWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	for _, form := range []url.Values{{"do": {"retry"}}, {"do": {"retry"}, "row": {"x"}}, {"all": {"1"}}} {
		differ(t, form.Encode(), http.StatusBadRequest, b.post("/studio/deliveries", form).status)
	}
}

// Rows of one activity go on from page to page.
func TestLedgerPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	rows := map[string]delivery.State{}
	for i := range 120 {
		rows["h"+strconv.Itoa(i)+".example"] = delivery.Delivered
	}
	id := w.addSent("Create", "x", rows)
	seen := map[string]bool{}
	path, pages := "/studio/deliveries?activity="+id.String(), 0
	for path != "" {
		got := b.get(path)
		got.doc.Find("tbody th").Each(func(_ int, s *goquery.Selection) { seen[s.Text()] = true })
		path = got.doc.Find("[rel=next]").Last().AttrOr("href", "")
		pages++
	}
	differ(t, "rows and pages", []int{120, 3}, []int{len(seen), pages})
}
