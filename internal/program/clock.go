package program

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"
)

// Clock is the machine's clock as a program that PathJumping built sees it. It
// can be set while that runs; timers are not concerned, as in a machine whose
// clock is set.
type Clock struct{ file *os.File }

// clockVariable names the file that holds by how many seconds the clock is off.
const clockVariable = "TEST_CLOCK"

// NewClock makes a clock that is right, in a folder.
func NewClock(dir string) (*Clock, error) {
	file, err := os.Create(filepath.Join(dir, "clock"))
	if err != nil {
		return nil, err
	}
	c := &Clock{file}
	return c, c.Set(0)
}

// Set lets the clock be off by so much, in whole seconds.
func (c *Clock) Set(off time.Duration) error {
	seconds := binary.NativeEndian.AppendUint64(nil, uint64(off/time.Second)) //nolint:gosec // two's complement is meant
	_, err := c.file.WriteAt(seconds, 0)
	return err
}

// Setting is for the program's environment.
func (c *Clock) Setting() string { return clockVariable + "=" + c.file.Name() }

// Close gives the file back; the clock stays as it is.
func (c *Clock) Close() error { return c.file.Close() }

// jump is added to package time of the standard library.
const jump = `package time

import (
	"sync/atomic"
	"syscall"
	"unsafe"
)

var off *int64

func init() {
	path, _ := syscall.Getenv("` + clockVariable + `")
	file, err := syscall.Open(path, syscall.O_RDONLY, 0)
	if err != nil {
		return
	}
	if page, err := syscall.Mmap(file, 0, 8, syscall.PROT_READ, syscall.MAP_SHARED); err == nil {
		off = (*int64)(unsafe.Pointer(&page[0]))
	}
}

func jumped() int64 {
	if off == nil {
		return 0
	}
	return atomic.LoadInt64(off)
}
`

// PathJumping is the program built with a standard library whose time.Now asks
// a Clock: nothing of the program itself is another.
var PathJumping = sync.OnceValues(func() (string, error) {
	usual, err := Path()
	if err != nil {
		return "", err
	}
	overlay, err := overlayTime(filepath.Dir(usual))
	if err != nil {
		return "", fmt.Errorf("build with a clock: %w", err)
	}
	path := usual + "-jumping"
	build := exec.Command("go", "build", "-tags", "nodynamic", "-overlay", overlay, "-o", path, "kabar/cmd/kabar")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build with a clock: %w: %s", err, out)
	}
	return path, nil
})

// overlayTime writes what replaces files of package time (go help build, -overlay).
func overlayTime(dir string) (string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(string(bytes.TrimSpace(root)), "src", "time")
	text, err := os.ReadFile(filepath.Join(folder, "time.go"))
	if err != nil {
		return "", err
	}
	const before = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	changed := bytes.Replace(text, []byte(before), []byte(before+"\tsec += jumped()\n"), 1)
	if bytes.Equal(changed, text) {
		return "", errors.New("time.Now of this Go is not known")
	}
	files := map[string]string{}
	for name, text := range map[string][]byte{"time.go": changed, "jump_linux.go": []byte(jump)} {
		files[filepath.Join(folder, name)] = filepath.Join(dir, name)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": files})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}
