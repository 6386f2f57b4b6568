package main

import (
	"context"
	"runtime/debug"
	"testing"
	"testing/synctest"
	"time"
)

func TestRoom(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		used uint64
		want int64
	}{
		{"nothing", 0, 128 << 20},
		{"a small blog", 30 << 20, 128 << 20},
		{"half as much again as is in use", 100 << 20, 150 << 20},
		{"many connections", 1 << 30, 3 << 29},
	}
	for _, tt := range tests {
		if got := room(tt.used); got != tt.want {
			t.Errorf("%s: room for %d is %d, want %d", tt.name, tt.used, got, tt.want)
		}
	}
}

// What is in use raises the bound, and gives it back when it is let go.
func TestKeepRoom(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	percent := debug.SetGCPercent(garbage)
	t.Cleanup(func() { debug.SetMemoryLimit(before); debug.SetGCPercent(percent) })
	boundMemory()
	held := make([]byte, 100<<20)
	bounds := map[string]int64{}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		go keepRoom(ctx)
		look := func(name string) {
			debug.FreeOSMemory() // a collection: what is live is counted anew
			time.Sleep(lookEvery)
			synctest.Wait()
			bounds[name] = debug.SetMemoryLimit(-1)
		}
		look("held")
		clear(held[:1])
		held = nil
		look("let go")
		cancel()
	})
	if got := bounds["held"]; got < 150<<20 {
		t.Errorf("with 100 MiB in use the bound is %d MiB", got>>20)
	}
	if got := bounds["let go"]; got != leastRoom {
		t.Errorf("with nothing in use the bound is %d MiB", got>>20)
	}
}
