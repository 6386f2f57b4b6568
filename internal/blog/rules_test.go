package blog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/federation"
	"kabar/internal/postgres"
)

// far stores somebody of another server, who follows the blog if they shall.
func far(t *testing.T, s *blog.Service, store *postgres.Store, host string, follows bool) uuid.UUID {
	t.Helper()
	uri := "https://" + host + "/users/ana"
	id, err := store.SaveRemoteActor(t.Context(), federation.RemoteActor{URI: uri, Type: "Person", Handle: "ana", Domain: host, Inbox: uri + "/inbox"})
	if err != nil {
		t.Fatal(err)
	}
	if !follows {
		return id
	}
	us, err := s.LocalActor(t.Context(), blog.BlogActor, "")
	if err != nil {
		t.Fatal(err)
	}
	accept := federation.Outgoing{Activity: federation.Activity{
		ID: s.NewID(), URI: "https://blog.example/ap/activities/" + id.String(), ActorID: us.ID, Type: "Accept", JSON: []byte("{}"), Created: s.Now(),
	}, Inboxes: []string{uri + "/inbox"}}
	follow := federation.NewFollower{Target: us.ID, Actor: id, FollowURI: uri + "#follow"}
	if err := store.AddFollower(t.Context(), follow, accept, federation.Done{At: s.Now()}); err != nil {
		t.Fatal(err)
	}
	return id
}

const list = "#domain,#severity\nbad.example,suspend\nloud.example,silence\nquiet.example,noop\nno domain,suspend\n"

