package main_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"kabar/internal/program"
)

// TestDemo shows the demo to a real browser, then ends it as Ctrl-C does.
func TestDemo(t *testing.T) {
	t.Parallel()
	tmp := program.Folder(t)
	listen := program.FreePort(t)
	p := start(t, []string{"KABAR_LISTEN=" + listen, "TMPDIR=" + tmp}, nil, "demo")
	_, address, _ := strings.Cut(p.await("The article:"), "The article:")
	p.await("Ctrl-C ends it")
	if strings.Contains(p.Output(), "✗") || strings.Count(p.Output(), "✓") < 35 {
		t.Fatal("a step did not hold")
	}
	t.Run("browser", func(t *testing.T) { look(t, strings.TrimSpace(address)) })

	p.signal(syscall.SIGINT)
	if code := p.wait(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
	left, err := os.ReadDir(tmp)
	must(t, err)
	if len(left) > 0 {
		t.Errorf("it left %v behind", left)
	}
}

// TestDemoExit lets the demo end by itself, on another port than the one that
// is taken.
func TestDemoExit(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	p := start(t, []string{"KABAR_LISTEN=" + taken.Addr().String(), "KABAR_DEMO_EXIT=1"}, nil, "demo")
	p.await(taken.Addr().String() + " is taken; the demo uses 127.0.0.1:")
	if code := p.wait(); code != 0 {
		t.Errorf("it ended with %d", code)
	}
}

// seen is what a reader has before their eyes.
type seen struct {
	Title     string
	Responses int    // visible
	Heading   string // above the responses
	Level     int    // of the deepest response
	Warning   bool   // the text behind the content warning is hidden
	Wide      bool   // something sticks out at the side
	Broken    int    // pictures that did not load
}

const lookAround = `(async () => {
	await Promise.all([...document.images].map(i => { i.loading = 'eager'; return i.decode().catch(() => {}) }));
	const depth = e => { let n = 0; for (; e; e = e.parentElement.closest('.u-comment')) n++; return n };
	const all = [...document.querySelectorAll('.u-comment')];
	return {
		Title: document.querySelector('h1.p-name').innerText,
		Responses: all.filter(e => e.getBoundingClientRect().height > 0).length,
		Heading: document.querySelector('.responses h2').innerText,
		Level: Math.max(...all.map(depth)),
		Warning: document.querySelector('details.warning .e-content').getBoundingClientRect().height === 0 ||
			!document.querySelector('details.warning').open,
		Wide: document.documentElement.scrollWidth > innerWidth,
		Broken: [...document.images].filter(i => i.naturalWidth === 0).length,
	};
})()`

// look opens the article in a browser, on a wide and on a narrow screen.
// KABAR_SCREENSHOT names a file for a picture of it.
func look(t *testing.T, address string) {
	ctx := browser(t)
	want := seen{
		Title:     "Enam kebiasaan pemimpin yang sungguh hadir di media sosial",
		Responses: 9, Heading: "9 tanggapan", Level: 5, Warning: true,
	}
	for _, width := range []int64{1280, 380} {
		must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(address)))
		got, err := chromedp.Run(ctx, chromedp.Evaluate[seen](lookAround, chromedp.EvalAwaitPromise))
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d pixels wide: %s", width, diff)
		}
		if file := os.Getenv("KABAR_SCREENSHOT"); file != "" && width > 1000 {
			photograph(t, ctx, file)
		}
	}
}

// photograph shows the end of the article and the conversation below it.
func photograph(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	must(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 1500)))
	_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.querySelector('.article-tags').scrollIntoView({ block: 'start', behavior: 'instant' }), true`))
	must(t, err)
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	must(t, err)
	must(t, os.WriteFile(file, shot, 0o644))
}

// browser starts one that asks nobody but us, and fails the test for what its
// console complains about.
func browser(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no Chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", "id"),
		chromedp.WSURLReadTimeout(patience),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // there is something to listen to now
	must(t, chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *cdpruntime.EventExceptionThrown:
			t.Errorf("a script fails: %v", e.ExceptionDetails)
		case *cdpruntime.EventConsoleAPICalled:
			if e.Type == "error" {
				t.Errorf("the console says: %v", e.Args)
			}
		}
	}))
	return ctx
}
