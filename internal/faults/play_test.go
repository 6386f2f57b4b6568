package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kabar/activitypub/aptest"
)

// How fast people and authors are, and for how long one activity is tried: its
// sender's server would go on for days.
const (
	peoplePause   = 250 * time.Millisecond
	authorsPause  = 300 * time.Millisecond
	acknowledgeIn = 4 * time.Minute
	oneTry        = 15 * time.Second
)

// reply is a comment of somebody's, as far as it was acknowledged.
type reply struct {
	who     *aptest.Person
	object  string
	text    string
	deleted bool
}

// reaction is a like or a boost, and whether it is there.
type reaction struct {
	activity string
	there    bool
}

// article is one of ours. Versions are told apart by their number in the text;
// from is that of the last that was acknowledged, to of the last that was tried.
type article struct {
	id, url  string
	from, to int
	deleted  bool // acknowledged
	unsure   bool // a deletion was tried
}

// play is what goes on while something is hurt.
type play struct {
	*trial
	inbox string // the shared one
	first *article

	lock         sync.Mutex
	changed      chan struct{} // closed at the next acknowledgement
	acknowledged int
	replies      []*reply
	reactions    []*reaction
	articles     []*article
	hidden       []*reply // that nobody told us of
	begun        int      // commands
	looked       int      // requests for hidden answers that were told of
	problems     []string
}

// begin publishes the article that all is about.
func (tr *trial) begin() *play {
	tr.t.Helper()
	p := &play{trial: tr, inbox: tr.url + "/ap/inbox", changed: make(chan struct{})}
	must(tr.t, os.WriteFile(filepath.Join(tr.dir, "first.md"), []byte("---\ntitle: Pertama\n---\n\nVersi 1.\n"), 0o600))
	p.publish(tr.t.Context(), "first.md", "Pertama")
	if len(p.articles) != 1 {
		tr.t.Fatalf("nothing can be published:\n%s", tail(tr.program().Output(), 4000))
	}
	p.first = p.articles[0]
	return p
}

