package blog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Ruling is the state of a comment and why.
type Ruling struct {
	State   State
	Reasons []Reason
}

// Standing is what somebody's comments are judged by beside what they say.
type Standing struct {
	Follower   bool      // of one of our actors
	Shown      bool      // had a comment in a thread here that readers see
	Interacted bool      // followed, liked, boosted or wrote something here before
	Born       time.Time // when the account was made, by its server's word; zero = not told
	Met        time.Time // when we first heard of the server; zero = not known
	Approved   bool      // of a visitor: a comment of the same address of mail is shown, and none is spam
}

// JudgeReader reads what comments are judged by, each for many at once.
type JudgeReader interface {
	// Standings returns the standing of actors, by id.
	Standings(ctx context.Context, actors []uuid.UUID) (map[uuid.UUID]Standing, error)
	// Policies returns articles with what Site.CommentsOn looks at, and no more.
	Policies(ctx context.Context, articles []uuid.UUID) (map[uuid.UUID]Article, error)
	// RecentTexts returns the texts of strangers' comments since a time, with
	// who wrote them: at most limit, newest first.
	RecentTexts(ctx context.Context, since time.Time, limit int) ([]Comment, error)
	// QuoteStates returns the states of quotes that are known.
	QuoteStates(ctx context.Context, quotes []QuoteKey) (map[QuoteKey]QuoteState, error)
}

// Judge decides the state of a comment that has just come, and says why. Its
// Actor is filled, and its ArticleID when it has a place.
func (s *Service) Judge(ctx context.Context, c Comment) (State, []Reason, error) {
	rulings, err := s.JudgeAll(ctx, []Comment{c})
	if err != nil {
		return Waiting, nil, err
	}
	return rulings[0].State, rulings[0].Reasons, nil
}

// JudgeAll is Judge for many comments, with the same few queries for all.
func (s *Service) JudgeAll(ctx context.Context, comments []Comment) ([]Ruling, error) {
	if len(comments) == 0 {
		return nil, nil
	}
	site, err := s.Site(ctx)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	blocks, err := s.Blocks(ctx)
	if err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	return s.JudgeWith(ctx, site, blocks, comments)
}

// JudgeWith is JudgeAll for a caller that has the settings and blocks at hand.
func (s *Service) JudgeWith(ctx context.Context, site Site, blocks []Block, comments []Comment) ([]Ruling, error) {
	if len(comments) == 0 {
		return nil, nil
	}
	court := court{site: site, blocks: blocks, patterns: s.patterns.of(blocks), now: s.Now()}
	if err := court.load(ctx, s, comments); err != nil {
		return nil, fmt.Errorf("judge: %w", err)
	}
	rulings := make([]Ruling, len(comments))
	for i, c := range comments {
		rulings[i] = court.judge(c)
	}
	return rulings, nil
}

// JudgeText decides by words and patterns alone, about a new text of what was
// judged before.
func (s *Service) JudgeText(blocks []Block, c Comment) Ruling {
	r := Ruling{State: Visible}
	r.addText(s.patterns.of(blocks), c)
	return r
}

// court is everything that a decision rests on. judge itself looks at nothing
// else.
type court struct {
	site      Site
	blocks    []Block
	patterns  []pattern
	standings map[uuid.UUID]Standing
	articles  map[uuid.UUID]Article
	quotes    map[QuoteKey]QuoteState
	writers   map[string]map[uuid.UUID]bool // who wrote a text, by its sameKey
	now       time.Time
}

// Bounds of the rule for equal texts.
const (
	sameTextTime  = 24 * time.Hour
	sameTextLimit = 5000
)

func (k *court) load(ctx context.Context, r JudgeReader, comments []Comment) (err error) {
	var actors, articles []uuid.UUID
	for _, c := range comments {
		actors = append(actors, c.Actor.ID)
		if c.ArticleID != uuid.Nil {
			articles = append(articles, c.ArticleID)
		}
	}
	if k.standings, err = r.Standings(ctx, unique(actors)); err != nil {
		return err
	}
	if k.articles, err = r.Policies(ctx, unique(articles)); err != nil {
		return err
	}
	if err := k.loadQuotes(ctx, r, comments); err != nil {
		return err
	}
	if !k.site.Spam.SameText.On {
		return nil
	}
	recent, err := r.RecentTexts(ctx, k.now.Add(-sameTextTime), sameTextLimit)
	if err != nil {
		return err
	}
	k.writers = map[string]map[uuid.UUID]bool{}
	for _, c := range append(recent, comments...) {
		if key := sameKey(c.Text); key != "" {
			if k.writers[key] == nil {
				k.writers[key] = map[uuid.UUID]bool{}
			}
			k.writers[key][c.Actor.ID] = true
		}
	}
	return nil
}

