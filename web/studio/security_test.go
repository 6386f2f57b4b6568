package studio_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/descope/virtualwebauthn"
	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

const securityPath = "/studio/security"

func doing(do string, more ...string) url.Values {
	form := url.Values{"do": {do}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// pass moves the clock of sign-ins on.
func (w *world) pass(d time.Duration) { w.later.Add(int64(d)) }

func (w *world) code(secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), w.clock())
	check(w.t, err)
	return code
}

// enrol sets an authenticator app up, and returns its secret and the recovery
// codes.
func (b *browser) enrol() (secret string, codes []string) {
	b.w.t.Helper()
	differ(b.w.t, "begin", "303 "+securityPath, b.post(securityPath, doing("app-begin")).String())
	page := b.get(securityPath)
	secret = page.say("#app .enrol code")
	if page.doc.Find("#app svg.qr path").AttrOr("d", "") == "" || !strings.HasPrefix(page.doc.Find("#app .enrol a").AttrOr("href", ""), "otpauth://totp/") {
		b.w.t.Error("no drawing, or no link")
	}
	wrong := b.post(securityPath, doing("app-confirm", "code", "1"))
	differ(b.w.t, "a wrong code", "422 ", wrong.String())
	differ(b.w.t, "it says", "This code is wrong, or too old. Enter the one that the app shows now.", wrong.say("#app .problem"))
	shown := b.post(securityPath, doing("app-confirm", "code", b.w.code(secret)))
	codes = shown.doc.Find(".codes code").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	if shown.status != http.StatusOK || len(codes) != 10 || shown.header.Get("Cache-Control") != "private, no-store" {
		b.w.t.Fatalf("codes: %v %q", shown, codes)
	}
	if b.get(securityPath).doc.Find(".codes").Length() > 0 {
		b.w.t.Error("the codes are shown again")
	}
	b.w.pass(time.Minute) // the code is used up
	return secret, codes
}

func password1(name string) url.Values {
	return url.Values{"email": {name}, "password": {password}, "next": {"/studio/comments?show=spam"}}
}

func TestSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	secret, codes := b.enrol()
	in := w.browser()
	asked := in.post("/studio/login", password1(me.Name))
	differ(t, "after the password", "200 ", asked.String())
	next := asked.doc.Find("form[action='/studio/login/second'] [name=next]").AttrOr("value", "")
	differ(t, "onward", "/studio/comments?show=spam", next)
	differ(t, "not yet in", "303 /studio/login?next=%2Fstudio", in.get("/studio").String())
	differ(t, "the page by itself", "200 ", in.get("/studio/login/second").String())
	wrong := in.post("/studio/login/second", url.Values{"code": {"000000"}, "next": {next}})
	differ(t, "a wrong code", "403 ", wrong.String())
	differ(t, "it says", "This code is wrong, or was used before.", wrong.say("[role=alert]"))
	differ(t, "a code", "303 "+next, in.post("/studio/login/second", url.Values{"code": {w.code(secret)}, "next": {next}}).String())
	differ(t, "in", "200 ", in.get("/studio").String())

	other := w.browser()
	other.post("/studio/login", password1(me.Name))
	w.pass(6 * time.Minute)
	late := other.post("/studio/login/second", url.Values{"code": {codes[0]}})
	differ(t, "too late", "403 ", late.String())
	differ(t, "it says", "That took too long. Enter the password again.", late.say("[role=alert]"))
	differ(t, "a stranger", "303 /studio/login", w.browser().get("/studio/login/second").String())

	other.post("/studio/login", password1(me.Name))
	differ(t, "a recovery code", "303 /studio", other.post("/studio/login/second", url.Values{"code": {codes[0]}}).String())
	differ(t, "left", "9 left", other.get(securityPath).say("#codes .status"))
	differ(t, "removed", "303 "+securityPath, other.post(securityPath, doing("app-remove")).String())
	differ(t, "the password alone", "303 /studio/comments?show=spam", w.browser().post("/studio/login", password1(me.Name)).String())
}

// What was written when the session had ended outlasts both steps.
func TestKeptThroughSecondFactor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Owner)
	secret, _ := b.enrol()
	in := w.browser()
	kept := in.send("/studio/articles/new", typed("draft"), nil).doc.Find("[name=kept]").AttrOr("value", "")
	form := password1(me.Name)
	form.Set("kept", kept)
	second := in.post("/studio/login", form)
	kept = second.doc.Find("form[action='/studio/login/second'] [name=kept]").AttrOr("value", "")
	resumed := in.post("/studio/login/second", url.Values{"code": {w.code(secret)}, "kept": {kept}})
	if to := resumed.doc.Find("main form").AttrOr("action", ""); to != "/studio/articles/new" {
		t.Errorf("it leads to %q: %v", to, resumed)
	}
}

