package blog

import (
	"strings"
	"testing"
)

// FuzzReadBlocklist reads lists of others: each row is a domain that can be
// blocked, and no row is lost silently.
func FuzzReadBlocklist(f *testing.F) {
	f.Add("#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\nbad.example,suspend,TRUE,FALSE,\"a, b\",FALSE\n")
	f.Add("bad.example\n\n*.worse.example\n# a comment\nnot a domain\n")
	f.Add("\ufeffbad.example,noop\r\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadBlocklist(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, row := range list.Rows {
			if row.Kind != BlockDomain || row.Value == "" || strings.ContainsAny(row.Value, "/@ \n") || row.Severity == "" || row.Line < 1 {
				t.Errorf("row %+v", row)
			}
		}
		for _, p := range list.Problems {
			if p.Reason == "" || p.Line < 1 {
				t.Errorf("problem %+v", p)
			}
		}
	})
}
