package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// victim is a browser that looks at hostile pages, and what it noticed.
type victim struct {
	ctx    context.Context
	origin string

	mu      sync.Mutex
	noticed []string
}

func newVictim(t *testing.T, origin string) *victim {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no Chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", "en"),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	v := &victim{ctx: ctx, origin: origin}
	check(t, chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	check(t, chromedp.Listen(ctx, v.notice))
	return v
}

// notice keeps whatever an attack would make the browser do.
func (v *victim) notice(event any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, v.origin+"/") && !strings.HasPrefix(u, "data:image/") {
			v.noticed = append(v.noticed, "asked for "+u)
		}
	case *page.EventJavascriptDialogOpening:
		v.noticed = append(v.noticed, "a dialog: "+e.Message)
	case *page.EventWindowOpen:
		v.noticed = append(v.noticed, "a window: "+e.URL)
	case *cdpruntime.EventExceptionThrown:
		v.noticed = append(v.noticed, "an exception: "+e.ExceptionDetails.Text)
	case *cdpruntime.EventConsoleAPICalled:
		v.noticed = append(v.noticed, fmt.Sprint("the console: ", e.Type))
	}
}

// sight is a page as the browser has it.
type sight struct {
	Pwned    bool
	At       string // the path: nothing led away
	Overflow int    // pixels that the page is wider than the window
	Wide     string // the first element that is
	Covered  int    // comments that reach out of their place to the side or over the next
	H1       int
}

// sightScript opens everything that folds and measures.
const sightScript = `(async () => {
	document.querySelectorAll('details').forEach(d => d.open = true)
	await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))
	const width = document.documentElement.clientWidth
	const clipped = e => { for (; e; e = e.parentElement) { if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(e).overflowX)) return true } return false }
	const wide = [...document.body.querySelectorAll('*')].find(e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.right > width + 1 && !clipped(e.parentElement) })
	const covered = [...document.querySelectorAll('.comment .e-content, .comment header')].filter(e => {
		const r = e.getBoundingClientRect()
		return r.width > 0 && (r.left < 0 || ['fixed', 'absolute', 'sticky'].includes(getComputedStyle(e).position))
	})
	return {
		Pwned: 'pwned' in window, At: location.pathname, Overflow: Math.max(0, document.documentElement.scrollWidth - width),
		Wide: wide ? wide.outerHTML.slice(0, 200) : '', Covered: covered.length, H1: document.querySelectorAll('h1').length,
	}
})()`

// TestAttackBrowser shows the hostile pages to a real browser on a phone.
func TestAttackBrowser(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	f.hostile()
	f.deliver()
	v := newVictim(t, f.origin)
	check(t, chromedp.Do(v.ctx, chromedp.Navigate(f.origin+"/livez")))
	_, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](fmt.Sprintf("document.cookie = '%s; path=/'", f.owner())))
	check(t, err)
	for _, width := range []int64{390, 1280} {
		check(t, chromedp.Do(v.ctx, chromedp.EmulateViewport(width, 900)))
		for _, path := range guarded {
			if strings.HasSuffix(path, ".atom") {
				continue
			}
			at, _, _ := strings.Cut(path, "?")
			check(t, chromedp.Do(v.ctx, chromedp.Navigate(f.origin+path)))
			got, err := chromedp.Run(v.ctx, chromedp.Evaluate[sight](sightScript, chromedp.EvalAwaitPromise))
			check(t, err)
			if diff := cmp.Diff(sight{At: at, H1: 1}, got); diff != "" {
				t.Errorf("%s, %d pixels wide (-want +got):\n%s", path, width, diff)
			}
			v.photograph(t, fmt.Sprint(width, strings.ReplaceAll(path, "/", "_")))
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.noticed) > 0 {
		t.Errorf("the browser %q", v.noticed)
	}
}

// photograph keeps pictures where KABAR_ATTACK_PICTURES names a folder.
func (v *victim) photograph(t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("KABAR_ATTACK_PICTURES")
	if folder == "" {
		return
	}
	shot, err := chromedp.Run(v.ctx, chromedp.CaptureScreenshot())
	check(t, err)
	check(t, os.WriteFile(filepath.Join(folder, name+".png"), shot, 0o644))
}