// loadQuotes costs nothing where no comment quotes anything of ours.
func (k *court) loadQuotes(ctx context.Context, r JudgeReader, comments []Comment) (err error) {
	var keys []QuoteKey
	for _, c := range comments {
		if c.Quotes != "" {
			keys = append(keys, QuoteKey{c.ObjectURI, c.Quotes})
		}
	}
	if len(keys) > 0 {
		k.quotes, err = r.QuoteStates(ctx, keys)
	}
	return err
}

func unique(ids []uuid.UUID) []uuid.UUID {
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

// judge decides about one comment. What is private reaches the authors
// whatever it says, and what our authors write stands. Of several rules the
// hardest decides, and all are told.
func (k *court) judge(c Comment) Ruling {
	if c.ByAuthor() || c.Visibility != Public && c.Visibility != Unlisted {
		return Ruling{State: Visible}
	}
	r := Ruling{State: Visible}
	who := k.standings[c.Actor.ID]
	trusted, silenced := k.entry(c, SeverityAllow), k.entry(c, SeveritySilence)
	if silenced != nil {
		r.add(Hidden, Reason{Rule: "silenced", Detail: silenced.Value})
	}
	r.addText(k.patterns, c)
	on := k.settings(c)
	if c.Quotes != "" {
		r.add(judgeQuote(k.quotes[QuoteKey{c.ObjectURI, c.Quotes}]))
	}
	if !c.Mention && (c.Quotes == "" || c.InReplyTo != "") { // what was said elsewhere answers nothing here
		r.add(policy(on.Policy, who, trusted != nil && trusted.Kind == BlockActor))
	}
	if c.FromWeb() {
		r.add(visitor(on, who))
	}
	if !who.Follower && !who.Shown && !who.Approved && trusted == nil {
		state, reasons := k.site.Spam.judgeSpam(k.facts(c, who))
		r.add(state, reasons...)
	}
	return r
}

// entry is the block of that severity that is about the comment's author, a
// person's before a server's.
func (k *court) entry(c Comment, severity Severity) *Block {
	var found *Block
	host := hostOf(c.Actor.URI)
	if c.Local {
		return nil
	}
	for i, b := range k.blocks {
		if b.Severity == severity && b.covers(c.Actor.URI, host) && (found == nil || b.Kind == BlockActor) {
			found = &k.blocks[i]
		}
	}
	return found
}

// settings are those of the article; of the blog for what has no place yet.
func (k *court) settings(c Comment) CommentSettings {
	if a, ok := k.articles[c.ArticleID]; ok {
		return k.site.CommentsOn(a, k.now)
	}
	return k.site.Comments
}

func (k *court) facts(c Comment, who Standing) spamFacts {
	f := spamFacts{Standing: who, now: k.now, sameText: len(k.writers[sameKey(c.Text)])}
	f.links, f.mentions = countLinks(c, k.site.Origin)
	return f
}

// policy is what the article or blog lets people do. What comes to a closed
// one is kept, so that nothing is lost.
func policy(p CommentPolicy, who Standing, listed bool) (State, Reason) {
	switch {
	case p == CommentsClosed:
		return Hidden, Reason{Rule: "closed"}
	case listed:
	case p == CommentsFirstWait && !who.Shown && !who.Approved:
		return Waiting, Reason{Rule: "first"}
	case p == CommentsFollowers && !who.Follower:
		return Waiting, Reason{Rule: "no-follower"}
	case p == CommentsApproved:
		return Waiting, Reason{Rule: "not-approved"}
	}
	return Visible, Reason{}
}

// visitor is what holds for people without a server.
func visitor(on CommentSettings, who Standing) (State, Reason) {
	switch {
	case !on.Web:
		return Hidden, Reason{Rule: "web-off"}
	case on.WebHold && !who.Approved:
		return Waiting, Reason{Rule: "web"}
	}
	return Visible, Reason{}
}

// hardness orders states by how little readers see.
var hardness = map[State]int{Visible: 1, Waiting: 2, Spam: 3, Hidden: 4}

// Harder reports whether a state shows less than another.
func Harder(a, b State) bool { return hardness[a] > hardness[b] }

// add takes another rule's word into account.
func (r *Ruling) add(state State, reasons ...Reason) {
	if state == Visible {
		return
	}
	if Harder(state, r.State) {
		r.State = state
	}
	r.Reasons = append(r.Reasons, reasons...)
}

// addText takes words and patterns into account.
func (r *Ruling) addText(list []pattern, c Comment) {
	switch severity, reasons := match(list, c); severity {
	case SeverityBlock:
		r.add(Hidden, reasons...)
	case SeveritySilence:
		r.add(Waiting, reasons...)
	}
}
