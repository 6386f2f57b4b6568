package main_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"

	"kabar/internal/pgtest"
)

// TestVersion says the same to who asks on the command line, to other servers
// and in the log.
func TestVersion(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	said := ask[struct{ Version, Commit, Go, Platform string }](h, "version")
	if said.Version == "" || strings.HasPrefix(said.Version, "v") || said.Go != runtime.Version() || said.Platform != runtime.GOOS+"/"+runtime.GOARCH {
		t.Errorf("version --json: %+v", said)
	}
	if line := h.command("version").Out; !strings.HasPrefix(line, "kabar "+said.Version) || strings.Count(line, "\n") != 1 {
		t.Errorf("version: %q", line)
	}
	if line := h.serve().await("msg=ready"); !strings.Contains(line, " version="+said.Version+" ") {
		t.Errorf("the log says %q", line)
	}
	var info struct{ Software struct{ Version string } }
	must(t, json.Unmarshal([]byte(get(t, h.url+"/nodeinfo/2.1").Body), &info))
	if info.Software.Version != said.Version {
		t.Errorf("NodeInfo says %q, the program %q", info.Software.Version, said.Version)
	}
}
