// Package program runs the real program in tests: it is built once for a test
// binary, as make build does, then started, listened to and killed.
package program

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"sync"
	"testing"
)

// folder is where the program was built, for Main to remove.
var folder string

// Path is the built program. It watches for data races if the test binary does.
var Path = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kabar-program-")
	if err != nil {
		return "", err
	}
	folder = dir
	path := filepath.Join(dir, "kabar")
	args := []string{"build", "-tags", "nodynamic", "-trimpath", "-o", path}
	cgo := "CGO_ENABLED=0"
	if watchesRaces() {
		args, cgo = append(args, "-race"), "CGO_ENABLED=1"
	}
	build := exec.Command("go", append(args, "kabar/cmd/kabar")...)
	build.Env = append(os.Environ(), cgo)
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return path, os.Chmod(dir, 0o755) // other users run it too
})

// Main runs the tests of a package that uses Path, and removes what was built.
func Main(m *testing.M) {
	os.Exit(max(m.Run(), Remove()))
}

// Remove removes what was built, for a TestMain that does more. It returns the
// status to exit with.
func Remove() int {
	if folder == "" {
		return 0
	}
	if err := os.RemoveAll(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func watchesRaces() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, s := range info.Settings {
		if s.Key == "-race" && s.Value == "true" {
			return true
		}
	}
	return false
}

// errKilled is that of a process that did not end by itself in time.
var errKilled = errors.New("it did not end and was killed")
