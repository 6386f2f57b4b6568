package web_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
	"kabar/internal/blog"
	"kabar/internal/delivery"
	"kabar/internal/queue"
)

// settle processes what came in, plans what is to be passed on and sends it.
func (w *world) settle() {
	w.t.Helper()
	ctx := w.t.Context()
	for {
		batch, err := w.fed.ClaimInbound(ctx, 100)
		check(w.t, err)
		if len(batch) == 0 {
			break
		}
		check(w.t, w.fed.ProcessBatch(ctx, batch))
	}
	check(w.t, w.fed.PlanForwards(ctx))
	sender := &delivery.Sender{Store: w.store, Client: client.New(client.Options{AllowPrivate: true}), Now: time.Now}
	for _, loop := range []*queue.Loop[delivery.Host, delivery.Result]{sender.Loop(nil), sender.LowLoop(nil)} {
		work, stop := context.WithCancel(ctx)
		ended := make(chan struct{})
		go func() { defer close(ended); loop.Run(work) }()
		check(w.t, loop.Idle(ctx))
		stop()
		<-ended
	}
}

// neighbours are servers whose people know of what they write to each other
// only by what the blog tells them.
type neighbours struct {
	*world
	servers []*aptest.Server
	article blog.Article
}

func newNeighbours(t *testing.T) *neighbours {
	n := &neighbours{world: newWorld(t)}
	w, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(t, err)
	t.Cleanup(w.Close)
	for range 3 {
		s, err := w.Start(aptest.Options{})
		check(t, err)
		n.servers = append(n.servers, s)
	}
	n.article = n.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	return n
}

// says sends a note to the blog alone; LD-signed as Mastodon's are, unless
// plain is set.
func (n *neighbours) says(p *aptest.Person, parent, text string, plain ...bool) *aptest.Sent {
	n.t.Helper()
	create := p.Compose(aptest.Note{Content: text, InReplyTo: parent})
	if len(plain) == 0 || !plain[0] {
		create["signature"] = aptest.Doc{"type": "RsaSignature2017", "signatureValue": "x"}
	}
	return n.sends(p, create)
}

func (n *neighbours) sends(p *aptest.Person, activity aptest.Doc) *aptest.Sent {
	n.t.Helper()
	sent, err := p.Send(n.t.Context(), activity, n.origin+"/ap/inbox")
	check(n.t, err)
	if sent.Status() != 202 {
		n.t.Fatalf("%s: %d %s", activity["type"], sent.Status(), sent.Answers[0].Body)
	}
	n.settle()
	return sent
}

// passedOn lists what a server got that others wrote, in order.
func passedOn(s *aptest.Server) (list []string) {
	for _, r := range s.Matching(aptest.Forwarded) {
		list = append(list, r.Activity.Type()+" "+r.Activity.Object.ID())
	}
	return list
}

// TestForwarding passes on what others can believe, to servers that took part
// before, in its own bytes (ActivityPub section 7.1.2).
func TestForwarding(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	one, two, three := n.servers[0], n.servers[1], n.servers[2]
	bob, ann, eve := one.Person("bob"), two.Person("ann"), three.Person("eve")
	signature := aptest.Doc{"type": "RsaSignature2017"}

	first := n.says(bob, n.article.ObjectURI, "first") // nobody is there yet
	n.sends(eve, aptest.Doc{"type": "Like", "object": n.article.ObjectURI})
	second := n.says(ann, first.ObjectID, "second")
	n.says(ann, first.ObjectID, "unsigned", true)
	private := ann.Compose(aptest.Note{Content: "private", InReplyTo: first.ObjectID, Visibility: activitypub.VisibilityFollowers})
	private["signature"] = signature
	n.sends(ann, private)
	edited := second.Activity["object"].(aptest.Doc)
	edited["content"], edited["updated"] = "changed", time.Now().UTC().Add(time.Second).Format(time.RFC3339)
	update := n.sends(ann, aptest.Doc{"type": "Update", "object": edited, "to": edited["to"], "signature": signature})
	_, err := n.store.Pool().Exec(t.Context(), `update comments set state = 'hidden' where object_uri = $1`, second.ObjectID)
	check(t, err)
	edited["updated"] = time.Now().UTC().Add(time.Hour).Format(time.RFC3339)
	n.sends(ann, aptest.Doc{"type": "Update", "object": edited, "to": edited["to"], "signature": signature})
	n.sends(ann, aptest.Doc{"type": "Delete", "object": second.ObjectID, "signature": signature})
	n.sends(bob, aptest.Doc{"type": "Delete", "object": first.ObjectID, "signature": signature, "to": []string{activitypub.Public}})

	want := map[string][]string{
		"one":   {"Create " + second.ObjectID, "Update " + second.ObjectID},
		"two":   {"Delete " + first.ObjectID},
		"three": {"Create " + second.ObjectID, "Update " + second.ObjectID, "Delete " + first.ObjectID},
	}
	got := map[string][]string{"one": passedOn(one), "two": passedOn(two), "three": passedOn(three)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("passed on (-want +got):\n%s", diff)
	}
	for _, s := range []*aptest.Sent{second, update} {
		found := three.Matching(func(r aptest.Received) bool { return string(r.Body) == string(s.Body) })
		if len(found) != 1 || found[0].Forwarder != n.actor.URI || found[0].Header.Get("Content-Type") != activitypub.ContentType {
			t.Errorf("%s came %d times in its own bytes", s.Activity["type"], len(found))
		}
	}
	rows, err := n.store.Pool().Query(t.Context(), `select id::text from activities where forwarded`)
	check(t, err)
	for rows.Next() {
		var id string
		check(t, rows.Scan(&id))
		if res := n.get("/ap/activities/" + id); res.StatusCode != 404 {
			t.Errorf("what others wrote is served: %d", res.StatusCode)
		}
	}
}

