package blog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/markup"
)

var judgeTime = time.Date(2026, 11, 21, 7, 30, 0, 0, time.UTC)

// said is a public comment of somebody on another server.
func said(text string) Comment {
	return Comment{
		Actor: Actor{ID: uuid.UUID{1}, URI: "https://far.example/users/ana", Kind: Remote}, ArticleID: uuid.UUID{9},
		Visibility: Public, Text: text, HTML: markup.SafeFromStore("<p>" + text + "</p>"),
	}
}

// links are n links to different pages, as HTML.
func links(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<a href="https://shop.example/%d">buy</a> `, i)
	}
	return b.String()
}

// ruled is a ruling as tests write it.
func ruled(r Ruling) string {
	words := []string{string(r.State)}
	for _, reason := range r.Reasons {
		words = append(words, strings.TrimSuffix(reason.Rule+":"+reason.Detail, ":"))
	}
	return strings.Join(words, " ")
}

// judgement is a case of TestJudge: what is changed about an open blog and a
// plain comment, who wrote it, and the ruling.
type judgement struct {
	name   string
	change func(*court, *Comment)
	who    Standing
	want   string
}

var (
	longAgo  = judgeTime.AddDate(-1, 0, 0)
	friend   = Standing{Shown: true, Interacted: true, Born: longAgo, Met: longAgo}
	newcomer = Standing{Born: judgeTime.Add(-time.Hour), Met: judgeTime.Add(-time.Minute)}
)

var openly = []judgement{
	{"a stranger's plain first reply", nil, newcomer, "visible"},
	{"nobody knows the account", nil, Standing{}, "visible"},
	{"private is not judged", func(k *court, c *Comment) { c.Visibility = Direct; k.site.Comments.Policy = CommentsClosed }, newcomer, "visible"},
	{"by an author", func(k *court, c *Comment) {
		c.Local = true
		c.Actor.Kind = BlogActor
		k.site.Comments.Policy = CommentsClosed
	}, newcomer, "visible"},
}

var byPolicy = []judgement{
	{"first waits", policyIs(CommentsFirstWait), newcomer, "waiting first"},
	{"not the first", policyIs(CommentsFirstWait), friend, "visible"},
	{"followers only", policyIs(CommentsFollowers), friend, "waiting no-follower"},
	{"a follower", policyIs(CommentsFollowers), Standing{Follower: true}, "visible"},
	{"approved only", policyIs(CommentsApproved), Standing{Follower: true, Shown: true}, "waiting not-approved"},
	{"on the list", func(k *court, c *Comment) {
		k.site.Comments.Policy = CommentsApproved
		k.blocks = []Block{{Kind: BlockActor, Value: c.Actor.URI, Severity: SeverityAllow}}
	}, newcomer, "visible"},
	{"the server on the list is not the person", func(k *court, _ *Comment) {
		k.site.Comments.Policy = CommentsApproved
		k.blocks = []Block{{Kind: BlockDomain, Value: "far.example", Severity: SeverityAllow}}
	}, newcomer, "waiting not-approved"},
	{"closed", policyIs(CommentsClosed), friend, "hidden closed"},
	{"closed for those on the list too", func(k *court, c *Comment) {
		k.site.Comments.Policy = CommentsClosed
		k.blocks = []Block{{Kind: BlockActor, Value: c.Actor.URI, Severity: SeverityAllow}}
	}, friend, "hidden closed"},
	{"a mention elsewhere has no policy", func(k *court, c *Comment) {
		c.Mention, c.ArticleID = true, uuid.Nil
		k.site.Comments.Policy = CommentsClosed
	}, newcomer, "visible"},
	{"the article's own policy", func(k *court, c *Comment) {
		k.articles = map[uuid.UUID]Article{c.ArticleID: {CommentPolicy: CommentsFirstWait, Published: longAgo}}
	}, newcomer, "waiting first"},
	{"an open article in a closed blog", func(k *court, c *Comment) {
		k.site.Comments.Policy = CommentsClosed
		k.articles = map[uuid.UUID]Article{c.ArticleID: {CommentPolicy: CommentsOpen, Published: longAgo}}
	}, newcomer, "visible"},
	{"its time is over", func(k *court, c *Comment) {
		k.articles = map[uuid.UUID]Article{c.ArticleID: {CloseDays: new(5), Published: judgeTime.AddDate(0, 0, -6)}}
	}, friend, "hidden closed"},
	{"its time is not over", func(k *court, c *Comment) {
		k.articles = map[uuid.UUID]Article{c.ArticleID: {CloseDays: new(5), Published: judgeTime.AddDate(0, 0, -4)}}
	}, friend, "visible"},
}

var byRule = []judgement{
	{"silenced person", blocked(BlockActor, "https://far.example/users/ana", SeveritySilence), friend, "hidden silenced:https://far.example/users/ana"},
	{"silenced server, below it", func(k *court, c *Comment) {
		c.Actor.URI = "https://x.far.example:8443/users/ana"
		k.blocks = []Block{{Kind: BlockDomain, Value: "far.example", Severity: SeveritySilence}}
	}, friend, "hidden silenced:far.example"},
	{"a word to be blocked", blocked(BlockWord, "casino", SeverityBlock), friend, "hidden word:casino"},
	{"a word to be looked at", blocked(BlockWord, "casino", SeveritySilence), friend, "waiting word:casino"},
	{"a pattern", blocked(BlockRegex, `(?i)c[a4]s[i1]no`, SeverityBlock), friend, `hidden regex:(?i)c[a4]s[i1]no`},
	{"the hardest of two", func(k *court, c *Comment) {
		c.Text = "casino viagra"
		k.blocks = []Block{
			{Kind: BlockWord, Value: "viagra", Severity: SeveritySilence}, {Kind: BlockWord, Value: "casino", Severity: SeverityBlock},
		}
	}, friend, "hidden word:viagra word:casino"},
}

var bySpamRule = []judgement{
	{"two links", linked(2), newcomer, "visible"},
	{"three links of a stranger", linked(3), newcomer, "waiting links:3 first-contact account-age:1 server-age:0"},
	{"three links of an old hand", linked(3), friend, "visible"},
	{"three links of a follower", linked(3), Standing{Follower: true}, "visible"},
	{"seven links", linked(7), newcomer, "spam links:7 first-contact account-age:1 server-age:0"},
	{"the rule is off", func(k *court, c *Comment) { linked(7)(k, c); k.site.Spam.Links.On = false }, newcomer, "visible"},
	{"another threshold", func(k *court, c *Comment) { linked(3)(k, c); k.site.Spam.Links.Limit = 3 }, newcomer, "visible"},
	{"the defence is off", func(k *court, c *Comment) { linked(7)(k, c); k.site.Spam.Wait, k.site.Spam.Spam = 0, 0 }, newcomer, "visible"},
	{"an allowed server", func(k *court, c *Comment) {
		linked(7)(k, c)
		k.blocks = []Block{{Kind: BlockDomain, Value: "far.example", Severity: SeverityAllow}}
	}, newcomer, "visible"},
	{"many people named", func(_ *court, c *Comment) {
		for i := range 6 {
			c.Mentions = append(c.Mentions, Mention{ActorURI: fmt.Sprintf("https://m.example/%d", i)})
		}
	}, Standing{Interacted: true}, "waiting mentions:6"},
	{"the same text from three, off by default", sameText(3), newcomer, "visible"},
	{"the same text from three", func(k *court, c *Comment) { sameText(3)(k, c); k.site.Spam.SameText.On = true }, Standing{Interacted: true}, "waiting same-text:3"},
	{"the same text from two", func(k *court, c *Comment) { sameText(2)(k, c); k.site.Spam.SameText.On = true }, newcomer, "visible"},
}

var ofVisitors = []judgement{
	{"a visitor's first", visits, Standing{}, "waiting web"},
	{"a visitor's second", visits, Standing{Approved: true}, "visible"},
	{"visitors need not wait", func(k *court, c *Comment) { visits(k, c); k.site.Comments.WebHold = false }, Standing{}, "visible"},
	{"no visitors", func(k *court, c *Comment) { visits(k, c); k.site.Comments.Web = false }, Standing{Approved: true}, "hidden web-off"},
}

func TestJudge(t *testing.T) {
	t.Parallel()
	for _, tt := range slices.Concat(openly, byPolicy, byRule, bySpamRule, ofVisitors) {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := said("Visit our casino today, it is the best")
			k := court{site: DefaultSite("https://blog.example", "blog.example"), now: judgeTime, standings: map[uuid.UUID]Standing{c.Actor.ID: tt.who}}
			if tt.change != nil {
				tt.change(&k, &c)
			}
			k.patterns = new(patterns).of(k.blocks)
			if !k.site.Spam.SameText.On {
				k.writers = nil // nobody asks for them
			}
			if diff := cmp.Diff(tt.want, ruled(k.judge(c))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func policyIs(p CommentPolicy) func(*court, *Comment) {
	return func(k *court, _ *Comment) { k.site.Comments.Policy = p }
}

func blocked(kind, value string, severity Severity) func(*court, *Comment) {
	return func(k *court, _ *Comment) { k.blocks = []Block{{Kind: kind, Value: value, Severity: severity}} }
}

func linked(n int) func(*court, *Comment) {
	return func(_ *court, c *Comment) { c.HTML = markup.SafeFromStore(links(n)) }
}

func sameText(n int) func(*court, *Comment) {
	return func(k *court, c *Comment) {
		k.writers = map[string]map[uuid.UUID]bool{sameKey(c.Text): {}}
		for i := range n {
			k.writers[sameKey(c.Text)][uuid.UUID{byte(i + 1)}] = true
		}
	}
}

func visits(_ *court, c *Comment) {
	c.Local, c.Actor = true, Actor{ID: c.Actor.ID, Kind: VisitorActor}
}

func TestCountLinks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, html string
		mentions   []Mention
		want       [2]int // links, people
	}{
		{"none", "<p>Hello</p>", nil, [2]int{0, 0}},
		{"one twice", `<a href="https://a.example/1">a</a> <a href="https://a.example/1">b</a>`, nil, [2]int{1, 0}},
		{"to the blog", `<a href="https://blog.example/kopi">the article</a>`, nil, [2]int{0, 0}},
		{"hashtag of its server", `<a href="https://far.example/tags/kopi" class="mention hashtag">#<span>kopi</span></a>`, nil, [2]int{0, 0}},
		{"what only looks like a hashtag", `<a href="https://shop.example/" class="mention hashtag">#kopi</a>`, nil, [2]int{1, 0}},
		{
			"somebody named", `<a href="https://m.example/@budi" class="u-url mention">@<span>budi</span></a>`,
			[]Mention{{ActorURI: "https://m.example/users/budi", URL: "https://m.example/@budi"}},
			[2]int{0, 1},
		},
		{"the blog named", "", []Mention{{ActorURI: "https://blog.example/ap/actors/1"}}, [2]int{0, 0}},
		{"what only looks like somebody", `<a href="https://shop.example/" class="mention">@sale</a>`, nil, [2]int{0, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := said("")
			c.HTML, c.Mentions = markup.SafeFromStore(tt.html), tt.mentions
			links, people := countLinks(c, "https://blog.example")
			if diff := cmp.Diff(tt.want, [2]int{links, people}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