// until plays until over is closed, and at least as much as is asked for.
func (p *play) until(over <-chan struct{}, activities, articles int) {
	var all sync.WaitGroup
	for i, who := range p.people {
		rnd := rand.New(rand.NewPCG(p.rnd.Uint64(), uint64(i))) //nolint:gosec // to be repeated
		all.Go(func() {
			for n := 0; n < activities || !closed(over); n++ {
				p.act(who, rnd, n)
				wait(time.Duration(rnd.Int64N(int64(2 * peoplePause))))
			}
		})
	}
	rnd := rand.New(rand.NewPCG(p.rnd.Uint64(), 99)) //nolint:gosec // to be repeated
	all.Go(func() {
		for n := 0; n < articles || !closed(over); n++ {
			p.write(rnd, n)
			wait(authorsPause)
		}
	})
	all.Wait()
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// act is one thing that somebody does: mostly they answer, sometimes they like,
// boost, edit, take back.
func (p *play) act(who *aptest.Person, rnd *rand.Rand, n int) {
	switch mine := p.of(who, rnd); {
	case n%8 == 1:
		p.react(who)
	case mine != nil && n%8 == 3:
		p.edit(mine, n)
	case mine != nil && n%8 == 6 && !p.hides: // nobody looks for answers to what is gone
		p.takeBack(mine)
	default:
		p.answer(who, mine, rnd, n)
	}
}

// of is one of somebody's replies that stand, nil for none.
func (p *play) of(who *aptest.Person, rnd *rand.Rand) *reply {
	p.lock.Lock()
	defer p.lock.Unlock()
	var mine []*reply
	for _, r := range p.replies {
		if r.who.ID() == who.ID() && !r.deleted {
			mine = append(mine, r)
		}
	}
	if len(mine) == 0 {
		return nil
	}
	return mine[rnd.IntN(len(mine))]
}

// answer answers the first article, or what somebody said themselves.
func (p *play) answer(who *aptest.Person, mine *reply, rnd *rand.Rand, n int) {
	to := p.first.id
	if mine != nil && rnd.IntN(3) == 0 {
		to = mine.object
	}
	text := fmt.Sprintf("Balasan %d dari %s.", n, who.Name())
	sent := who.Prepare(who.Compose(aptest.Note{Content: text, InReplyTo: to}))
	if p.deliver(who, sent) {
		p.note(func() { p.replies = append(p.replies, &reply{who: who, object: sent.ObjectID, text: text}) })
		if p.hides && n < mostHidden && to == p.first.id {
			p.hide(who, sent.ObjectID, n)
		}
	}
}

// mostHidden bounds how much there is to be found: how much is looked for in an
// hour is bounded, too.
const mostHidden = 6

// hide answers an answer without telling us: we have to look for that.
func (p *play) hide(who *aptest.Person, above string, n int) {
	text := fmt.Sprintf("Tersembunyi %d dari %s.", n, who.Name())
	sent := who.Prepare(who.Compose(aptest.Note{Content: text, InReplyTo: above}))
	p.lock.Lock()
	defer p.lock.Unlock()
	p.hidden = append(p.hidden, &reply{who: who, object: sent.ObjectID, text: text})
}

// asked returns when hidden answers are being asked for, or were for long not:
// a thread in which something new comes all the time is looked through once a minute.
func (p *play) asked() {
	limit := time.Now().Add(90 * time.Second)
	for n := 1 + p.rnd.IntN(3); time.Now().Before(limit); wait(2 * time.Millisecond) {
		if n <= p.found() {
			return
		}
	}
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.looked == 0 {
		p.problems = append(p.problems, "nobody looked for answers")
	}
}

// found is how often anybody asked for hidden answers since the last call with
// a result.
func (p *play) found() int {
	p.lock.Lock()
	defer p.lock.Unlock()
	now := 0
	for _, r := range p.hidden {
		now += r.who.Server().Requests(r.object[len(r.who.Server().URL()):])
	}
	fresh := now - p.looked
	if fresh > 0 {
		p.looked = now
	}
	return fresh
}

// commands returns when so many more commands have begun.
func (p *play) commands(n int) {
	p.lock.Lock()
	want := p.begun + n
	p.lock.Unlock()
	for limit := time.Now().Add(acknowledgeIn); time.Now().Before(limit); wait(2 * time.Millisecond) {
		p.lock.Lock()
		enough := p.begun >= want
		p.lock.Unlock()
		if enough {
			return
		}
	}
	p.problem("no command began")
}

func (p *play) edit(r *reply, n int) {
	text := fmt.Sprintf("%s Sunting %d.", r.text, n)
	sent, err := r.who.Edit(context.Background(), r.object, text)
	if err != nil {
		p.problem("edit: %v", err)
		return
	}
	if p.deliver(r.who, sent) {
		p.note(func() { r.text = text })
	}
}

func (p *play) takeBack(r *reply) {
	sent, err := r.who.Delete(context.Background(), r.object)
	if err != nil {
		p.problem("delete: %v", err)
		return
	}
	if p.deliver(r.who, sent) {
		p.note(func() { r.deleted = true })
	}
}

// react likes or boosts the first article, and takes it back if it was there.
func (p *play) react(who *aptest.Person) {
	likes := aptest.Doc{"type": "Like", "object": p.first.id, "id": who.ID() + "#likes/1"}
	p.lock.Lock()
	var before *reaction
	for _, r := range p.reactions {
		if r.activity == likes["id"] {
			before = r
		}
	}
	p.lock.Unlock()
	if before == nil {
		if p.deliver(who, who.Prepare(likes)) {
			p.note(func() { p.reactions = append(p.reactions, &reaction{who.ID() + "#likes/1", true}) })
		}
		return
	}
	if !before.there {
		return // taken back for good: an id is not used again
	}
	sent, err := who.Undo(context.Background(), &aptest.Sent{ID: before.activity, Activity: likes})
	if err != nil {
		p.problem("undo: %v", err)
		return
	}
	if p.deliver(who, sent) {
		p.note(func() { before.there = false })
	}
}

// deliver sends one activity again and again until it is taken, as servers do.
func (p *play) deliver(who *aptest.Person, sent *aptest.Sent) bool {
	last := "nothing"
	for limit := time.Now().Add(acknowledgeIn); time.Now().Before(limit); wait(100 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(context.Background(), oneTry)
		answer, err := who.Deliver(ctx, p.inbox, sent.Body)
		cancel()
		if err == nil && answer.Status == http.StatusAccepted {
			return true
		}
		last = fmt.Sprint(answer.Status, " ", err)
	}
	p.problem("%s was not taken in %s: %s", sent.ID, acknowledgeIn, last)
	return false
}

// note books an acknowledgement.
func (p *play) note(book func()) {
	p.lock.Lock()
	defer p.lock.Unlock()
	book()
	p.acknowledged++
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *play) problem(format string, args ...any) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// further returns when so many more things are acknowledged.
func (p *play) further(n int) {
	p.lock.Lock()
	want := p.acknowledged + n
	p.lock.Unlock()
	for {
		p.lock.Lock()
		enough, changed := p.acknowledged >= want, p.changed
		p.lock.Unlock()
		if enough {
			return
		}
		select {
		case <-changed:
		case <-time.After(acknowledgeIn):
			p.problem("fewer than %d more were acknowledged", n)
			return
		}
	}
}

// arrivals returns when the servers got so many more activities.
func (p *play) arrivals(n int) {
	ctx, cancel := context.WithTimeout(p.t.Context(), acknowledgeIn)
	defer cancel()
	if err := p.world.Wait(ctx, p.world.Received()+n); err != nil {
		p.problem("%v", err)
	}
}

// write is one thing that an author does, on the command line.
func (p *play) write(rnd *rand.Rand, n int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if p.impatient && n%3 == 2 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(rnd.Int64N(int64(2*time.Second))))
		defer cancel()
	}
	p.lock.Lock()
	p.begun++
	last := p.articles[len(p.articles)-1]
	p.lock.Unlock()
	switch {
	case n%4 == 1 || n%4 == 2:
		p.revise(ctx, last)
	case n%8 == 7 && last != p.first:
		p.remove(ctx, last)
	default:
		p.publish(ctx, fmt.Sprintf("article%d.md", n), fmt.Sprintf("Kabar %d %d", n, rnd.IntN(1000)))
	}
}

type reference struct{ ID, URL string }

func (p *play) publish(ctx context.Context, name, title string) {
	file := filepath.Join(p.dir, name)
	if err := os.WriteFile(file, fmt.Appendf(nil, "---\ntitle: %s\n---\n\nVersi 1.\n", title), 0o600); err != nil {
		return // the disk is full
	}
	var r reference
	if p.command(ctx, &r, "article", "publish", file) {
		p.note(func() { p.articles = append(p.articles, &article{id: r.ID, url: r.URL, from: 1, to: 1}) })
	}
}

func (p *play) revise(ctx context.Context, a *article) {
	if a.unsure {
		return
	}
	file := filepath.Join(p.dir, "revised.md")
	a.to++
	if err := os.WriteFile(file, fmt.Appendf(nil, "---\ntitle: Disunting\n---\n\nVersi %d.\n", a.to), 0o600); err != nil {
		return
	}
	var r reference
	if p.command(ctx, &r, "article", "edit", a.id, file) {
		p.note(func() { a.from = a.to })
	}
}

func (p *play) remove(ctx context.Context, a *article) {
	a.unsure = true
	var r any
	if p.command(ctx, &r, "article", "delete", a.id) {
		p.note(func() { a.deleted = true })
	}
}
