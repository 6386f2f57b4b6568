package blog

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadBlocklist(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{
			"Mastodon's", "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n" +
				"bad.example,suspend,true,true,\"spam, and worse\",false\nloud.example,silence,false,false,,false\nok.example,noop,true,false,,false\n",
			"2 bad.example block spam, and worse; 3 loud.example silence ; skipped 4",
		},
		{"without #", "domain,severity\nbad.example,suspend\n", "2 bad.example block "},
		{"other order", "severity,domain\r\nsilence,loud.example\r\n", "2 loud.example silence "},
		{"one column", "bad.example\n\nworse.example\n", "1 bad.example block ; 3 worse.example block "},
		{"mark at the start", "\ufeff#domain\nbad.example\n", "2 bad.example block "},
		{
			"normal form", "BAD.Example.\nhttps://worse.example/\nbücher.example\n",
			"1 bad.example block ; 2 worse.example block ; 3 xn--bcher-kva.example block ",
		},
		{
			"bad rows", "#domain,#severity\nbad.example,suspend\nno domain,suspend\nx.example,explode\n*.hid.example,suspend\nbad.example,silence\nhttps://a.example/@u,suspend\nlocalhost,suspend\ngood.example,silence\n",
			"2 bad.example block ; 9 good.example silence ; bad 3 block; bad 4 severity; bad 5 obfuscated; bad 6 twice; bad 7 block; bad 8 domain",
		},
		{"a quote that never ends", "a.example\n\"b.example\nc.example\n", "1 a.example block ; bad 2 csv"},
		{"a quote inside", "a.example\nb\"ad.example\nc.example\n", "1 a.example block ; 3 c.example block ; bad 2 csv"},
		{"nothing", "", ""},
		{"remarks", "# made by hand\nbad.example\n", "2 bad.example block "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			list, err := ReadBlocklist(strings.NewReader(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range list.Rows {
				got = append(got, fmt.Sprint(r.Line, " ", r.Value, " ", r.Severity, " ", r.Comment))
			}
			for _, p := range list.Problems {
				got = append(got, fmt.Sprint("bad ", p.Line, " ", p.Reason))
			}
			for _, p := range list.Skipped {
				got = append(got, fmt.Sprint("skipped ", p.Line))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadBlocklistRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"no text", "a.example\n\xff\xfe", "not-text"},
		{"huge", strings.Repeat("a", maxBlocklist+1), "too-long"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ReadBlocklist(strings.NewReader(tt.in))
			if diff := cmp.Diff(tt.want, problemOf(err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
