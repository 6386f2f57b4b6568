package federation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/federation"
)

// setQuotes sets the policy for quotes of the whole blog.
func (r *receiver) setQuotes(p blog.QuotePolicy) {
	r.t.Helper()
	site, err := r.store.Site(r.t.Context())
	r.check(err)
	site.QuotePolicy = p
	r.check(r.store.SetSite(r.t.Context(), site, blog.ActorChanged{Activity: newID()}, blog.AuditEntry{ID: newID(), At: r.now(), Action: "x"}))
}

// quoting is the Create of a quote.
func quoting(p *aptest.Person, object, text string) *aptest.Sent {
	return p.Prepare(p.Quoting(object, text))
}

// asking is the request that goes with it; whole if the post comes with it.
func asking(p *aptest.Person, object string, create *aptest.Sent, whole bool) *aptest.Sent {
	if whole {
		return p.Prepare(aptest.QuoteRequest(object, create.Activity["object"]))
	}
	return p.Prepare(aptest.QuoteRequest(object, create.ObjectID))
}

// answers are the Accepts, Rejects and Deletes that we sent, oldest first.
func (r *receiver) answers() (list []*activitypub.Object) {
	r.t.Helper()
	rows, err := r.store.Pool().Query(r.t.Context(), `select json from activities where type in ('Accept', 'Reject', 'Delete') order by id`)
	r.check(err)
	defer rows.Close()
	for rows.Next() {
		var body []byte
		r.check(rows.Scan(&body))
		o, err := activitypub.Decode(body)
		r.check(err)
		list = append(list, o)
	}
	return list
}

func (r *receiver) answered() string {
	var types []string
	for _, o := range r.answers() {
		types = append(types, o.Type())
	}
	return strings.Join(types, " ")
}

// quoted is the thread, and the counter of quotes, which must agree with what
// is shown.
func (r *receiver) quoted() string {
	r.t.Helper()
	counted := r.count(`select quoted from articles where id = $1`, r.article.ID)
	shown := r.count(`select count(*) from comments where quotes = $1 and state = 'visible'`, r.article.ObjectURI)
	if counted != shown {
		r.t.Errorf("%d quotes are counted, %d shown", counted, shown)
	}
	return fmt.Sprint(counted, " of ", r.thread())
}

func (r *receiver) wantQuoted(want string) {
	r.t.Helper()
	if got := r.quoted(); got != want {
		r.t.Errorf("%q, want %q", got, want)
	}
}

func (r *receiver) theQuote() blog.Quote {
	r.t.Helper()
	list, err := r.store.Quotes(r.t.Context(), blog.QuoteQuery{Limit: 9})
	r.check(err)
	if len(list) != 1 {
		r.t.Fatalf("%d quotes, want 1", len(list))
	}
	return list[0]
}

func TestQuotePolicies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		policy   blog.QuotePolicy
		follower bool
		outcome  string
		answer   string
		thread   string
	}{
		{"open", blog.QuotesOpen, false, "quote-approved", "Accept", "1 of 1: lihat"},
		{"followers, by one", blog.QuotesFollowers, true, "quote-approved", "Accept Accept", "1 of 1: lihat"},
		{"followers, by another", blog.QuotesFollowers, false, "quote-waiting", "", "0 of 0:"},
		{"ask", blog.QuotesAsk, true, "quote-waiting", "Accept", "0 of 0:"},
		{"closed", blog.QuotesClosed, true, "quote-rejected", "Accept Reject", "0 of 0:"},
	}
	for _, tt := range tests {
		for _, whole := range []bool{true, false} {
			t.Run(fmt.Sprint(tt.name, " whole ", whole), func(t *testing.T) {
				t.Parallel()
				r := newReceiver(t)
				r.setQuotes(tt.policy)
				bob := r.remote.Person("bob")
				if tt.follower { // the first Accept is that of the follow
					r.takes(do(bob, "Follow", r.actor.URI))
				}
				create := quoting(bob, r.article.ObjectURI, "lihat")
				request := asking(bob, r.article.ObjectURI, create, whole)
				r.takes(request)
				r.wantOutcome(request.ID, tt.outcome)
				if got := r.answered(); got != tt.answer {
					t.Errorf("answered %q, want %q", got, tt.answer)
				}
				r.wantQuoted(tt.thread)
				r.takes(create) // its Create changes nothing
				r.wantOutcome(create.ID, "ignored:known")
				r.wantQuoted(tt.thread)
			})
		}
	}
}