// TestDangers is the list of what a stolen session must not do: each is asked
// for the password first, and then goes on where it was.
func TestDangers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	tests := []struct {
		name   string
		method func(path string, form url.Values) answer
		path   string
		in     url.Values
		then   string // what the same request does once it is confirmed
	}{
		{"begin an app", b.post, securityPath, doing("app-begin"), "303 " + securityPath},
		{"confirm an app", b.post, securityPath, doing("app-confirm", "code", "1"), "422 "},
		{"remove an app", b.post, securityPath, doing("app-remove"), "303 " + securityPath},
		{"recovery codes", b.post, securityPath, doing("codes"), "200 "},
		{"add a passkey", b.post, securityPath, doing("passkey-add"), "422 "},
		{"remove a passkey", b.post, securityPath, doing("passkey-remove", "id", "AAAA"), "404 "},
		{"export subscribers", func(path string, _ url.Values) answer { return b.get(path) }, "/studio/newsletter/subscribers.csv", nil, "200 "},
		{"import subscribers", b.sent, "/studio/newsletter", doing("import"), "400 "},
		{"import blocks", b.sent, "/studio/blocks/import", doing("import", "list", "evil.example"), "303 /studio/blocks"},
		{"another handle", b.sent, "/studio/settings", settingsForm("handle", "lain"), "303 /studio/settings"},
		{"fewer second factors", b.sent, "/studio/settings", settingsForm("handle", "lain", "second_factor", "staff"), "303 /studio/settings"},
	}
	for _, tt := range tests {
		w.pass(11 * time.Minute)
		asked := tt.method(tt.path, tt.in)
		differ(t, tt.name, "403 ", asked.String())
		form := asked.doc.Find("form[action='/studio/confirm']")
		kept, next := form.Find("[name=kept]").AttrOr("value", ""), form.Find("[name=next]").AttrOr("value", "")
		if form.Length() == 0 || (kept == "") != (tt.in == nil) {
			t.Errorf("%s: asked %d times, kept %t", tt.name, form.Length(), kept != "")
		}
		wrong := b.post("/studio/confirm", url.Values{"password": {"salah"}, "kept": {kept}, "next": {next}})
		differ(t, tt.name+", wrong", "403 The password is wrong.", wrong.String()+wrong.say("[role=alert]"))
		done := b.post("/studio/confirm", url.Values{"password": {password}, "kept": {kept}, "next": {next}})
		if tt.in == nil {
			differ(t, tt.name+", confirmed", "303 "+tt.path, done.String())
		} else {
			differ(t, tt.name+", handed back", tt.path, done.doc.Find("main form").AttrOr("action", ""))
			differ(t, tt.name+", its button", tt.in.Get("do"), done.doc.Find("main form button").AttrOr("value", ""))
		}
		if tt.name == "remove an app" {
			b.enrol()
		}
		differ(t, tt.name+", again", tt.then, tt.method(tt.path, tt.in).String())
	}
	_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error {
		s.Accounts.SecondFactor = blog.SecondFactorOff
		return nil
	})
	check(t, err)
	w.pass(11 * time.Minute)
	differ(t, "a passkey's options", http.StatusForbidden, b.post(securityPath+"/passkey", nil).status)
	differ(t, "the same settings", "303 /studio/settings", b.sent("/studio/settings", settingsForm("handle", "lain")).String())
	differ(t, "ending sessions", "303 "+securityPath, b.post(securityPath, doing("end-others")).String())
	differ(t, "the question", "200 ", b.get("/studio/confirm?next=/studio/security").String())
	differ(t, "signed out", "303 /studio/login?next=%2Fstudio%2Fconfirm", w.browser().get("/studio/confirm").String())
}

// sent is send without files.
func (b *browser) sent(path string, form url.Values) answer { return b.send(path, form, nil) }

func TestSecurityPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	other := w.browser()
	other.post("/studio/login", password1(me.Name))
	page := b.get(securityPath)
	differ(t, "sessions", 2, page.doc.Find("#sign-ins li").Length())
	id := page.doc.Find("#sign-ins [name=id]").AttrOr("value", "")
	differ(t, "no codes without a factor", 0, page.doc.Find("#codes").Length())
	differ(t, "end one", "303 "+securityPath, b.post(securityPath, doing("end", "id", id)).String())
	differ(t, "it says", "One session ended.", b.get(securityPath).say(".notice"))
	differ(t, "it ended", "303 /studio/login?next=%2Fstudio", other.get("/studio").String())
	tests := []struct {
		name string
		in   url.Values
		want string
	}{
		{"nothing", nil, "400 "},
		{"no such button", doing("x"), "400 "},
		{"no id", doing("end"), "400 "},
		{"the id of none", doing("end", "id", uuid.Nil.String()), "400 "},
		{"ended before", doing("end", "id", id), "303 " + securityPath},
		{"a wrong password", doing("password", "present_password", "salah", "password", "kata sandi baru"), "422 "},
		{"a short password", doing("password", "present_password", password, "password", "x"), "422 "},
		{"no base 64", doing("passkey-remove", "id", "%"), "400 "},
		{"a new password", doing("password", "present_password", password, "password", "kata sandi baru"), "303 " + securityPath},
		{"the old one", doing("password", "present_password", password, "password", "kata sandi baru"), "422 "},
	}
	for _, tt := range tests {
		differ(t, tt.name, tt.want, b.post(securityPath, tt.in).String())
	}
	events := b.get(securityPath).say("#events")
	if !strings.Contains(events, "The password was changed") || !strings.Contains(events, "Sessions were ended") {
		t.Errorf("events: %s", events)
	}
	notices := b.get("/studio/notifications").say("main")
	if !strings.Contains(notices, "The password was changed") || strings.Contains(notices, "Sessions were ended") {
		t.Errorf("notifications: %s", notices)
	}
	stranger, _ := w.signedIn(blog.Owner)
	if got := stranger.get("/studio/notifications").say("main"); strings.Contains(got, "The password was changed") {
		t.Error("another account is told of it")
	}
	differ(t, "in the log", true, strings.Contains(stranger.get("/studio/audit").text, "ended sessions"))
}

