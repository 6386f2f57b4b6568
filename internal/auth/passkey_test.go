package auth_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/descope/virtualwebauthn"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"kabar/internal/auth"
)

var party = virtualwebauthn.RelyingParty{Name: "blog.example", ID: "blog.example", Origin: "https://blog.example"}

// device is an authenticator with one passkey.
type device struct {
	*site
	virtualwebauthn.Authenticator
	key virtualwebauthn.Credential
}

func (s *site) device() *device {
	return &device{
		s, virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: s.ani.ID[:]}),
		virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2),
	}
}

// made is the answer to what the site wants to be made.
func (d *device) made(cookie *http.Cookie) string {
	d.Helper()
	options, _ := d.get("/passkey/make", cookie)
	wanted, err := virtualwebauthn.ParseAttestationOptions(options)
	check(d.T, err)
	return virtualwebauthn.CreateAttestationResponse(party, d.Authenticator, d.key, *wanted)
}

// add adds the passkey and returns what the site said.
func (d *device) add(cookie *http.Cookie, name string) string {
	d.Helper()
	said, _ := d.get("/passkey/add?"+url.Values{"q": {d.made(cookie)}, "name": {name}}.Encode(), cookie)
	return said
}

// question is what the site asks, with the cookie of who is asked.
func (d *device) question(cookie *http.Cookie) (virtualwebauthn.AssertionOptions, *http.Cookie) {
	d.Helper()
	d.pass(time.Minute) // who asks often is braked
	options, cookie := d.get("/passkey/ask", cookie)
	wanted, err := virtualwebauthn.ParseAssertionOptions(options)
	check(d.T, err)
	return *wanted, cookie
}

// used is the answer of the passkey, whose counter goes on.
func (d *device) used(wanted virtualwebauthn.AssertionOptions, of virtualwebauthn.RelyingParty) string {
	d.key.Counter++
	return virtualwebauthn.CreateAssertionResponse(of, d.Authenticator, d.key, wanted)
}

