package postgres

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// What comes at the same moment is judged and kept each for itself.
func TestAddInboundAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	check(t, s.AddBlocks(ctx, []blog.Block{
		{Kind: "actor", Value: "https://a.example/u7", Created: at(0)}, {Kind: "domain", Value: "bad.example", Created: at(0)},
	}, newID, blog.AuditEntry{ID: newID(), At: at(0), Action: "block.add"}))
	tests := []struct {
		in      federation.Inbound
		domains []string
		want    error
	}{
		{in: federation.Inbound{Actor: "https://a.example/u7", Host: "a.example"}, want: blog.ErrForbidden},
		{in: federation.Inbound{Actor: "https://a.example/u1", Signer: "https://a.example/u7"}, want: blog.ErrForbidden},
		{in: federation.Inbound{Actor: "https://x.bad.example/u"}, domains: []string{"x.bad.example", "bad.example", "example"}, want: blog.ErrForbidden},
		{in: federation.Inbound{Actor: "https://good.example/u"}, domains: []string{"good.example", "example"}},
		{in: federation.Inbound{Actor: "https://c.example/u", ObjectURI: "no\x00text"}, want: &blog.Invalid{Field: "text", Problem: "characters"}},
		{in: federation.Inbound{Actor: "https://d.example/u", Forwarded: true, ContentType: "application/ld+json"}},
	}
	const copies = 20
	var adding sync.WaitGroup
	for n := range copies {
		for i, tt := range tests {
			in := tt.in
			in.ActivityURI, in.Type, in.Raw, in.Received, in.Signed = fmt.Sprintf("%d-%d", i, n/2), "Create", []byte("{}"), at(n), at(n)
			adding.Go(func() {
				err := s.AddInbound(ctx, in, tt.domains)
				var invalid *blog.Invalid
				if !errors.Is(err, tt.want) && !(errors.As(tt.want, &invalid) && errors.As(err, &invalid)) {
					t.Errorf("%s: %v, want %v", in.ActivityURI, err, tt.want)
				}
			})
		}
	}
	adding.Wait()
	kept, err := s.InboundList(ctx, InboundQuery{Limit: 1000})
	check(t, err)
	got := map[string]int{}
	for _, k := range kept {
		got[k.Actor+" "+k.ContentType+" "+fmt.Sprint(k.Forwarded)]++
	}
	differ(t, "kept", map[string]int{
		"https://good.example/u  false": copies / 2, "https://d.example/u  true": copies / 2,
	}, got)
}

// In allow-list mode only what is listed comes in.
func TestAddInboundAllowList(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ctx := t.Context()
	check(t, s.AddBlocks(ctx, []blog.Block{{Kind: "domain", Value: "good.example", Severity: "allow", Created: at(0)}},
		newID, blog.AuditEntry{ID: newID(), At: at(0), Action: "block.add"}))
	_, err := s.pool.Exec(ctx, `insert into settings (key, value) values ('allow_list', 'true') on conflict (key) do update set value = 'true'`)
	check(t, err)
	for domain, want := range map[string]error{"good.example": nil, "other.example": blog.ErrForbidden} {
		in := federation.Inbound{ActivityURI: "https://" + domain + "/1", Actor: "https://" + domain + "/u", Type: "Like", Raw: []byte("{}"), Received: at(0)}
		if err := s.AddInbound(ctx, in, []string{domain}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", domain, err, want)
		}
	}
}
