package studio

import (
	"fmt"
	"net/http"
	"net/url"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

var wordKinds = []string{blog.BlockWord, blog.BlockRegex}

func (s *Studio) words(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	form, err := s.presentBlock(r, wordKinds)
	if err != nil {
		return err
	}
	return s.showWords(w, r, me, http.StatusOK, form, nil)
}

func (s *Studio) showWords(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.BlockForm, problems templates.Problems,
) error {
	p := &templates.WordsPage{Form: form, Problems: problems, Query: only(r.URL.Query(), "q").Get("q")}
	var err error
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioWordsPath, "words.title"); err != nil {
		return err
	}
	q := blog.BlockQuery{Kinds: wordKinds, Search: p.Query}
	if p.Rows, p.Total, p.Paging, err = s.blockRows(r, templates.StudioWordsPath, q); err != nil {
		return fmt.Errorf("studio: words: %w", err)
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// changeWords adds a word or pattern, or removes one.
func (s *Studio) changeWords(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	form := typedBlock(r)
	if form.Kind != blog.BlockWord && form.Kind != blog.BlockRegex {
		return page.Status(http.StatusBadRequest)
	}
	var err error
	said := "flash.word-added"
	switch r.PostFormValue("do") {
	case "add":
		_, _, err = s.Page.Blog.AddBlock(r.Context(), me.ID, blog.NewBlock{
			Kind: form.Kind, Value: form.Value, Severity: blog.Severity(form.Severity), Reason: form.Reason,
		})
	case "remove":
		said = "flash.rule-removed"
		err = s.Page.Blog.RemoveBlock(r.Context(), me.ID, form.Kind, form.Value)
	default:
		err = page.Status(http.StatusBadRequest)
	}
	if problems, ok := page.Problems(err); ok {
		return s.showWords(w, r, me, http.StatusUnprocessableEntity, form, atBlock(problems))
	}
	if err != nil {
		return err
	}
	s.Page.Notify(r, templates.NoticeGood, said, form.Value)
	return page.SeeOther(w, r, templates.StudioWordsPath)
}

// typedBlock reads a rule as it was typed.
func typedBlock(r *http.Request) templates.BlockForm {
	return templates.BlockForm{
		Kind: r.PostFormValue("kind"), Value: r.PostFormValue("value"), Severity: r.PostFormValue("severity"),
		Reason: r.PostFormValue("reason"), Past: r.PostFormValue("past") != "",
	}
}

// atBlock names the problems of a rule by the fields of its form.
func atBlock(problems templates.Problems) templates.Problems {
	named := templates.Problems{}
	for field, problem := range problems {
		if field != "severity" && field != "reason" && field != "kind" {
			field = "block"
		}
		named[field] = problem
	}
	return named
}

// presentBlock is the rule that the address asks to change, in the form;
// an empty form if it asks for none.
func (s *Studio) presentBlock(r *http.Request, kinds []string) (templates.BlockForm, error) {
	kind, value := r.URL.Query().Get("kind"), r.URL.Query().Get("value")
	if value == "" {
		return templates.BlockForm{}, nil
	}
	found, _, err := s.Page.Blog.BlockList(r.Context(), blog.BlockQuery{Kinds: kinds, Search: value})
	if err != nil {
		return templates.BlockForm{}, fmt.Errorf("studio: block: %w", err)
	}
	for _, b := range found {
		if b.Kind == kind && b.Value == value {
			return templates.BlockForm{Kind: b.Kind, Value: b.Value, Severity: string(b.Severity), Reason: b.Reason}, nil
		}
	}
	return templates.BlockForm{}, nil
}

// changeLink leads to the form with a rule in it.
func changeLink(path string, b blog.Block) string {
	return path + "?" + url.Values{"kind": {b.Kind}, "value": {b.Value}}.Encode() + "#add"
}
