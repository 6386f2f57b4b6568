package inbox

import (
	"strings"
	"testing"
)

// What is announced is a hint only: neither a lie nor silence changes what is
// read.
func TestReadAll(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("kabar ", 20_000)
	tests := []struct {
		name, body string
		announced  int64
	}{
		{"right", "kabar", 5},
		{"not at all", "kabar", -1},
		{"too little", long, 1},
		{"too much", "kabar", 1 << 40},
		{"long", long, int64(len(long))},
		{"nothing", "", 0},
	}
	for _, tt := range tests {
		raw, err := readAll(strings.NewReader(tt.body), tt.announced)
		if err != nil || string(raw) != tt.body {
			t.Errorf("%s: %d bytes, %v; want %d", tt.name, len(raw), err, len(tt.body))
		}
		if room := cap(raw); room > 4*len(tt.body)+2*maxRoom {
			t.Errorf("%s: room for %d bytes", tt.name, room)
		}
	}
}