// TestQuoteStamp has a server believe the stamp: all its fields, and those of
// the answer.
func TestQuoteStamp(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := quoting(bob, r.article.ObjectURI, "lihat")
	request := asking(bob, r.article.ObjectURI, create, true)
	r.takes(request)
	answer := r.answers()[0]
	asked := answer.Object.First().Object
	if answer.Actor.ID() != r.actor.URI || answer.To.ID() != bob.ID() || asked == nil || asked.ID != request.ID ||
		asked.Instrument.ID() != create.ObjectID || asked.Object.ID() != r.article.ObjectURI {
		t.Errorf("answer: %+v", answer)
	}
	id := uuid.MustParse(strings.TrimPrefix(answer.Result.ID(), origin+"/ap/stamps/"))
	doc, err := r.service.Stamp(t.Context(), id)
	r.check(err)
	stamp, err := activitypub.Decode(doc)
	r.check(err)
	if !stamp.Is("QuoteAuthorization") || stamp.ID != answer.Result.ID() || stamp.AttributedTo.ID() != r.actor.URI ||
		stamp.InteractingObject != create.ObjectID || stamp.InteractionTarget != r.article.ObjectURI {
		t.Errorf("stamp: %s", doc)
	}
	if !strings.Contains(string(doc), "QuoteAuthorization\":\"https://w3id.org/fep/044f#QuoteAuthorization") {
		t.Errorf("the terms of the stamp are not defined: %s", doc)
	}
}

// TestQuoteUnasked takes quotes as servers send them that never ask.
func TestQuoteUnasked(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"quote", "quoteUrl", "quoteUri", "_misskey_quote"} {
		for _, object := range []string{"", "page"} {
			t.Run(name+object, func(t *testing.T) {
				t.Parallel()
				r := newReceiver(t)
				target := r.article.ObjectURI
				if object == "page" {
					target = origin + "/kopi"
				}
				bob := r.remote.Person("bob")
				create := bob.Prepare(bob.Compose(aptest.Note{Content: "lihat", Extra: aptest.Doc{name: target}}))
				r.takes(create)
				r.wantOutcome(create.ID, "comment")
				r.wantQuoted("1 of 1: lihat")
				if got := r.answered(); got != "" {
					t.Errorf("answered %s to who never asked", got)
				}
				r.takes(remove(bob, create))
				r.wantQuoted("0 of 0:")
			})
		}
	}
}

// TestQuoteDecided has a person decide: yes, and then no more.
func TestQuoteDecided(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.setQuotes(blog.QuotesAsk)
	bob := r.remote.Person("bob")
	create := quoting(bob, r.article.ObjectURI, "lihat")
	r.takes(create, asking(bob, r.article.ObjectURI, create, true))
	q := r.theQuote()
	if q.State != blog.QuoteWaiting || q.Comment.State != blog.Waiting || len(q.Comment.Reasons) != 1 || q.Comment.Reasons[0].Rule != "quote-waiting" {
		t.Fatalf("%+v", q)
	}
	decide := func(state blog.QuoteState, answered, thread string) {
		t.Helper()
		r.check(r.service.Blog.DecideQuote(t.Context(), uuid.Nil, q.ID, state))
		runJobs(r, r.service.QuoteDecided, false)
		if got := r.answered(); got != answered {
			t.Errorf("answered %q, want %q", got, answered)
		}
		r.wantQuoted(thread)
	}
	if _, err := r.service.Stamp(t.Context(), q.ID); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("a stamp while it waits: %v", err)
	}
	decide(blog.QuoteApproved, "Accept", "1 of 1: lihat")
	if _, err := r.service.Stamp(t.Context(), q.ID); err != nil {
		t.Error(err)
	}
	r.exec(`update deliveries set state = 'delivered', attempts = 1`)
	decide(blog.QuoteRevoked, "Accept Delete", "0 of 0:")
	if _, err := r.service.Stamp(t.Context(), q.ID); !errors.Is(err, blog.ErrGone) {
		t.Errorf("a revoked stamp: %v", err)
	}
	gone := r.answers()[1]
	if gone.Object.ID() != origin+"/ap/stamps/"+q.ID.String() || r.count(`select count(*) from deliveries where type = 'Delete' and state = 'waiting'`) != 1 {
		t.Errorf("revoked: %+v", gone)
	}
	// Neither an edit nor another request brings it back.
	r.pass(time.Minute)
	r.takes(update(bob, create, r.now(), aptest.Doc{"content": "lagi"}), asking(bob, r.article.ObjectURI, create, true))
	r.wantQuoted("0 of 0:")
	if got := r.answered(); got != "Accept Delete Reject" {
		t.Errorf("answered %q", got)
	}
	if err := r.service.Blog.DecideQuote(t.Context(), uuid.Nil, q.ID, blog.QuoteApproved); !errors.Is(err, blog.ErrConflict) {
		t.Errorf("approve what was revoked: %v", err)
	}
}