func TestImportBlocklist(t *testing.T) {
	t.Parallel()
	s, store := newBlog(t)
	ctx := t.Context()
	for _, host := range []string{"bad.example", "x.bad.example:8443", "notbad.example", "loud.example"} {
		far(t, s, store, host, true)
	}
	preview, err := s.PreviewBlocklist(ctx, strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := s.FollowerCount(ctx); n != 4 {
		t.Errorf("the preview left %d followers", n)
	}
	got := fmt.Sprint(preview.Rows[0].Affected.Followers, preview.Rows[1].Affected.Followers, len(preview.Problems), len(preview.Skipped))
	if diff := cmp.Diff("2 1 1 1", got); diff != "" {
		t.Errorf("followers, problems, skipped (-want +got):\n%s", diff)
	}
	if _, err := s.ImportBlocklist(ctx, uuid.Nil, strings.NewReader(list)); err != nil {
		t.Fatal(err)
	}
	if n, _ := s.FollowerCount(ctx); n != 2 {
		t.Errorf("%d followers are left", n)
	}
	again, err := s.PreviewBlocklist(ctx, strings.NewReader(list))
	if err != nil || !again.Rows[0].Known() || !again.Rows[1].Known() {
		t.Errorf("known: %+v, %v", again.Rows, err)
	}
	var out strings.Builder
	if err := s.ExportBlocklist(ctx, &out); err != nil {
		t.Fatal(err)
	}
	back, err := blog.ReadBlocklist(strings.NewReader(out.String()))
	if err != nil || len(back.Rows) != 2 || len(back.Problems) != 0 || back.Rows[1].Severity != blog.SeveritySilence {
		t.Errorf("round trip: %+v, %v", back, err)
	}
	blocks, total, err := s.BlockList(ctx, blog.BlockQuery{Severity: blog.SeveritySilence, Limit: 1})
	if err != nil || total != 1 || blocks[0].Value != "loud.example" {
		t.Errorf("list: %d %v, %v", total, blocks, err)
	}
}

func TestAddBlockRefuses(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	tests := []struct {
		name string
		in   blog.NewBlock
		want string // field: problem
	}{
		{"nothing", blog.NewBlock{}, "block: block"},
		{"everybody", blog.NewBlock{Value: "*"}, "block: block"},
		{"kind", blog.NewBlock{Kind: "planet", Value: "mars"}, "kind: block-kind"},
		{"severity", blog.NewBlock{Value: "a.example", Severity: "explode"}, "severity: severity"},
		{"a trusted word", blog.NewBlock{Kind: blog.BlockWord, Value: "x", Severity: blog.SeverityAllow}, "severity: severity"},
		{"a person is no domain", blog.NewBlock{Kind: blog.BlockDomain, Value: "https://a.example/users/x"}, "block: block"},
		{"empty word", blog.NewBlock{Kind: blog.BlockWord, Value: " \u0301"}, "block: required"},
		{"wrong pattern", blog.NewBlock{Kind: blog.BlockRegex, Value: "["}, "block: regex"},
		{"large pattern", blog.NewBlock{Kind: blog.BlockRegex, Value: `\w{999}\w{999}`}, "block: regex-large"},
		{"no text", blog.NewBlock{Value: "a.example", Reason: "\x00"}, "block: characters"},
		{"long reason", blog.NewBlock{Value: "a.example", Reason: strings.Repeat("x", 501)}, "reason: too-long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := s.AddBlock(t.Context(), uuid.Nil, tt.in)
			var invalid *blog.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(tt.want, invalid.Field+": "+invalid.Problem); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestArticlePolicy(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	a := save(t, s, blog.Save{Input: blog.DraftInput{Title: "Satu", Markdown: "x", Policy: &blog.ArticlePolicy{Comments: blog.CommentsClosed}}, Publish: true})
	if a.CommentPolicy != blog.CommentsClosed {
		t.Errorf("published with %q", a.CommentPolicy)
	}
	five, many := 5, 1_000_000
	want := blog.ArticlePolicy{Comments: blog.CommentsFollowers, CloseDays: &five, Web: "off", Quotes: blog.QuotesAsk}
	if err := s.ChangeArticlePolicy(t.Context(), uuid.Nil, a.ID, want); err != nil {
		t.Fatal(err)
	}
	edited := save(t, s, blog.Save{ID: a.ID, Input: blog.DraftInput{Title: "Satu", Markdown: "y"}, Publish: true})
	if diff := cmp.Diff(want, edited.Policy()); diff != "" {
		t.Errorf("an edit changed the policy (-want +got):\n%s", diff)
	}
	for name, p := range map[string]blog.ArticlePolicy{
		"comments": {Comments: "some"}, "days": {CloseDays: &many}, "web": {Web: "maybe"}, "quotes": {Quotes: "some"},
	} {
		var invalid *blog.Invalid
		if err := s.ChangeArticlePolicy(t.Context(), uuid.Nil, a.ID, p); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.ChangeArticlePolicy(t.Context(), uuid.Nil, s.NewID(), want); !errors.Is(err, blog.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
}

func TestSpamSettings(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	_, err := s.ChangeSite(t.Context(), uuid.Nil, func(site *blog.Site) error {
		site.Spam.Links = blog.SpamRule{On: false, Limit: 7, Points: 2}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(t.Context())
	if err != nil || site.Spam.Links.Limit != 7 || site.Spam.Links.On || !site.Spam.Mentions.On || site.Spam.SameText.On {
		t.Errorf("%+v, %v", site.Spam, err)
	}
	var invalid *blog.Invalid
	_, err = s.ChangeSite(t.Context(), uuid.Nil, func(site *blog.Site) error { site.Spam.Mentions.Points = -1; return nil })
	if !errors.As(err, &invalid) || invalid.Field != "spam.mentions" {
		t.Errorf("got %v", err)
	}
}

func TestAuditFilters(t *testing.T) {
	t.Parallel()
	s, _ := newBlog(t)
	for _, host := range []string{"a.example", "b.example"} {
		if _, err := s.Block(t.Context(), uuid.Nil, host, ""); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Unblock(t.Context(), uuid.Nil, "a.example"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   blog.AuditQuery
		want string
	}{
		{"all", blog.AuditQuery{}, "block.remove a.example, block.add b.example, block.add a.example"},
		{"action", blog.AuditQuery{Action: "block.add"}, "block.add b.example, block.add a.example"},
		{"group", blog.AuditQuery{Action: "block"}, "block.remove a.example, block.add b.example, block.add a.example"},
		{"part of a group's name", blog.AuditQuery{Action: "blo"}, ""},
		{"subject", blog.AuditQuery{Subject: "B.EX"}, "block.add b.example"},
		{"account", blog.AuditQuery{Account: s.NewID()}, ""},
		{"command line", blog.AuditQuery{ByCommand: true, Limit: 1}, "block.remove a.example"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.in.Limit == 0 {
				tt.in.Limit = 10
			}
			entries, err := s.Audit(t.Context(), tt.in)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range entries {
				got = append(got, e.Action+" "+e.Subject)
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, ", ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
