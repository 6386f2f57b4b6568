package studio

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

func (s *Studio) settings(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	form := templates.SettingsForm{
		Title: site.Title, Description: site.Description, Handle: site.Handle, Language: site.Language, Zone: site.TimeZone,
		ActorType: site.ActorType, Discoverable: site.Discoverable, Indexable: site.Indexable, SignedGET: site.SignedGET,
		SecondFactor: string(site.Accounts.SecondFactor),
	}
	for _, field := range site.Fields {
		form.Fields = append(form.Fields, templates.SettingsField{Name: field.Name, Value: field.Value})
	}
	return s.showSettings(w, r, me, http.StatusOK, form, nil)
}

func (s *Studio) showSettings(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.SettingsForm, problems templates.Problems,
) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	f, of, err := s.formFrame(r, me, "nav.settings", problems)
	if err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, status, &templates.SettingsPage{
		Frame: f, Studio: of, Form: form, Domain: site.HandleDomain, HandleLocked: f.Site.Followers > 0,
		Zones: page.Zones(form.Zone), Problems: problems,
	})
}

func (s *Studio) saveSettings(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseUpload(w, r, maxUpload+page.SmallForm); err != nil {
		return err
	}
	defer r.MultipartForm.RemoveAll()
	form := readSettings(r)
	if err := s.confirmedSettings(r, form); err != nil {
		return err
	}
	if err := s.changeSettings(r, me, form); err != nil {
		var invalid *blog.Invalid
		if !errors.As(err, &invalid) {
			return err
		}
		field := invalid.Field
		if field == "time_zone" {
			field = "zone"
		}
		return s.showSettings(w, r, me, http.StatusUnprocessableEntity, form, templates.Problems{field: page.Problem(invalid)})
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.saved")
	return page.SeeOther(w, r, templates.StudioSettingsPath)
}

// changeSettings stores the form and the picture that came with it. Fields
// that are empty are dropped.
// confirmedSettings asks again who it is where other servers would find the
// blog under another name, or accounts would be kept less safe.
func (s *Studio) confirmedSettings(r *http.Request, form templates.SettingsForm) error {
	site, err := s.Page.Site(r)
	if err != nil {
		return err
	}
	if form.Handle == site.Handle && (form.SecondFactor == "" || form.SecondFactor == string(site.Accounts.SecondFactor)) {
		return nil
	}
	return s.confirmed(r)
}

func (s *Studio) changeSettings(r *http.Request, me blog.Account, form templates.SettingsForm) error {
	icon, taken, err := s.take(r, me.ID, "icon", "icon", cmp.Or(strings.TrimSpace(form.Title), form.Handle))
	if err != nil {
		return err
	}
	_, err = s.Page.Blog.ChangeSite(r.Context(), me.ID, func(site *blog.Site) error {
		site.Title, site.Description, site.Handle = strings.TrimSpace(form.Title), form.Description, form.Handle
		site.Language, site.TimeZone, site.ActorType = form.Language, form.Zone, form.ActorType
		site.Discoverable, site.Indexable, site.SignedGET = form.Discoverable, form.Indexable, form.SignedGET
		if form.SecondFactor != "" {
			site.Accounts.SecondFactor = blog.SecondFactor(form.SecondFactor)
		}
		site.Fields = nil
		for _, field := range form.Fields {
			if field.Name != "" && field.Value != "" {
				site.Fields = append(site.Fields, blog.Field{Name: field.Name, Value: field.Value})
			}
		}
		if taken {
			site.Icon = icon.Name
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("studio: settings: %w", err)
	}
	return nil
}

func readSettings(r *http.Request) templates.SettingsForm {
	form := templates.SettingsForm{
		Title: r.PostFormValue("title"), Handle: strings.TrimSpace(r.PostFormValue("handle")), Language: r.PostFormValue("language"),
		Description: strings.ReplaceAll(strings.TrimSpace(r.PostFormValue("description")), "\r\n", "\n"),
		Zone:        r.PostFormValue("zone"), ActorType: r.PostFormValue("actor_type"),
		Discoverable: r.PostFormValue("discoverable") != "", Indexable: r.PostFormValue("indexable") != "",
		SignedGET: r.PostFormValue("signed_get") != "", SecondFactor: r.PostFormValue("second_factor"),
	}
	names, values := r.PostForm["field_name"], r.PostForm["field_value"]
	for i := range min(len(names), len(values)) {
		form.Fields = append(form.Fields, templates.SettingsField{
			Name: strings.TrimSpace(names[i]), Value: strings.TrimSpace(values[i]),
		})
	}
	return form
}
