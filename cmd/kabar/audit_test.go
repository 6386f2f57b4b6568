package main_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"kabar/internal/pgtest"
)

// TestAuditVerify finds out about entries that were changed and about an end
// that was cut off, and refuses a hash that is none.
func TestAuditVerify(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+url)
	for _, title := range []string{"Satu", "Dua", "Tiga"} {
		if done := h.command("settings", "set", "title="+title); done.Code != 0 {
			t.Fatal(done.Err)
		}
	}
	type chain struct {
		Entries, Known int
		Head           string
	}
	noted := ask[chain](h, "audit", "verify")
	if diff := cmp.Diff(chain{Entries: 3, Known: 3, Head: noted.Head}, ask[chain](h, "audit", "verify", "--known", strings.ToUpper(noted.Head))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	db, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close(t.Context())) })
	tamper := func(statement string) {
		_, err := db.Exec(t.Context(), "alter table audit disable trigger audit_append_only; "+statement)
		must(t, err)
	}
	check := func(what string, code int, says string, args ...string) {
		t.Helper()
		got := h.command(append([]string{"audit", "verify"}, args...)...)
		if got.Code != code || !strings.Contains(got.Out+got.Err, says) {
			t.Errorf("%s: %d, %s%s", what, got.Code, got.Out, got.Err)
		}
	}
	check("as it is", 0, "3 entries, none changed. Note the last one's hash elsewhere, for --known:\n"+noted.Head)
	check("no hash", 2, "it has 64 digits", "--known", "abcd")
	check("no digits", 2, "it has 64 digits", "--known", strings.Repeat("x", 64))
	check("another hash", 1, "cut off or written anew", "--known", strings.Repeat("0", 64))
	tamper(`delete from audit where number = 3`)
	check("cut off", 0, "2 entries")
	check("cut off, and the end was noted", 1, "cut off or written anew", "--known", noted.Head)
	tamper(`update audit set action = 'nothing' where number = 1`)
	check("changed", 1, "entry 1 does not fit")
}
