package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
)

// released is the version of a build from sources without their history, set
// by -ldflags "-X main.released=v1.2.3"; others read it from their own build.
var released string

// build is what a program says of itself. Times are RFC 3339.
type build struct {
	Version  string `json:"version"` // 1.2.3, or 0.0.0-TIME-COMMIT between releases
	Commit   string `json:"commit,omitempty"`
	Time     string `json:"time,omitempty"` // of the commit
	Changed  bool   `json:"changed"`        // from sources that are in no commit
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// version names the program to other servers, in logs and in archives.
func version() string { return thisBuild().Version }

var thisBuild = sync.OnceValue(func() build {
	b := build{Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	var module string
	if info, ok := debug.ReadBuildInfo(); ok {
		module = strings.TrimSuffix(info.Main.Version, "(devel)")
		for _, s := range info.Settings {
			b.set(s)
		}
	}
	b.Version = cmp.Or(strings.TrimPrefix(cmp.Or(released, module), "v"), "devel")
	return b
})

func (b *build) set(s debug.BuildSetting) {
	switch s.Key {
	case "vcs.revision":
		b.Commit = s.Value
	case "vcs.time":
		b.Time = s.Value
	case "vcs.modified":
		b.Changed = s.Value == "true"
	}
}

type versionCommand struct{}

func (versionCommand) run(_ context.Context, env environment) error {
	b := thisBuild()
	text := "kabar " + b.Version
	if b.Commit != "" {
		text += fmt.Sprintf(" (commit %.12s of %s)", b.Commit, b.Time)
	}
	return env.object(b, text+", "+b.Go+", "+b.Platform)
}