func TestPasskey(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	cookie := s.wants(t, "done", loginPath(password), nil)
	d := s.device()
	if got := d.add(cookie, "  ponsel   ani "); len(strings.Fields(got)) != 11 {
		t.Fatalf("added: %s", got)
	}
	if got := d.add(cookie, "again"); got != auth.ErrKnownPasskey.Error() {
		t.Errorf("a second time: %s", got)
	}
	s.pass(time.Second) // the list is in the order of adding
	other := s.device()
	if got := other.add(cookie, strings.Repeat("x", 61)); got != "passkey: too-long: 60" {
		t.Errorf("a long name: %s", got)
	}
	if got := other.add(cookie, ""); got != "done " {
		t.Errorf("a second one, with no new codes: %s", got)
	}
	// A password alone is no longer enough.
	s.wants(t, auth.ErrSecondFactor.Error(), loginPath(password), nil)
	wanted, asked := d.question(nil)
	in := s.wants(t, "done", typed("/passkey/login", d.used(wanted, party)), asked)
	s.wants(t, "ani ", "/", in)
	s.wants(t, " 192.0.2.0/24 passkey (this)\n 192.0.2.0/24 password", "/sign-ins", in)
	list, err := s.auth.Passkeys(t.Context(), s.ani.ID)
	check(t, err)
	var got [][2]string
	for _, p := range list {
		got = append(got, [2]string{p.Name, p.Used.String()})
	}
	if diff := cmp.Diff([][2]string{{"ponsel ani", s.clock().Local().String()}, {"Passkey 2", time.Time{}.String()}}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	s.pass(time.Hour)
	s.wants(t, auth.ErrUnconfirmed.Error(), "/confirmed", in)
	wanted, _ = d.question(in)
	s.wants(t, "done", typed("/passkey/confirm", d.used(wanted, party)), in)
	s.wants(t, "done", "/confirmed", in)
}

// What an authenticator answers is taken once, from the browser that was asked,
// in time, for this site, and with finger, face or PIN.
func TestPasskeyRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	d := s.device()
	d.add(s.wants(t, "done", loginPath(password), nil), "")
	login := func(name, want, answer string, cookie *http.Cookie) {
		t.Helper()
		if got, _ := s.get(typed("/passkey/login", answer), cookie); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	refused := auth.ErrPasskey.Error()
	wanted, asked := d.question(nil)
	_, stranger := d.question(nil)
	answer := d.used(wanted, party)
	login("in another browser", refused, answer, stranger)
	login("without a browser", refused, answer, nil)
	login("in time", "done", answer, asked)
	login("again", refused, answer, asked)

	wanted, asked = d.question(nil)
	s.pass(5 * time.Minute)
	login("too late", refused, d.used(wanted, party), asked)

	for name, change := range map[string]func(*device) string{
		"for another site": func(d *device) string {
			return d.used(wanted, virtualwebauthn.RelyingParty{ID: "blog.example", Origin: "https://evil.example"})
		},
		"for another name": func(d *device) string {
			return d.used(wanted, virtualwebauthn.RelyingParty{ID: "evil.example", Origin: "https://blog.example"})
		},
		"unverified": func(d *device) string {
			d.Options.UserNotVerified = true
			return d.used(wanted, party)
		},
		"of nobody": func(d *device) string {
			nobody := uuid.New()
			d.Options.UserHandle = nobody[:]
			return d.used(wanted, party)
		},
		"by another key": func(d *device) string {
			key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
			key.ID = d.key.ID
			return virtualwebauthn.CreateAssertionResponse(party, d.Authenticator, key, wanted)
		},
		"nothing":    func(*device) string { return "" },
		"no answer":  func(*device) string { return "{}" },
		"no base 64": func(d *device) string { return strings.Replace(d.used(wanted, party), `"rawId":"`, `"rawId":"%%`, 1) },
	} {
		one := *d
		wanted, asked = one.question(nil)
		login(name, refused, change(&one), asked)
	}
}

// A counter that went back is of a copy: neither gets in any more, and the
// account is told.
func TestCopiedPasskey(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	s.auth.Letters = &letters{}
	d := s.device()
	d.add(s.wants(t, "done", loginPath(password), nil), "")
	copied := *d
	login := func(d *device, want string) {
		t.Helper()
		wanted, asked := d.question(nil)
		s.wants(t, want, typed("/passkey/login", d.used(wanted, party)), asked)
	}
	login(d, "done")
	login(d, "done")
	s.mailed()
	login(&copied, auth.ErrCopied.Error())
	s.told("copied", auth.EventPasskeyCopied)
	login(d, auth.ErrCopied.Error())
	s.told("once")
	list, err := s.auth.Passkeys(t.Context(), s.ani.ID)
	check(t, err)
	if !list[0].Copied {
		t.Error("it is not marked")
	}
}

// Passkeys whose counter stays at nought are many, and no copies.
func TestPasskeyWithoutCounter(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	d := s.device()
	d.add(s.wants(t, "done", loginPath(password), nil), "")
	for range 3 {
		wanted, asked := d.question(nil)
		s.wants(t, "done", typed("/passkey/login", virtualwebauthn.CreateAssertionResponse(party, d.Authenticator, d.key, wanted)), asked)
	}
}

// Nobody confirms with the passkey of another, or adds one that was made for
// another.
func TestPasskeyOfAnother(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	mine := s.wants(t, "done", loginPath(password), nil)
	d := s.device()
	d.add(mine, "")
	budi := s.ani
	budi.ID, budi.Name, budi.Email = uuid.New(), "budi", ""
	check(t, s.store.InsertAccount(t.Context(), budi, entry("account.create")))
	_, his := s.get("/login/budi?password="+url.QueryEscape(password), nil)
	s.wants(t, "budi ", "/", his)
	s.pass(time.Hour)
	wanted, _ := d.question(his)
	s.wants(t, auth.ErrPasskey.Error(), typed("/passkey/confirm", d.used(wanted, party)), his)
	s.wants(t, auth.ErrUnconfirmed.Error(), "/confirmed", his)
	other := s.device()
	made := other.made(mine)
	s.wants(t, auth.ErrPasskey.Error(), typed("/passkey/add", made), his)
}

func TestPasskeysNeedAName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in   string
		want bool
	}{
		{"https://blog.example", true},
		{"https://blog.example:8443", true},
		{"http://localhost:8080", true},
		{"http://blog.example", false},
		{"https://192.0.2.1", false},
		{"https://[2001:db8::1]", false},
		{"", false},
	}
	for _, tt := range tests {
		if got := (&auth.Service{Origin: tt.in}).HasPasskeys(); got != tt.want {
			t.Errorf("%s: %t", tt.in, got)
		}
	}
}

// The options ask for a passkey that stands for both factors.
func TestPasskeyOptions(t *testing.T) {
	t.Parallel()
	s := newSite(t, true)
	cookie := s.wants(t, "done", loginPath(password), nil)
	options, _ := s.get("/passkey/make", cookie)
	var got struct {
		PublicKey struct {
			RP                     struct{ ID string }
			User                   struct{ ID, Name string }
			AuthenticatorSelection struct{ ResidentKey, UserVerification string }
			Challenge              string
		}
	}
	check(t, json.Unmarshal([]byte(options), &got))
	k := got.PublicKey
	want := []string{"blog.example", "ani", base64.RawURLEncoding.EncodeToString(s.ani.ID[:]), "required", "required"}
	if diff := cmp.Diff(want, []string{
		k.RP.ID, k.User.Name, k.User.ID, k.AuthenticatorSelection.ResidentKey, k.AuthenticatorSelection.UserVerification,
	}); diff != "" || len(k.Challenge) < 22 {
		t.Errorf("challenge %q (-want +got)\n%s", k.Challenge, diff)
	}
}