// TestForwardLimit passes on no more in an hour than that allows, and goes on
// when it is over.
func TestForwardLimit(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	bob, ann := n.servers[0].Person("bob"), n.servers[1].Person("ann")
	n.says(bob, n.article.ObjectURI, "first")
	_, err := n.store.Pool().Exec(t.Context(), `insert into forwards (inbound_id, article_id, created, planned, deliveries) values (0, $1, now(), now(), 19999)`, n.article.ID)
	check(t, err)
	last := n.says(ann, n.article.ObjectURI, "second")
	n.says(ann, n.article.ObjectURI, "third")
	if diff := cmp.Diff([]string{"Create " + last.ObjectID}, passedOn(n.servers[0])); diff != "" {
		t.Errorf("passed on (-want +got):\n%s", diff)
	}
	_, err = n.store.Pool().Exec(t.Context(), `update forwards set planned = planned - interval '1 hour'`)
	check(t, err)
	n.settle()
	if got := len(passedOn(n.servers[0])); got != 2 {
		t.Errorf("%d passed on an hour later, want 2", got)
	}
}

// TestThreadOnThreeServers compares what each of three servers can tell of the
// conversation, by what the blog lists and passes on, with the page.
func TestThreadOnThreeServers(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	var people []*aptest.Person
	for i, s := range n.servers {
		people = append(people, s.Person(fmt.Sprint("p", i)))
	}
	parents := []string{n.article.ObjectURI}
	for i := range 70 {
		said := n.says(people[i%3], parents[i/3], fmt.Sprint("text ", i), i%2 == 0)
		parents = append(parents, said.ObjectID)
	}
	owner, err := n.blog.CreateAccount(t.Context(), uuid.Nil, blog.Account{Name: "ratri", Role: blog.Owner})
	check(t, err)
	own, err := n.blog.Reply(t.Context(), owner.ID, blog.Reply{Article: n.article.ID, Markdown: "Terima kasih."})
	check(t, err)
	n.says(people[0], own.ObjectURI, "to the author")
	last, err := n.store.CommentByObject(t.Context(), parents[70])
	check(t, err)
	check(t, n.blog.Moderate(t.Context(), owner.ID, last.ID, blog.Hidden))

	want := n.pageThread()
	if len(want) != 71 {
		t.Errorf("%d comments on the page, want 71", len(want))
	}
	for i, s := range n.servers {
		if diff := cmp.Diff(want, n.builtBy(s)); diff != "" {
			t.Errorf("server %d (-page +server):\n%s", i, diff)
		}
		// Whatever was signed reached who was there before.
		seen := map[string]bool{}
		for _, line := range passedOn(s) {
			seen[strings.TrimPrefix(line, "Create ")] = true
		}
		for k := 4; k < 71; k++ {
			id, signed := parents[k], (k-1)%2 == 1
			foreign := !strings.HasPrefix(id, s.URL())
			if seen[id] != (signed && foreign) {
				t.Errorf("server %d got comment %d: %v", i, k, seen[id])
			}
		}
	}
}

// pageThread are the comments of the page with what they answer, as lines.
func (n *neighbours) pageThread() (lines []string) {
	n.t.Helper()
	for next := "/" + n.article.Slug; next != ""; {
		page := n.get(next, "Accept", "text/html").page(n.t)
		page.Find(".u-comment").Each(func(_ int, c *goquery.Selection) {
			text := strings.TrimSpace(c.Find(".e-content").First().Text())
			above := strings.TrimSpace(c.Parent().Closest(".u-comment").Find(".e-content").First().Text())
			lines = append(lines, above+" > "+text)
		})
		next, _ = page.Find(`a[rel~="next"]`).Attr("href")
		next = strings.TrimPrefix(next, n.origin)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// builtBy is what a server makes of the context of the article: it reads every
// post that is listed, at its origin.
func (n *neighbours) builtBy(s *aptest.Server) (lines []string) {
	n.t.Helper()
	texts, parents := map[string]string{n.article.ObjectURI: ""}, map[string]string{}
	article, err := s.Fetch(n.t.Context(), n.article.ObjectURI)
	check(n.t, err)
	head, err := s.Fetch(n.t.Context(), article.Context)
	check(n.t, err)
	if head.AttributedTo.ID() != n.actor.URI || head.Type() != "OrderedCollection" {
		n.t.Errorf("context: %s of %s", head.Type(), head.AttributedTo.ID())
	}
	listed := 0
	for next := head.First.ID(); next != ""; {
		page, err := s.Fetch(n.t.Context(), next)
		check(n.t, err)
		for _, id := range page.OrderedItems.IDs() {
			listed++
			o, err := s.Fetch(n.t.Context(), id)
			check(n.t, err)
			if id == n.article.ObjectURI {
				continue
			}
			texts[id], parents[id] = plain(o.Content), o.InReplyTo.ID()
		}
		next = page.Next.ID()
	}
	if listed != head.TotalItems {
		n.t.Errorf("%d items listed, %d told", listed, head.TotalItems)
	}
	for id, parent := range parents {
		lines = append(lines, texts[parent]+" > "+texts[id])
	}
	slices.Sort(lines)
	return lines
}

func plain(html string) string {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(doc.Text())
}
