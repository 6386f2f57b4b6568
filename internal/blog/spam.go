package blog

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kabar/internal/markup"
)

// SpamSettings is the defence against spam by strangers: people who follow
// nobody here and never had a comment shown. Each rule that finds something
// adds its points; their sum decides.
type SpamSettings struct {
	Links        SpamRule `json:"links"`         // more links than Limit
	Mentions     SpamRule `json:"mentions"`      // more people named than Limit
	FirstContact SpamRule `json:"first_contact"` // never followed, liked, boosted or wrote before; no Limit
	SameText     SpamRule `json:"same_text"`     // the same text by at least Limit people within a day
	AccountAge   SpamRule `json:"account_age"`   // an account younger than Limit hours
	ServerAge    SpamRule `json:"server_age"`    // of a server that was met less than Limit hours ago
	Wait         int      `json:"wait"`          // points from which a comment waits; 0 = never
	Spam         int      `json:"spam"`          // points from which it counts as spam; 0 = never
}

// SpamRule is one rule of SpamSettings.
type SpamRule struct {
	On     bool `json:"on"`
	Limit  int  `json:"limit"`
	Points int  `json:"points"`
}

// DefaultSpam lets everybody's plain first answer through: what only describes
// a newcomer has too few points together to hold it.
func DefaultSpam() SpamSettings {
	return SpamSettings{
		Links:        SpamRule{On: true, Limit: 2, Points: 4},
		Mentions:     SpamRule{On: true, Limit: 5, Points: 4},
		FirstContact: SpamRule{On: true, Points: 1},
		SameText:     SpamRule{Limit: 3, Points: 5},
		AccountAge:   SpamRule{On: true, Limit: 24, Points: 1},
		ServerAge:    SpamRule{On: true, Limit: 24, Points: 1},
		Wait:         4, Spam: 8,
	}
}

// The names of the rules against spam, as reasons and settings have them.
const (
	RuleLinks        = "links"
	RuleMentions     = "mentions"
	RuleFirstContact = "first-contact"
	RuleSameText     = "same-text"
	RuleAccountAge   = "account-age"
	RuleServerAge    = "server-age"
)

// NamedSpamRule is a rule with its name.
type NamedSpamRule struct {
	Name string
	*SpamRule
}

// Rules returns the rules, to be shown and changed, in a fixed order.
func (s *SpamSettings) Rules() []NamedSpamRule {
	return []NamedSpamRule{
		{RuleLinks, &s.Links},
		{RuleMentions, &s.Mentions},
		{RuleFirstContact, &s.FirstContact},
		{RuleSameText, &s.SameText},
		{RuleAccountAge, &s.AccountAge},
		{RuleServerAge, &s.ServerAge},
	}
}

// maxSpamNumber bounds limits and points.
const maxSpamNumber = 100_000

// check returns an *Invalid for the first number that cannot be.
func (s SpamSettings) check() error {
	for _, r := range s.Rules() {
		for _, n := range []int{r.Limit, r.Points} {
			if n < 0 || n > maxSpamNumber {
				return &Invalid{Field: "spam." + strings.ReplaceAll(r.Name, "-", "_"), Problem: "number", Detail: fmt.Sprint(maxSpamNumber)}
			}
		}
	}
	for name, n := range map[string]int{"spam.wait": s.Wait, "spam.spam": s.Spam} {
		if n < 0 || n > maxSpamNumber {
			return &Invalid{Field: name, Problem: "number", Detail: fmt.Sprint(maxSpamNumber)}
		}
	}
	return nil
}

// shortText is how long a text must be for two that are equal to tell
// something.
const shortText = 20

// spamFacts is what the rules look at in one comment.
type spamFacts struct {
	Standing
	links, mentions int
	sameText        int // people who wrote the same within a day, this one included
	now             time.Time
}

// judgeSpam applies the rules to a comment by a stranger.
func (s SpamSettings) judgeSpam(f spamFacts) (State, []Reason) {
	points := 0
	var reasons []Reason
	add := func(rule string, r SpamRule, found bool, detail string) {
		if r.On && found {
			points += r.Points
			reasons = append(reasons, Reason{Rule: rule, Detail: detail})
		}
	}
	age, met := f.now.Sub(f.Born), f.now.Sub(f.Met)
	add(RuleLinks, s.Links, f.links > s.Links.Limit, strconv.Itoa(f.links))
	if s.Links.On && s.Links.Limit > 0 && f.links > 3*s.Links.Limit {
		points += s.Links.Points
	}
	add(RuleMentions, s.Mentions, f.mentions > s.Mentions.Limit, strconv.Itoa(f.mentions))
	if s.Mentions.On && s.Mentions.Limit > 0 && f.mentions > 3*s.Mentions.Limit {
		points += s.Mentions.Points
	}
	add(RuleSameText, s.SameText, f.sameText >= max(s.SameText.Limit, 2), strconv.Itoa(f.sameText))
	add(RuleFirstContact, s.FirstContact, !f.Interacted, "")
	add(RuleAccountAge, s.AccountAge, !f.Born.IsZero() && age < hours(s.AccountAge), wholeHours(age))
	add(RuleServerAge, s.ServerAge, !f.Met.IsZero() && met < hours(s.ServerAge), wholeHours(met))
	switch {
	case s.Spam > 0 && points >= s.Spam:
		return Spam, reasons
	case s.Wait > 0 && points >= s.Wait:
		return Waiting, reasons
	}
	return Visible, nil
}

func hours(r SpamRule) time.Duration { return time.Duration(r.Limit) * time.Hour }

func wholeHours(d time.Duration) string { return strconv.Itoa(max(int(d/time.Hour), 0)) }

// linksIn are the addresses that a comment leads to.
func linksIn(c Comment) []string {
	var addresses []string
	for _, l := range markup.Links(c.HTML) {
		addresses = append(addresses, l.Address)
	}
	return addresses
}

// countLinks counts the links of a comment that are neither people it names,
// nor hashtags of its own server, nor pages of ours; and the people, where a
// link that only looks like one counts too.
func countLinks(c Comment, origin string) (links, mentions int) {
	home := hostOf(c.Actor.URI)
	seen := map[string]bool{}
	dressed := 0
	for _, l := range markup.Links(c.HTML) {
		if seen[l.Address] {
			continue
		}
		seen[l.Address] = true
		named := slices.ContainsFunc(c.Mentions, func(m Mention) bool { return l.Address == m.URL || l.Address == m.ActorURI })
		switch {
		case named, hostOf(l.Address) == hostOf(origin):
		case strings.HasPrefix(l.Text, "#") && hostOf(l.Address) == home:
		case strings.HasPrefix(l.Text, "@"):
			dressed++
		default:
			links++
		}
	}
	others := 0
	for _, m := range c.Mentions {
		if hostOf(m.ActorURI) != hostOf(origin) {
			others++
		}
	}
	return links, max(others, dressed)
}

// hostOf is the host of an address, lower case; "" for what is none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

// sameKey is what two texts have in common that say the same: without the
// people they name, spaces and case. "" for a text that is too short to tell.
func sameKey(text string) string {
	var b strings.Builder
	for _, word := range strings.Fields(fold(text)) {
		if !strings.HasPrefix(word, "@") {
			b.WriteString(word)
		}
	}
	if b.Len() < shortText {
		return ""
	}
	return b.String()
}
