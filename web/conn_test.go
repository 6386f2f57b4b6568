package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whatever an answer is like, and however the requests come, each gets the
// whole of its own.
func TestJoined(t *testing.T) {
	t.Parallel()
	sizes := map[string]int{"/none": 0, "/small": 100, "/full": 4096, "/page": 7_000, "/large": 300_000}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.RawQuery, "apart") {
			join(r)
		}
		body := strings.Repeat("k", sizes[r.URL.Path])
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		if r.Method != http.MethodHead {
			_, _ = io.WriteString(w, body)
		}
	}))
	server.Listener = Listen(server.Listener)
	server.Config.ConnContext, server.Config.ConnState = withConn, answered
	server.Start()
	defer server.Close()

	tests := []struct {
		name, request string
		bodies        []int
	}{
		{"nothing", "GET /none HTTP/1.1\r\nHost: x\r\n\r\n", []int{0}},
		{"small", "GET /small HTTP/1.1\r\nHost: x\r\n\r\n", []int{100}},
		{"the buffer of net/http", "GET /full HTTP/1.1\r\nHost: x\r\n\r\n", []int{4096}},
		{"page", "GET /page HTTP/1.1\r\nHost: x\r\n\r\n", []int{7_000}},
		{"large", "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", []int{300_000}},
		{"closes", "GET /page HTTP/1.0\r\n\r\n", []int{7_000}},
		{"closes, small", "GET /small HTTP/1.0\r\n\r\n", []int{100}},
		{
			"one behind the other",
			"GET /page HTTP/1.1\r\nHost: x\r\n\r\nGET /small HTTP/1.1\r\nHost: x\r\n\r\nGET /large?apart HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\n",
			[]int{7_000, 100, 300_000, 0},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, tt.request); err != nil {
				t.Fatal(err)
			}
			answers := bufio.NewReader(c)
			for i, size := range tt.bodies {
				res, err := http.ReadResponse(answers, nil)
				if err != nil {
					t.Fatalf("answer %d: %v", i, err)
				}
				body, err := io.ReadAll(res.Body)
				if err != nil || len(body) != size || strings.Trim(string(body), "k") != "" {
					t.Errorf("answer %d: %d bytes, want %d (%v)", i, len(body), size, err)
				}
			}
		})
	}
}
