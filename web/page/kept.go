package page

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kabar/web/templates"
)

const (
	// keptForm is how much of a form is handed back after signing in again, in
	// bytes: the longest text of an article.
	keptForm = 2 << 20
	// LoginForm holds the sign-in with a kept form, in base64 and with the names
	// of its fields.
	LoginForm = 2 * keptForm
)

// kept is a form that came when its session had ended. It stays with the
// browser, as a field of the sign-in; nothing of it is stored here.
type kept struct {
	To     string     `json:"to"` // path of the form
	Fields url.Values `json:"fields"`
	Upload bool       `json:"upload"` // it was sent as multipart/form-data
	Files  bool       `json:"files"`  // it had files, which are not kept
}

// keep reads the form of a request to the Studio, also one that was parsed
// before; false for one that is too large.
func keep(r *http.Request) (kept, bool) {
	k := kept{To: r.URL.RequestURI()}
	if !ofStudio(k.To) {
		return k, false
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // "" is no form
	var err error
	switch {
	case r.MultipartForm != nil:
		k.Upload, k.Fields, k.Files = true, maps.Clone(r.MultipartForm.Value), len(r.MultipartForm.File) > 0
	case kind == "multipart/form-data":
		err = k.readParts(r)
	case kind == "application/x-www-form-urlencoded":
		r.Body = http.MaxBytesReader(nil, r.Body, keptForm)
		if err = r.ParseForm(); err == nil {
			k.Fields = r.PostForm
		}
	}
	for name := range k.Fields {
		if strings.Contains(name, "password") {
			k.Fields.Del(name)
		}
	}
	return k, err == nil && len(k.Fields) > 0
}

func ofStudio(path string) bool {
	inside, ok := strings.CutPrefix(LocalPath(path, ""), templates.StudioPath+"/")
	return ok && !strings.HasPrefix(inside, "log")
}

// readParts reads the fields and passes over the files.
func (k *kept) readParts(r *http.Request) error {
	k.Upload, k.Fields = true, url.Values{}
	parts, err := r.MultipartReader()
	left := int64(keptForm)
	for err == nil {
		part, next := parts.NextPart()
		switch {
		case errors.Is(next, io.EOF):
			return nil
		case next != nil:
			return next
		case part.FileName() != "":
			k.Files = true
			continue
		}
		value, next := io.ReadAll(io.LimitReader(part, left+1))
		if left -= int64(len(value) + len(part.FormName())); next != nil || left < 0 {
			return &http.MaxBytesError{Limit: keptForm}
		}
		k.Fields.Add(part.FormName(), string(value))
	}
	return err
}

// buttonFields are those that say what a button is about: nobody typed them.
var buttonFields = []string{
	"do", "back", "next", "id", "batch", "revision", "editing", "actor", "row", "host", "object", "all", "past", "forward",
}

// typed reports whether there is something that somebody typed.
func (k *kept) typed() bool {
	for name, values := range k.Fields {
		if !slices.Contains(buttonFields, name) && strings.TrimSpace(strings.Join(values, "")) != "" {
			return true
		}
	}
	return false
}

// field is the form as a field of the sign-in.
func (k *kept) field() string {
	raw, err := json.Marshal(k)
	if err != nil {
		return "" // strings only: it cannot fail
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Kept reads the form that the sign-in carries; nil for none.
func Kept(field string) *templates.KeptForm {
	var k kept
	raw, err := base64.RawURLEncoding.DecodeString(field)
	if err != nil || json.Unmarshal(raw, &k) != nil || !ofStudio(k.To) {
		return nil
	}
	return k.form(field)
}

func (k *kept) form(field string) *templates.KeptForm {
	shown := &templates.KeptForm{Field: field, To: k.To, Upload: k.Upload, Files: k.Files, Do: k.Fields.Get("do")}
	if k.Fields.Has("text") || k.Fields.Has("source") {
		shown.Do, shown.Shows = "preview", true // shows the form again
	}
	for name, values := range k.Fields {
		for _, value := range values {
			if name != "do" {
				shown.Fields = append(shown.Fields, templates.KeptField{Name: name, Value: value})
			}
		}
	}
	return shown
}

// askToSignIn leads to the sign-in and from there back to the page that was
// asked for. A form comes along.
func (m *Maker) askToSignIn(w http.ResponseWriter, r *http.Request) {
	next := templates.StudioPath
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		next = r.URL.RequestURI()
	} else if k, ok := keep(r); ok && k.typed() && m.signInWith(w, r, k) == nil {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, templates.LoginPath+"?"+url.Values{"next": {next}}.Encode(), http.StatusSeeOther)
}

// signInWith shows the sign-in with a form that came too late.
func (m *Maker) signInWith(w http.ResponseWriter, r *http.Request, k kept) error {
	f, err := m.Frame(r)
	if err != nil {
		return err
	}
	f.Head = templates.Head{Title: f.T("login.go"), NoIndex: true}
	p := &templates.LoginPage{Frame: f, Next: templates.StudioPath, Kept: k.form(k.field()), Passkeys: m.Auth != nil && m.Auth.HasPasskeys()}
	return m.RenderPrivate(w, r, http.StatusForbidden, p)
}

// askToConfirm asks who is signed in to prove it again. A form comes along,
// and all of it does what it did before.
func (m *Maker) askToConfirm(w http.ResponseWriter, r *http.Request) error {
	next := templates.StudioPath
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		next = r.URL.RequestURI()
	} else if k, ok := keep(r); ok {
		return m.Confirm(w, r, http.StatusForbidden, next, k.form(k.field()), nil)
	}
	return m.Confirm(w, r, http.StatusForbidden, next, nil, nil)
}

// Confirm shows that question. refused is why the last answer was not taken.
func (m *Maker) Confirm(
	w http.ResponseWriter, r *http.Request, status int, next string, form *templates.KeptForm, refused *templates.Refusal,
) error {
	me, err := m.Account(r)
	if err != nil {
		return err
	}
	have, err := m.Auth.Factors(r.Context(), me.ID)
	if err != nil {
		return err
	}
	f, err := m.Frame(r)
	if err != nil {
		return err
	}
	f.Head = templates.Head{Title: f.T("confirm.title"), NoIndex: true}
	p := &templates.ConfirmPage{Frame: f, Account: me.Name}
	p.Asks(next, form, have.Passkeys > 0 && m.Auth.HasPasskeys())
	p.Refused(refused)
	return m.RenderPrivate(w, r, status, p)
}
