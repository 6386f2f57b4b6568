package studio

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

const (
	// importForm is the size of a form with a list: what package blog refuses as
	// too long has to come in to be refused with words.
	importForm = 20 << 20
	// linesShown is how many lines of a list are shown of each sort.
	linesShown = 200
)

// exportBlocks hands the servers out as Mastodon's CSV.
func (s *Studio) exportBlocks(w http.ResponseWriter, r *http.Request, _ blog.Account) error {
	var list bytes.Buffer
	if err := s.Page.Blog.ExportBlocklist(r.Context(), &list); err != nil {
		return fmt.Errorf("studio: export: %w", err)
	}
	download(w, "domain-blocks-"+s.Page.Now().Format("2006-01-02")+".csv")
	_, _ = w.Write(list.Bytes()) // who went away needs no answer
	return nil
}

func (s *Studio) openImport(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	return s.showImport(w, r, me, http.StatusOK, &templates.ImportPage{})
}

func (s *Studio) showImport(w http.ResponseWriter, r *http.Request, me blog.Account, status int, p *templates.ImportPage) error {
	var err error
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioBlocksPath, "import.title"); err != nil {
		return err
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// importBlocks shows what is in a list, or takes what was shown.
func (s *Studio) importBlocks(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseUpload(w, r, importForm); err != nil {
		return err
	}
	defer r.MultipartForm.RemoveAll()
	var err error
	switch r.PostFormValue("do") {
	case "preview":
		err = s.previewImport(w, r, me)
	case "import":
		if err := s.confirmed(r); err != nil {
			return err
		}
		var list blog.Blocklist
		if list, err = s.Page.Blog.ImportBlocklist(r.Context(), me.ID, strings.NewReader(r.PostFormValue("list"))); err != nil {
			break
		}
		taken := 0
		for _, row := range list.Rows {
			if !row.Known() {
				taken++
			}
		}
		s.Page.Notify(r, templates.NoticeGood, "flash.imported", taken)
		return page.SeeOther(w, r, templates.StudioBlocksPath)
	default:
		err = page.Status(http.StatusBadRequest)
	}
	if problems, ok := page.Problems(importProblem(err)); ok {
		return s.showImport(w, r, me, http.StatusUnprocessableEntity, &templates.ImportPage{Problems: problems})
	}
	return err
}

func (s *Studio) previewImport(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	text, err := listFile(r)
	if err != nil {
		return err
	}
	list, err := s.Page.Blog.PreviewBlocklist(r.Context(), strings.NewReader(text))
	if err != nil {
		return err
	}
	if len(list.Rows)+len(list.Problems)+len(list.Skipped) == 0 {
		return &blog.Invalid{Field: "file", Problem: "list-empty"}
	}
	p := &templates.ImportPage{Preview: true, List: text}
	fillImport(p, list)
	return s.showImport(w, r, me, http.StatusOK, p)
}

// importProblem says in words that a file is too large: in bytes nobody reads
// it.
func importProblem(err error) error {
	var invalid *blog.Invalid
	if errors.As(err, &invalid) && invalid.Problem == "too-long" {
		return &blog.Invalid{Field: "file", Problem: "list-large"}
	}
	return err
}

// listFile is the text of the file that was sent.
func listFile(r *http.Request) (string, error) {
	file, _, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return "", &blog.Invalid{Field: "file", Problem: "required"}
	} else if err != nil {
		return "", fmt.Errorf("studio: import: %w", err)
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return "", fmt.Errorf("studio: import: %w", err)
	}
	return string(raw), nil
}

// fillImport sums up what a list would do.
func fillImport(p *templates.ImportPage, list blog.Blocklist) {
	for _, row := range list.Rows {
		if row.Known() {
			p.Known++
			continue
		}
		p.New++
		if row.Severity == blog.SeverityBlock {
			p.Followers += row.Affected.Followers
		}
		p.Comments += row.Affected.Comments
		p.Rows = append(p.Rows, templates.ImportRow{
			Line: row.Line, Domain: row.Value, Severity: string(row.Severity), Was: string(row.Was), Comment: row.Comment,
			Followers: row.Affected.Followers, Comments: row.Affected.Comments,
		})
	}
	slices.SortStableFunc(p.Rows, func(a, b templates.ImportRow) int {
		return cmp.Compare(b.Followers+b.Comments, a.Followers+a.Comments)
	})
	p.Rows, p.MoreRows = first(p.Rows)
	p.Bad, p.MoreBad = first(importLines(list.Problems))
	p.Skipped = importLines(list.Skipped)
}

// first cuts a list to what is shown, and counts the rest.
func first[T any](list []T) ([]T, int) {
	if len(list) > linesShown {
		return list[:linesShown], len(list) - linesShown
	}
	return list, 0
}

func importLines(problems []blog.BlocklistProblem) []templates.ImportLine {
	var lines []templates.ImportLine
	for _, p := range problems {
		said := page.Problem(&blog.Invalid{Problem: p.Reason, Detail: p.Detail})
		if p.Reason == "severity" && p.Detail == "" {
			said = i18n.M("problem.required")
		}
		lines = append(lines, templates.ImportLine{Line: p.Line, Text: p.Text, Said: said})
	}
	return lines
}