// TestQuoteShown approves a quote by letting its post be seen.
func TestQuoteShown(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.setQuotes(blog.QuotesAsk)
	bob := r.remote.Person("bob")
	create := quoting(bob, r.article.ObjectURI, "lihat")
	r.takes(asking(bob, r.article.ObjectURI, create, true))
	r.check(r.service.Blog.Moderate(t.Context(), uuid.Nil, r.theQuote().Comment.ID, blog.Visible))
	runJobs(r, r.service.QuoteDecided, false)
	r.wantQuoted("1 of 1: lihat")
	if got := r.answered(); got != "Accept" {
		t.Errorf("answered %q", got)
	}
	r.check(r.service.Blog.Moderate(t.Context(), uuid.Nil, r.theQuote().Comment.ID, blog.Hidden))
	r.wantQuoted("0 of 0:")
}

// TestQuotePlaces has the quote stand below what it quotes, and a reply where
// it answers.
func TestQuotePlaces(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve := r.remote.Person("bob"), r.remote.Person("eve")
	first := r.reply(bob, r.article.ObjectURI, "satu")
	r.takes(first)
	parent, err := r.store.CommentByObject(t.Context(), first.ObjectID)
	r.check(err)
	ours, err := r.service.Blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: parent.ID, Markdown: "jawab"})
	r.check(err)
	both := eve.Prepare(eve.Compose(aptest.Note{Content: "dua", InReplyTo: first.ObjectID, Extra: aptest.Doc{"quote": r.article.ObjectURI}}))
	elsewhere := eve.Prepare(eve.Compose(aptest.Note{Content: "tiga", InReplyTo: eve.ID() + "/nowhere", Extra: aptest.Doc{"quote": r.article.ObjectURI}}))
	r.takes(quoting(bob, ours.ObjectURI, "kutip"), both, elsewhere)
	r.wantQuoted("2 of 5: satu ( dua jawab ( kutip ) ) tiga")
	// What only quotes is no reply to those who read the collections.
	for name, want := range map[string]int{"replies": 1, "context": 3} {
		serve := map[string]func(context.Context, uuid.UUID, federation.Page) ([]byte, error){"replies": r.service.Replies, "context": r.service.Context}
		doc, err := serve[name](t.Context(), r.article.ID, federation.Page{Asked: true})
		r.check(err)
		if n := strings.Count(string(doc), "/statuses/") + strings.Count(string(doc), "/ap/objects/") - strings.Count(string(doc), r.article.ObjectURI); n != want {
			t.Errorf("%s: %d, want %d: %s", name, n, want, doc)
		}
	}
	if n := r.count(`select quoted from comments where id = $1`, ours.ID); n != 1 {
		t.Errorf("%d quotes of the answer, want 1", n)
	}
	// The comment of somebody else is not ours to give.
	other := quoting(eve, first.ObjectID, "bukan")
	request := asking(eve, first.ObjectID, other, true)
	r.takes(other, request)
	r.wantOutcome(other.ID, "ignored:no-reply")
	r.wantOutcome(request.ID, "ignored:not-ours")
}

