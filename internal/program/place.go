package program

import (
	"net"
	"os"
	"testing"
)

// Folder is one that every user may enter, with a path short enough for a
// socket. It goes with the test.
func Folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "kabar-test-")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	})
	return dir
}

// FreePort is an address of this machine where nobody listens.
func FreePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
