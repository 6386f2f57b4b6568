package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// minVersion is the oldest major version that Kabar's SQL runs on.
const minVersion = 15

// ErrNotInstalled says that the machine has no usable PostgreSQL.
var ErrNotInstalled = errors.New("PostgreSQL 15 or newer is not installed: " +
	"apt-get install postgresql, or name its programs' folder in KABAR_PG_BIN, or a server in KABAR_DATABASE_URL")

// installation is a folder with the programs of one major version.
type installation struct {
	dir   string
	major int
}

// binaries finds the folder for the cluster in data: of its own version when
// there is one, else the newest.
func binaries(dir, data string) (string, error) {
	found := installed(dir)
	if len(found) == 0 {
		return "", ErrNotInstalled
	}
	text, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return found[0].dir, nil
	}
	if err != nil {
		return "", err
	}
	version := strings.TrimSpace(string(text))
	for _, in := range found {
		if strconv.Itoa(in.major) == version {
			return in.dir, nil
		}
	}
	return "", &VersionError{Data: data, Version: version, Installed: found[0].major, Bin: found[0].dir}
}

// VersionError refuses a cluster of a major version that is not installed.
type VersionError struct {
	Data, Version string
	Installed     int
	Bin           string
}

func (e *VersionError) Error() string {
	return fmt.Sprintf("%s is of PostgreSQL %s, installed is %d: apt-get install postgresql-%[2]s, "+
		"or upgrade with %[4]s/pg_upgrade -b /usr/lib/postgresql/%[2]s/bin -B %[4]s -d %[1]s -D %[1]s.%[3]d",
		e.Data, e.Version, e.Installed, e.Bin)
}

// installed lists what can be used, newest first. An explicit dir, or
// KABAR_PG_BIN, is the only one looked at.
func installed(dir string) []installation {
	if dir == "" {
		dir = os.Getenv("KABAR_PG_BIN")
	}
	dirs := []string{dir}
	if dir == "" {
		dirs = usualPlaces()
	}
	var found []installation
	for _, dir := range dirs {
		if major := majorVersion(dir); major >= minVersion {
			found = append(found, installation{dir, major})
		}
	}
	slices.SortStableFunc(found, func(a, b installation) int { return b.major - a.major })
	return found
}

// usualPlaces are the folders of Debian, Fedora, Alpine and of a build from
// source, and whatever PATH leads to.
func usualPlaces() []string {
	var dirs []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*", "/usr/local/pgsql/bin",
	} {
		match, _ := filepath.Glob(pattern) // the only error is a bad pattern
		dirs = append(dirs, match...)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	return dirs
}

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// majorVersion is 0 when the folder lacks a program.
func majorVersion(dir string) int {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	match := versionLine.FindSubmatch(out)
	if err != nil || match == nil {
		return 0
	}
	major, _ := strconv.Atoi(string(match[1])) // the pattern has digits only
	return major
}