// TestQuoteEdited has the quote come and go with edits.
func TestQuoteEdited(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	plain, quote := r.reply(bob, r.article.ObjectURI, "balas"), quoting(bob, r.article.ObjectURI, "kutip")
	r.takes(plain, quote)
	r.wantQuoted("1 of 2: balas kutip")
	at := func(minutes int) time.Time { return r.now().Add(time.Duration(minutes) * time.Minute) }
	r.pass(time.Hour)
	r.takes(update(bob, plain, at(-9), aptest.Doc{"quote": r.article.ObjectURI}))
	r.wantQuoted("2 of 2: balas kutip")
	without := aptest.Doc{"quote": nil, "quoteUri": nil, "_misskey_quote": nil}
	r.takes(update(bob, plain, at(-8), without), update(bob, quote, at(-7), without))
	r.wantQuoted("0 of 1: balas")
	// An Update is the first that we hear of another.
	unknown := quoting(bob, r.article.ObjectURI, "baru")
	r.takes(update(bob, unknown, at(-6), nil))
	r.wantQuoted("1 of 2: balas baru")
}

// TestQuoteOfWhatIsGone takes stamps away together with what they allow.
func TestQuoteOfWhatIsGone(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := quoting(bob, r.article.ObjectURI, "lihat")
	r.takes(asking(bob, r.article.ObjectURI, create, true))
	q := r.theQuote()
	r.check(r.service.Blog.Delete(t.Context(), uuid.Nil, r.article.ID))
	if _, err := r.service.Stamp(t.Context(), q.ID); !errors.Is(err, blog.ErrGone) {
		t.Errorf("the stamp of a deleted article: %v", err)
	}
	if n := r.count(`select quoted + comments from articles where id = $1`, r.article.ID); n != 0 {
		t.Errorf("%d are counted", n)
	}
	again := asking(bob, r.article.ObjectURI, create, true)
	r.takes(again)
	r.wantOutcome(again.ID, "ignored:not-ours")
}

// TestQuoteAttacks refuses what is asked for in the name of others.
func TestQuoteAttacks(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob, eve, mallory := r.remote.Person("bob"), r.remote.Person("eve"), r.server().Person("mallory")
	bobs := quoting(bob, r.article.ObjectURI, "lihat")
	plain := r.reply(eve, r.article.ObjectURI, "tanpa kutipan")
	private := r.heard("bob")
	r.exec(`update comments set local = true, state = 'hidden', object_uri = $2 where id = $1`, private.ID, origin+"/ap/objects/"+private.ID.String())
	unsigned := aptest.Doc{}
	for k, v := range quoting(eve, r.article.ObjectURI, "x").Activity["object"].(aptest.Doc) {
		unsigned[k] = v
	}
	delete(unsigned, "attributedTo")
	tests := []struct {
		name    string
		by      *aptest.Person
		object  string
		post    any
		outcome string
	}{
		{"of a neighbour's post", eve, r.article.ObjectURI, bobs.Activity["object"], "refused:attribution"},
		{"of a neighbour's post by id", eve, r.article.ObjectURI, bobs.ObjectID, "refused:attribution"},
		{"of a post on another host", mallory, r.article.ObjectURI, bobs.Activity["object"], "refused:origin"},
		{"of a post on another host by id", mallory, r.article.ObjectURI, bobs.ObjectID, "refused:origin"},
		{"of a post of nobody", eve, r.article.ObjectURI, unsigned, "refused:attribution"},
		{"of a post that quotes nothing", eve, r.article.ObjectURI, plain.Activity["object"], "refused:no-quote"},
		{"without a post", eve, r.article.ObjectURI, nil, "refused:origin"},
		{"for what is not ours", bob, bob.ID() + "/1", bobs.Activity["object"], "ignored:not-ours"},
		{"for what never was", bob, origin + "/ap/objects/" + newID().String(), bobs.Activity["object"], "ignored:not-ours"},
		{"for an actor", bob, r.actor.URI, bobs.Activity["object"], "ignored:not-ours"},
		{"for what is hidden", bob, origin + "/ap/objects/" + private.ID.String(), bobs.Activity["object"], "ignored:not-ours"},
	}
	for _, tt := range tests {
		request := tt.by.Prepare(aptest.QuoteRequest(tt.object, tt.post))
		r.takes(request)
		if got := r.outcome(request.ID); got != tt.outcome {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.outcome)
		}
	}
	if got := r.answered(); got != "" {
		t.Errorf("answered %s", got)
	}
	if n := r.count(`select count(*) from quotes`); n != 0 {
		t.Errorf("%d quotes", n)
	}
}

