package main_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
)

// TestModeration decides, takes back, reports and blocks from the command line,
// beside a running server, with people on other servers.
func TestModeration(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	h.serve()
	article := h.publish("Kabar", "Isi.")
	c := newCrowd(t, h)
	mika, other := c.people[0], c.people[1]
	first, err := mika.Reply(t.Context(), article.ID, "Halo.")
	must(t, err)
	_, err = other.Reply(t.Context(), article.ID, "Pagi.")
	must(t, err)
	shown := func(what string, n int) {
		t.Helper()
		eventually(t, what, func() bool { return h.document(article.URL).Find(".u-comment").Length() == n })
	}
	shown("both answers are on the page", 2)

	type decision struct {
		Batch    string
		Comments []string
	}
	for _, do := range []string{"hide", "spam", "wait", "delete"} {
		made := ask[decision](h, "comment", do, first.ObjectID)
		shown(do, 1)
		if diff := cmp.Diff([]string{first.ObjectID}, made.Comments); diff != "" {
			t.Error(diff)
		}
		ask[decision](h, "comment", "undo", made.Batch)
		shown("undo of "+do, 2)
	}
	type event struct{ Was, State, Undoes string }
	if n := len(ask[[]event](h, "comment", "history", first.ObjectID)); n != 8 {
		t.Errorf("%d events, want 8", n)
	}
	all := ask[decision](h, "comment", "hide", "--actor", mika.ID())
	shown("hidden by person", 1)
	ask[decision](h, "comment", "undo", all.Batch)
	shown("undone", 2)

	checkReports(t, h, mika, other, first)
	checkBlocks(t, h, other, shown)
	type entry struct{ Action string }
	actions := map[string]bool{}
	for _, e := range ask[[]entry](h, "audit", "list") {
		actions[e.Action] = true
	}
	for _, want := range []string{"comment.hidden", "comment.spam", "comment.waiting", "comment.deleted", "comment.undo", "report.send", "report.resolved", "block.add", "block.remove", "block.import"} {
		if !actions[want] {
			t.Errorf("the audit log has no %s", want)
		}
	}
}

// checkReports sends a Flag and takes one.
func checkReports(t *testing.T, h *house, mika, other *aptest.Person, about *aptest.Sent) {
	t.Helper()
	ask[struct{ ID string }](h, "report", "send", about.ObjectID, "--text", "Tidak sopan.")
	got, err := mika.Server().Wait(t.Context(), aptest.Type("Flag"))
	must(t, err)
	var flag struct {
		Actor, Content string
		Object         []string
		To             any
	}
	must(t, json.Unmarshal(got.Body, &flag))
	if diff := cmp.Diff([]any{true, "Tidak sopan.", []string{mika.ID(), about.ObjectID}, nil},
		[]any{strings.HasSuffix(flag.Actor, "/ap/actor"), flag.Content, flag.Object, flag.To}); diff != "" {
		t.Errorf("flag (-want +got):\n%s", diff)
	}

	type report struct {
		ID, State, Content string
		Outgoing           bool
		Objects            []string
	}
	us, err := other.Server().Resolve(t.Context(), "blog@"+h.host)
	must(t, err)
	_, err = other.Flag(t.Context(), us, "Spam!", about.ObjectID)
	must(t, err)
	var theirs report
	eventually(t, "the report is there", func() bool {
		for _, r := range ask[[]report](h, "report", "list", "--state", "open") {
			if !r.Outgoing {
				theirs = r
			}
		}
		return theirs.ID != ""
	})
	ask[report](h, "report", "resolve", theirs.ID)
	if open := ask[[]report](h, "report", "list", "--state", "open"); len(open) != 1 || !open[0].Outgoing {
		t.Errorf("open reports: %+v", open)
	}
}

// checkBlocks refuses a server, and takes lists.
func checkBlocks(t *testing.T, h *house, other *aptest.Person, shown func(string, int)) {
	t.Helper()
	host := strings.TrimPrefix(strings.TrimPrefix(other.Server().URL(), "http://"), "https://")
	type block struct {
		Value, Severity string
		HiddenBatch     string `json:"hidden_batch"`
	}
	made := ask[block](h, "block", "add", host, "--hide-past")
	shown("the blocked server's answers are hidden", 1)
	ask[map[string]any](h, "comment", "undo", made.HiddenBatch)
	ask[map[string]any](h, "block", "remove", host)
	shown("and back", 2)

	wrong := h.command("block", "add", "(", "--kind", "regex")
	if wrong.Code != 1 || !strings.Contains(wrong.Err, "missing closing )") {
		t.Errorf("a wrong pattern: %+v", wrong)
	}
	list := "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n" +
		"bad.example,suspend,true,true,spam,false\nloud.example,silence,false,false,,false\n"
	file := h.file("list.csv", list+"no domain,suspend,,,,\n")
	type result struct {
		Taken    []struct{ Domain string }
		Problems []struct{ Line int }
	}
	for _, args := range [][]string{{"block", "import", file, "--preview"}, {"block", "import", file}} {
		got := ask[result](h, args...)
		if len(got.Taken) != 2 || len(got.Problems) != 1 || got.Problems[0].Line != 4 {
			t.Errorf("%v: %+v", args, got)
		}
	}
	if diff := cmp.Diff(list, h.command("block", "export").Out); diff != "" {
		t.Errorf("export (-want +got):\n%s", diff)
	}
}
