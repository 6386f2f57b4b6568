package studio

import (
	"net/http"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// profile is what readers see of who is signed in; each account has its own.
func (s *Studio) profile(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	form := templates.ProfileForm{Public: me.Public, Display: me.Display, Bio: me.Bio, Website: me.Website, Fediverse: me.Fediverse}
	if form.Fediverse != "" {
		form.Fediverse = "@" + form.Fediverse
	}
	return s.showProfile(w, r, me, http.StatusOK, form, nil)
}

func (s *Studio) showProfile(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.ProfileForm, problems templates.Problems,
) error {
	f, of, err := s.formFrame(r, me, "profile.title", problems)
	if err != nil {
		return err
	}
	p := &templates.ProfilePage{Frame: f, Studio: of, Form: form, Account: me.Name, Problems: problems}
	if me.Avatar != "" {
		p.Avatar = blog.MediaPath + me.Avatar
	}
	if me.Public {
		p.PageURL = templates.AuthorPath(me.Name)
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

func (s *Studio) saveProfile(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseUpload(w, r, maxUpload+page.SmallForm); err != nil {
		return err
	}
	defer r.MultipartForm.RemoveAll()
	form := templates.ProfileForm{
		Public: r.PostFormValue("public") != "", Display: r.PostFormValue("display"), Bio: r.PostFormValue("bio"),
		Website: r.PostFormValue("website"), Fediverse: r.PostFormValue("fediverse"),
	}
	err := s.changeProfile(r, me, form)
	if problems, ok := page.Problems(err); ok {
		return s.showProfile(w, r, me, http.StatusUnprocessableEntity, form, problems)
	}
	if err != nil {
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, "flash.saved")
	return page.SeeOther(w, r, templates.StudioProfilePath)
}

// changeProfile stores the form and the picture that came with it.
func (s *Studio) changeProfile(r *http.Request, me blog.Account, form templates.ProfileForm) error {
	picture, taken, err := s.take(r, me.ID, "avatar", "avatar", me.Label())
	if err != nil {
		return err
	}
	_, err = s.Page.Blog.ChangeProfile(r.Context(), me.ID, me.ID, func(p *blog.Profile) {
		p.Public, p.Display, p.Bio, p.Website, p.Fediverse = form.Public, form.Display, form.Bio, form.Website, form.Fediverse
		switch {
		case taken:
			p.Avatar = picture.Name
		case r.PostFormValue("avatar_remove") != "":
			p.Avatar = ""
		}
	})
	return err
}