// TestQuoteRepeated asks a thousand times for the same.
func TestQuoteRepeated(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := quoting(bob, r.article.ObjectURI, "lihat")
	for range 1000 {
		r.accept(asking(bob, r.article.ObjectURI, create, true).Body)
	}
	r.work()
	r.wantQuoted("1 of 1: lihat")
	stamps := map[string]bool{}
	for _, o := range r.answers() {
		stamps[o.Type()+o.Result.ID()] = true
	}
	if len(stamps) != 1 || r.count(`select count(*) from quotes`) != 1 {
		t.Errorf("%d different answers", len(stamps))
	}
}

func TestQuoteBlocked(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	bob := r.remote.Person("bob")
	create := quoting(bob, r.article.ObjectURI, "lihat")
	request := asking(bob, r.article.ObjectURI, create, true)
	r.accept(request.Body)
	r.accept(create.Body)
	_, err := r.service.Blog.Block(t.Context(), uuid.Nil, bob.ID(), "")
	r.check(err)
	r.work()
	r.wantOutcome(request.ID, "refused:blocked")
	r.wantQuoted("0 of 0:")
}

// TestQuoteDocuments keeps what is sent, byte for byte.
func TestQuoteDocuments(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	mika := w.person("mika", "danau.example")
	a := w.publish(blog.DraftInput{Title: "Kopi", Markdown: "Isi."})
	owner, err := w.store.Actor(t.Context(), a.ActorID)
	w.check(err)
	q := w.quote(a, mika, owner)
	w.golden("stamp", w.read(w.service.Stamp(t.Context(), q.ID)))
	for _, step := range []struct {
		was    blog.QuoteState
		state  blog.QuoteState
		golden string
	}{
		{blog.QuoteWaiting, blog.QuoteApproved, "quote-accept"},
		{blog.QuoteApproved, blog.QuoteRevoked, "quote-revoked"},
		{blog.QuoteWaiting, blog.QuoteRejected, "quote-reject"},
	} {
		w.exec(`update quotes set state = $1`, step.was)
		w.check(w.blog.DecideQuote(t.Context(), uuid.Nil, q.ID, step.state))
		w.run()
		var body []byte
		w.check(w.store.Pool().QueryRow(t.Context(), `select json from activities order by id desc limit 1`).Scan(&body))
		w.golden(step.golden, body)
	}
	for _, policy := range []blog.QuotePolicy{blog.QuotesFollowers, blog.QuotesAsk, blog.QuotesClosed} {
		w.exec(`update articles set quote_policy = $1, comment_policy = $1`, strings.Replace(string(policy), "ask", "approved", 1))
		w.exec(`update articles set quote_policy = $1`, policy)
		w.golden("policy-"+string(policy), w.read(w.service.Object(t.Context(), w.object(a.ObjectURI))))
	}
}

// quote writes down that somebody asked to quote an article.
func (w *writer) quote(a blog.Article, by federation.RemoteActor, owner blog.Actor) blog.Quote {
	w.Helper()
	q, err := w.store.AddQuote(w.Context(), federation.NewQuote{
		ID: w.id(), ObjectURI: by.URI + "/statuses/1", Actor: by.ID, TargetURI: a.ObjectURI, Owner: owner.ID,
		State: blog.QuoteApproved, RequestURI: by.URI + "/quote_requests/1", Created: w.now(),
	})
	w.check(err)
	return q
}
