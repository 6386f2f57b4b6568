package main_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"kabar/internal/pgtest"
)

// security is what account security prints.
type security struct {
	App           bool
	Passkeys      []struct{ Name string }
	RecoveryCodes int `json:"recovery_codes"`
	Sessions      []struct{ Method string }
}

const rumah = "rumah kayu di tepi sungai"

// TestPasskeyInBrowser adds a passkey with a real browser, signs in with it,
// and finds the way back in from the command line once it is lost.
func TestPasskeyInBrowser(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	origin := strings.Replace(h.url, "127.0.0.1", "localhost", 1) // browsers know no passkeys for numbers
	h.env = append(h.env, "KABAR_URL="+origin)
	if got := h.command("account", "create", "ratri", "--role", "owner", "--password-file", h.file("password", rumah)); got.Code != 0 {
		t.Fatal(got.Err)
	}
	h.serve()
	ctx := browser(t)
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		must(t, chromedp.Do(ctx, steps...))
	}
	authenticator(t, ctx)
	do(chromedp.Navigate(origin+"/studio/login"), chromedp.SendKeys("#email", "ratri"), chromedp.SendKeys("#password", rumah+"\r"),
		chromedp.WaitReady(".studio-main"), chromedp.Navigate(origin+"/studio/security"),
		chromedp.SendKeys("#passkey-name", "ponsel\r"), chromedp.WaitVisible(".codes"))
	shownEverywhere(t, ctx, "codes")
	do(chromedp.Navigate(origin + "/studio/security"))
	shownEverywhere(t, ctx, "security")
	do(chromedp.Click("#app button"), chromedp.WaitVisible("#app .qr"))
	shownEverywhere(t, ctx, "security-app")
	do(chromedp.Navigate(origin+"/studio/security"), chromedp.Click(".whoami form button"), chromedp.WaitVisible("#email"),
		chromedp.Navigate(origin+"/studio/login"), chromedp.SendKeys("#email", "ratri"), chromedp.SendKeys("#password", rumah+"\r"),
		chromedp.WaitVisible("#code"))
	shownEverywhere(t, ctx, "second")
	do(chromedp.Click("form[data-passkey] button"), chromedp.WaitReady(".studio-main"))
	do(chromedp.Navigate(origin+"/studio/security"), chromedp.Click(".whoami form button"), chromedp.WaitVisible("#email"))
	shownEverywhere(t, ctx, "login")
	do(chromedp.Click("form[data-passkey] button"), chromedp.WaitReady(".studio-main"))

	got := ask[security](h, "account", "security", "ratri")
	if len(got.Passkeys) != 1 || got.Passkeys[0].Name != "ponsel" || got.App || got.RecoveryCodes != 10 || len(got.Sessions) != 1 || got.Sessions[0].Method != "passkey" {
		t.Errorf("it has %+v", got)
	}
	got = ask[security](h, "account", "security", "ratri", "--reset-second-factor")
	if len(got.Passkeys)+got.RecoveryCodes+len(got.Sessions) != 0 {
		t.Errorf("after the reset it has %+v", got)
	}
	do(chromedp.Navigate(origin+"/studio"), chromedp.WaitVisible("#email"), chromedp.SendKeys("#email", "ratri"),
		chromedp.SendKeys("#password", rumah+"\r"), chromedp.WaitReady(".studio-main"))
	if got := ask[security](h, "account", "security", "ratri", "--end-sessions"); len(got.Sessions) > 0 {
		t.Errorf("the sessions stay: %+v", got)
	}
	do(chromedp.Navigate(origin+"/studio"), chromedp.WaitVisible("#email"))
	if got := h.command("account", "security", "nobody"); got.Code != 1 || !strings.Contains(got.Err, "kabar account list") {
		t.Errorf("nobody: %+v", got)
	}
}

// authenticator gives the browser one that knows its owner.
func authenticator(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{})
	must(t, err)
	_, err = chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})
	must(t, err)
}

// shownEverywhere checks that the page is no wider than the window, on a phone and on a
// desk, in both colours, and keeps a picture of each where KABAR_PICTURES says.
func shownEverywhere(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("KABAR_PICTURES")
	for _, width := range []int64{390, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
			})
			must(t, err)
			must(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)))
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			must(t, err)
			if over > 0 {
				t.Errorf("%s is %d pixels too wide at %d", name, over, width)
			}
			if folder == "" {
				continue
			}
			shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			must(t, err)
			must(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("%s-%d-%s.png", name, width, scheme)), shot, 0o644))
		}
	}
}