// Who has to have a second factor is led to it before anything else.
func TestSecondFactorRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tests := map[blog.SecondFactor]map[blog.Role]int{
		blog.SecondFactorOff:   statuses(200, 200, 200, 200),
		blog.SecondFactorStaff: statuses(303, 303, 200, 303),
		blog.SecondFactorAll:   statuses(303, 303, 303, 303),
	}
	browsers := map[blog.Role]*browser{}
	for _, role := range everyRole {
		browsers[role], _ = w.signedIn(role)
	}
	for setting, want := range tests {
		_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error {
			s.Accounts.SecondFactor = setting
			return nil
		})
		check(t, err)
		for role, b := range browsers {
			differ(t, string(setting)+" "+string(role), want[role], b.get("/studio").status)
			differ(t, "the way to it", http.StatusOK, b.get(securityPath).status)
		}
	}
	_, err := w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error {
		s.Accounts.SecondFactor = blog.SecondFactorAll
		return nil
	})
	check(t, err)
	b := browsers[blog.Owner]
	differ(t, "led", "303 "+securityPath, b.get("/studio/comments").String())
	differ(t, "a form", "303 "+securityPath, b.post("/studio/followers", doing("remove")).String())
	differ(t, "told", 1, b.get(securityPath).doc.Find("main > .notice").Length())
	b.enrol()
	differ(t, "then", "200 ", b.get("/studio/comments").String())
	_, err = w.blog.ChangeSite(t.Context(), uuid.Nil, func(s *blog.Site) error {
		s.Accounts.SecondFactor = "x"
		return nil
	})
	if err == nil {
		t.Error("anything is taken as the setting")
	}
}

func TestPasskeyForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Editor)
	party := virtualwebauthn.RelyingParty{ID: "blog.test", Origin: "https://blog.test"}
	device := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: me.ID[:]})
	key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
	wanted, err := virtualwebauthn.ParseAttestationOptions(b.post(securityPath+"/passkey", nil).text)
	check(t, err)
	made := virtualwebauthn.CreateAttestationResponse(party, device, key, *wanted)
	codes := b.post(securityPath, doing("passkey-add", "name", "<b>ponsel</b>", "passkey", made))
	differ(t, "added, with codes", "200 ", codes.String())
	differ(t, "listed", "<b>ponsel</b>", b.get(securityPath).say("#passkeys strong"))
	again := b.post(securityPath, doing("passkey-add", "passkey", made))
	differ(t, "again", "422 ", again.String())

	in := w.browser()
	second := in.post("/studio/login", password1(me.Name))
	differ(t, "both ways", 1, second.doc.Find("form[data-passkey]").Length())
	ask := func(b *browser) string {
		options, err := virtualwebauthn.ParseAssertionOptions(b.post("/studio/login/passkey", nil).text)
		check(t, err)
		key.Counter++
		return virtualwebauthn.CreateAssertionResponse(party, device, key, *options)
	}
	refused := in.post("/studio/login", url.Values{"passkey": {"{}"}})
	differ(t, "no answer", "403 The passkey was not accepted, or took too long. Try again, or go another way.", refused.String()+refused.say("[role=alert]"))
	differ(t, "in", "303 /studio/comments", in.post("/studio/login", url.Values{"passkey": {ask(in)}, "next": {"/studio/comments"}}).String())
	w.pass(time.Hour)
	differ(t, "asked again", "403 ", in.post(securityPath, doing("codes")).String())
	differ(t, "confirmed", "303 /studio/security", in.post("/studio/confirm", url.Values{"passkey": {ask(in)}, "next": {securityPath}}).String())
	id := in.get(securityPath).doc.Find("#passkeys [name=id]").AttrOr("value", "")
	differ(t, "removed", "303 "+securityPath, in.post(securityPath, doing("passkey-remove", "id", id)).String())
	f, err := w.store.Factors(t.Context(), me.ID)
	check(t, err)
	differ(t, "nothing is left", auth.Factors{}, f)
	for range 5 {
		w.browser().post("/studio/login/passkey", nil)
	}
	differ(t, "braked", http.StatusTooManyRequests, w.browser().post("/studio/login/passkey", nil).status)
}
