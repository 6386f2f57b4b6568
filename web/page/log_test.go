package page

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
)

func TestLogHandler(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	log := slog.New(LogHandler{slog.NewTextHandler(&out, nil)}).With("part", "web").WithGroup("g")
	ctx := WithRequest(context.Background(), "abc12345", netip.Addr{})
	tests := []struct {
		name string
		in   context.Context
		want string
	}{
		{"of a request", ctx, "msg=x part=web g.request=abc12345"},
		{"of none", context.Background(), "msg=x part=web\n"},
	}
	for _, tt := range tests {
		out.Reset()
		log.InfoContext(tt.in, "x")
		if !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s: %s", tt.name, out.String())
		}
	}
}
