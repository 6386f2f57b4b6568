package studio

import (
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// securityRoutes are those of signing in besides the password, and of what
// keeps an account safe. Everybody looks after their own.
func (s *Studio) securityRoutes(r *mux.Router, read, write func(string, blog.Action, handler)) {
	r.Handle(templates.LoginSecondPath, s.Page.Handle(s.second)).Methods(page.Reads()...)
	r.Handle(templates.LoginSecondPath, s.Page.Handle(s.takeSecond)).Methods(http.MethodPost)
	r.Handle(templates.LoginPasskeyPath, s.Page.Handle(s.askPasskey)).Methods(http.MethodPost)
	read(templates.StudioConfirmPath, "", s.confirm)
	write(templates.StudioConfirmPath, "", s.takeConfirm)
	read(templates.StudioSecurityPath, "", s.security)
	write(templates.StudioSecurityPath, "", s.changeSecurity)
	write(templates.StudioPasskeyPath, "", s.makePasskey)
}

// eventsShown is how much of what happened to an account its page shows.
const eventsShown = 20

func (s *Studio) security(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	return s.showSecurity(w, r, me, http.StatusOK, nil)
}

func (s *Studio) showSecurity(w http.ResponseWriter, r *http.Request, me blog.Account, status int, problems templates.Problems) error {
	f, of, err := s.formFrame(r, me, "security.title", problems)
	if err != nil {
		return err
	}
	have, err := s.Page.Auth.Factors(r.Context(), me.ID)
	if err != nil {
		return err
	}
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	p := &templates.SecurityPage{
		Frame: f, Studio: of, Account: me.Name, App: have.App, Codes: have.Codes, FewCodes: have.Codes <= auth.FewCodes,
		Factor: have.On(), Wanted: site.Accounts.Wants(me.Role) && !have.On(), Problems: problems,
		MayKey: s.Page.Auth.HasPasskeys(),
	}
	for _, fill := range []func(*http.Request, blog.Account, *templates.SecurityPage) error{
		s.fillApp, s.fillPasskeys, s.fillSignIns, s.fillEvents,
	} {
		if err := fill(r, me, p); err != nil {
			return err
		}
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// fillApp shows an authenticator app that is being set up.
func (s *Studio) fillApp(r *http.Request, _ blog.Account, p *templates.SecurityPage) error {
	if p.App || s.confirmed(r) != nil {
		return nil
	}
	app, err := s.Page.Auth.AppInSetup(r.Context(), p.Site.Title)
	if errors.Is(err, blog.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	drawing, err := auth.Draw(app.URL)
	if err != nil {
		return err
	}
	p.NewApp = &templates.AppSetup{
		Secret: inFours(app.Secret), URL: template.URL(app.URL), //nolint:gosec // made here, of a title and a name that are escaped
		Size: drawing.Size, Path: drawing.Path,
	}
	return nil
}

func inFours(text string) string {
	var b strings.Builder
	for i, c := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (s *Studio) fillPasskeys(r *http.Request, me blog.Account, p *templates.SecurityPage) error {
	list, err := s.Page.Auth.Passkeys(r.Context(), me.ID)
	if err != nil {
		return err
	}
	for _, k := range list {
		p.Passkeys = append(p.Passkeys, templates.PasskeyRow{
			ID: base64.RawURLEncoding.EncodeToString(k.ID), Name: k.Name, Created: k.Created, Used: k.Used, Copied: k.Copied,
		})
	}
	return nil
}

func (s *Studio) fillSignIns(r *http.Request, _ blog.Account, p *templates.SecurityPage) error {
	list, this, err := s.Page.Auth.SignIns(r.Context())
	if err != nil {
		return err
	}
	for _, in := range list {
		p.SignIns = append(p.SignIns, templates.SignInRow{
			ID: in.ID.String(), Device: in.Device, Network: in.Network, Method: string(in.Method),
			Created: in.Created, Seen: in.Seen, This: in.ID == this,
		})
	}
	return nil
}

func (s *Studio) fillEvents(r *http.Request, me blog.Account, p *templates.SecurityPage) error {
	list, err := s.Page.Auth.Events(r.Context(), me.ID, eventsShown)
	if err != nil {
		return err
	}
	for _, e := range list {
		p.Events = append(p.Events, templates.EventRow{
			At: e.At, Said: p.T("alert." + e.Action), Note: blog.EventNote(e.Detail),
		})
	}
	return nil
}

// changeSecurity does what a button of the page asks. What a stolen session
// must not do is asked for again; a new password asks for the present one
// itself.
func (s *Studio) changeSecurity(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	change, known := map[string]securityChange{
		"password": {s.changePassword, true}, "end": {s.endSignIn, true}, "end-others": {s.endOthers, true},
		"app-begin": {do: s.beginApp}, "app-confirm": {do: s.confirmApp}, "app-remove": {do: s.removeApp},
		"codes": {do: s.newCodes}, "passkey-add": {do: s.addPasskey}, "passkey-remove": {do: s.removePasskey},
	}[r.PostFormValue("do")]
	if !known {
		return page.Status(http.StatusBadRequest)
	}
	if !change.harmless {
		if err := s.confirmed(r); err != nil {
			return err
		}
	}
	codes, err := change.do(r)
	if problems, ok := securityProblems(err); ok {
		status := http.StatusUnprocessableEntity
		var braked *auth.Braked
		if errors.As(err, &braked) {
			status = s.Page.Failed(w, r, err)
		}
		return s.showSecurity(w, r, me, status, problems)
	}
	if err != nil {
		return err
	}
	if len(codes) > 0 {
		return s.showCodes(w, r, me, codes)
	}
	return page.SeeOther(w, r, templates.StudioSecurityPath)
}

// securityChange is what a button does. It returns recovery codes to be shown.
type securityChange struct {
	do       func(r *http.Request) (codes []string, err error)
	harmless bool
}

// problem is an error at a field of the page.
type problem struct {
	field string
	error
}

func (p problem) Unwrap() error { return p.error }

// securityProblems says at the fields what is wrong.
func securityProblems(err error) (templates.Problems, bool) {
	if problems, ok := page.Problems(err); ok {
		return problems, true
	}
	var (
		at     problem
		braked *auth.Braked
	)
	if !errors.As(err, &at) {
		return nil, false
	}
	key := ""
	switch {
	case errors.As(err, &braked):
		key = "problem.braked"
	case errors.Is(err, auth.ErrWrong):
		key = "problem.wrong-" + at.field
	case errors.Is(err, auth.ErrKnownPasskey):
		key = "problem.passkey-known"
	case errors.Is(err, auth.ErrPasskey):
		key = "passkey.refused"
	default:
		return nil, false
	}
	return templates.Problems{at.field: i18n.M(key)}, true
}

func at(field string, err error) error {
	if err == nil {
		return nil
	}
	return problem{field, err}
}

func (s *Studio) changePassword(r *http.Request) ([]string, error) {
	err := s.Page.Auth.ChangePassword(r.Context(), r.PostFormValue("present_password"), r.PostFormValue("password"), page.Client(r))
	if err == nil {
		s.Page.Notify(r, templates.NoticeGood, "security.flash.password")
	}
	return nil, at("present", err)
}

func (s *Studio) endSignIn(r *http.Request) ([]string, error) {
	id, err := uuid.Parse(r.PostFormValue("id"))
	if err != nil || id == uuid.Nil {
		return nil, page.Status(http.StatusBadRequest)
	}
	if _, err = s.Page.Auth.End(r.Context(), id, page.Client(r)); errors.Is(err, blog.ErrNotFound) {
		err = nil // it ended by itself
	}
	if err == nil {
		s.Page.Notify(r, templates.NoticeGood, "security.flash.ended", 1)
	}
	return nil, err
}

func (s *Studio) endOthers(r *http.Request) ([]string, error) {
	n, err := s.Page.Auth.End(r.Context(), uuid.Nil, page.Client(r))
	if err == nil {
		s.Page.Notify(r, templates.NoticeGood, "security.flash.ended", n)
	}
	return nil, err
}

func (s *Studio) beginApp(r *http.Request) ([]string, error) {
	return nil, s.Page.Auth.BeginApp(r.Context())
}

func (s *Studio) confirmApp(r *http.Request) ([]string, error) {
	codes, err := s.Page.Auth.ConfirmApp(r.Context(), r.PostFormValue("code"), page.Client(r))
	if err == nil {
		s.Page.Notify(r, templates.NoticeGood, "security.flash.app-on")
	}
	return codes, at("code", err)
}

func (s *Studio) removeApp(r *http.Request) ([]string, error) {
	err := s.Page.Auth.RemoveApp(r.Context(), page.Client(r))
	if err == nil {
		s.Page.Notify(r, templates.NoticeGood, "security.flash.app-off")
	}
	return nil, err
}

func (s *Studio) newCodes(r *http.Request) ([]string, error) {
	return s.Page.Auth.NewCodes(r.Context(), page.Client(r))
}

func (s *Studio) addPasskey(r *http.Request) ([]string, error) {
	codes, err := s.Page.Auth.AddPasskey(r.Context(), r.PostFormValue("name"), []byte(r.PostFormValue("passkey")), page.Client(r))
	if err == nil {
		s.Page.Notify(r, templates.NoticeGood, "security.flash.passkey-added")
	}
	return codes, at("passkey", err)
}

func (s *Studio) removePasskey(r *http.Request) ([]string, error) {
	id, err := base64.RawURLEncoding.DecodeString(r.PostFormValue("id"))
	if err != nil || len(id) == 0 {
		return nil, page.Status(http.StatusBadRequest)
	}
	if err := s.Page.Auth.RemovePasskey(r.Context(), id, page.Client(r)); err != nil {
		return nil, err
	}
	s.Page.Notify(r, templates.NoticeGood, "security.flash.passkey-removed")
	return nil, nil
}

// makePasskey says what an authenticator is to make.
func (s *Studio) makePasskey(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	if s.confirmed(r) != nil {
		return page.Status(http.StatusForbidden) // the script leads to the question
	}
	options, err := s.Page.Auth.MakePasskey(r.Context())
	return writeOptions(w, options, err)
}

// showCodes shows new recovery codes. Nobody can see them again.
func (s *Studio) showCodes(w http.ResponseWriter, r *http.Request, me blog.Account, codes []string) error {
	f, of, err := s.frame(r, me, "codes.title")
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%s\n\n%s\n", f.Site.URL, f.T("codes.title"), strings.Join(codes, "\n"))
	file := "data:text/plain;charset=utf-8;base64," + base64.StdEncoding.EncodeToString([]byte(text))
	return s.Page.RenderPrivate(w, r, http.StatusOK, &templates.CodesPage{
		Frame: f, Studio: of, Codes: codes, File: template.URL(file), Next: templates.StudioSecurityPath, //nolint:gosec // made here
	})
}
