package studio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

var senderKinds = []string{blog.BlockDomain, blog.BlockActor}

// blockFilters are what the list of blocks can be narrowed to.
var blockFilters = []struct {
	name, label string
	query       blog.BlockQuery
}{
	{"", "filter.all", blog.BlockQuery{Kinds: senderKinds}},
	{"servers", "blocks.servers", blog.BlockQuery{Kinds: []string{blog.BlockDomain}}},
	{"people", "blocks.people", blog.BlockQuery{Kinds: []string{blog.BlockActor}}},
	{"blocked", "severity.block", blog.BlockQuery{Kinds: senderKinds, Severity: blog.SeverityBlock}},
	{"silenced", "severity.silence", blog.BlockQuery{Kinds: senderKinds, Severity: blog.SeveritySilence}},
	{"trusted", "severity.allow", blog.BlockQuery{Kinds: senderKinds, Severity: blog.SeverityAllow}},
}

func (s *Studio) blocks(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	form, err := s.presentBlock(r, senderKinds)
	if err != nil {
		return err
	}
	return s.showBlocks(w, r, me, http.StatusOK, form, nil)
}

func (s *Studio) showBlocks(
	w http.ResponseWriter, r *http.Request, me blog.Account, status int, form templates.BlockForm, problems templates.Problems,
) error {
	query := only(r.URL.Query(), "q", "show")
	p := &templates.BlocksPage{Form: form, Problems: problems, Query: query.Get("q"), Filter: query.Get("show")}
	var err error
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioBlocksPath, "blocks.title"); err != nil {
		return err
	}
	q := blockFilters[0].query
	for _, filter := range blockFilters {
		shown := templates.Filter{
			Label: i18n.M(filter.label), Current: filter.name == p.Filter, URL: link(templates.StudioBlocksPath, query, "show", filter.name),
		}
		if shown.Current {
			q = filter.query
		}
		p.Filters = append(p.Filters, shown)
	}
	q.Search = p.Query
	if p.Rows, p.Total, p.Paging, err = s.blockRows(r, templates.StudioBlocksPath, q); err != nil {
		return fmt.Errorf("studio: blocks: %w", err)
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// blockRows is the page of the list that the address asks for.
func (s *Studio) blockRows(
	r *http.Request, path string, q blog.BlockQuery,
) (list []templates.BlockRow, total int, paging templates.Paging, err error) {
	ctx := r.Context()
	number, _ := strconv.Atoi(r.URL.Query().Get("page")) // none = the first
	number = min(max(number, 1), 1_000_000)
	q.Offset, q.Limit = (number-1)*pageSize, pageSize
	found, total, err := s.Page.Blog.BlockList(ctx, q)
	if err != nil {
		return nil, 0, paging, err
	}
	names, err := s.accountNames(ctx)
	if err != nil {
		return nil, 0, paging, err
	}
	people, err := s.blockedPeople(ctx, found)
	if err != nil {
		return nil, 0, paging, err
	}
	for _, b := range found {
		list = append(list, templates.BlockRow{
			Kind: b.Kind, Value: b.Value, Who: people[b.Value], Severity: string(b.Severity), Reason: b.Reason, Comment: b.Comment,
			Since: b.Created, By: names[b.Account], Change: changeLink(path, b),
		})
	}
	return list, total, numbered(path, only(r.URL.Query(), "q", "show"), number, total), nil
}

// numbered is the paging of a list whose pages have numbers.
func numbered(path string, query url.Values, number, total int) templates.Paging {
	p := templates.Paging{Page: number, Pages: max((total+pageSize-1)/pageSize, 1)}
	if number > 1 {
		p.Newer = link(path, query, "page", strconv.Itoa(number-1))
	}
	if number < p.Pages {
		p.Older = link(path, query, "page", strconv.Itoa(number+1))
	}
	return p
}

// blockedPeople are those whom rules are about, as far as we know them, by
// their ids.
func (s *Studio) blockedPeople(ctx context.Context, blocks []blog.Block) (map[string]*templates.Person, error) {
	var uris []string
	for _, b := range blocks {
		if b.Kind == blog.BlockActor {
			uris = append(uris, b.Value)
		}
	}
	found, err := s.Store.ActorsNamed(ctx, nil, uris)
	people := map[string]*templates.Person{}
	for _, a := range found {
		who := person(a)
		people[a.URI] = &who
	}
	return people, err
}

// changeBlocks makes a rule, or takes one back.
func (s *Studio) changeBlocks(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	form := typedBlock(r)
	switch r.PostFormValue("do") {
	case "add":
		return s.addBlock(w, r, me, form)
	case "remove":
		if err := s.Page.Blog.RemoveBlock(r.Context(), me.ID, form.Kind, form.Value); err != nil {
			return err
		}
		s.Page.Notify(r, templates.NoticeGood, "flash.rule-removed", form.Value)
		return page.SeeOther(w, r, templates.StudioBlocksPath)
	}
	return page.Status(http.StatusBadRequest)
}

// addBlock makes a rule. Where it takes something from readers or followers,
// it asks first.
func (s *Studio) addBlock(w http.ResponseWriter, r *http.Request, me blog.Account, form templates.BlockForm) error {
	ctx := r.Context()
	value, err := s.blockable(ctx, form.Value)
	if err != nil {
		return err
	}
	in := blog.NewBlock{Value: value, Severity: blog.Severity(form.Severity), Reason: form.Reason, HidePast: form.Past}
	if r.PostFormValue("sure") == "" && in.Severity != blog.SeverityAllow {
		asked, err := s.askBlock(w, r, me, form, value)
		if asked || err != nil {
			return err
		}
	}
	b, past, err := s.Page.Blog.AddBlock(ctx, me.ID, in)
	if problems, ok := page.Problems(err); ok {
		return s.showBlocks(w, r, me, http.StatusUnprocessableEntity, form, atBlock(problems))
	}
	if err != nil {
		return err
	}
	name := s.blockName(ctx, b.Value)
	said := rulings[b.Severity]
	if past.Batch != uuid.Nil {
		undo := &templates.Undo{Batch: past.Batch.String(), Back: templates.StudioBlocksPath}
		s.Page.NotifyUndo(r, undo, said+"-past", name, len(past.Comments))
	} else {
		s.Page.Notify(r, templates.NoticeGood, said, name)
	}
	return page.SeeOther(w, r, templates.StudioBlocksPath)
}

// blockName is what to call somebody whom a rule is about.
func (s *Studio) blockName(ctx context.Context, value string) string {
	if a, err := s.Page.Blog.ActorByURI(ctx, value); err == nil && a.Acct() != "" {
		return "@" + a.Acct()
	}
	return value
}

// blockable is what is blocked for what was typed: the id of somebody we know
// by that handle or page, or the text itself.
func (s *Studio) blockable(ctx context.Context, typed string) (string, error) {
	a, err := s.Store.FindActor(ctx, typed)
	switch {
	case err == nil:
		return a.URI, nil
	case errors.Is(err, blog.ErrNotFound):
		return typed, nil
	}
	return "", fmt.Errorf("studio: block: %w", err)
}

// askBlock shows whom a rule would concern. It does not where that is nobody,
// or where the rule cannot be made.
func (s *Studio) askBlock(
	w http.ResponseWriter, r *http.Request, me blog.Account, form templates.BlockForm, value string,
) (asked bool, err error) {
	severity := blog.Severity(form.Severity)
	if severity == "" {
		severity = blog.SeverityBlock
	}
	b, err := blog.NewBlock{Value: value, Severity: severity, Reason: form.Reason}.Check()
	if err != nil {
		return false, nil // AddBlock says why
	}
	p := &templates.BlockPage{Form: form, Name: s.blockName(r.Context(), b.Value), Person: b.Kind == blog.BlockActor}
	p.Form.Value, p.Form.Severity, p.Form.Past = b.Value, string(severity), true
	if p.Record, err = s.concerned(r.Context(), b); err != nil {
		return false, fmt.Errorf("studio: block: %w", err)
	}
	ends := severity == blog.SeverityBlock && p.Record.Followers > 0
	if !ends && p.Record.Shown == 0 {
		return false, nil
	}
	p.Record.Name = p.Name
	if p.Frame, p.Studio, p.Tabbed, err = s.moderationFrame(r, me, templates.StudioBlocksPath, "blocks.title"); err != nil {
		return false, err
	}
	return true, s.Page.RenderPrivate(w, r, http.StatusOK, p)
}

// concerned is what those did here whom a rule is about.
func (s *Studio) concerned(ctx context.Context, b blog.Block) (templates.RecordBox, error) {
	if b.Kind == blog.BlockDomain {
		record, err := s.Store.ServerRecord(ctx, b.Value)
		if err != nil {
			return templates.RecordBox{}, err
		}
		return *recordBox(record), nil
	}
	a, err := s.Page.Blog.ActorByURI(ctx, b.Value)
	if errors.Is(err, blog.ErrNotFound) {
		return templates.RecordBox{}, nil
	} else if err != nil {
		return templates.RecordBox{}, err
	}
	record, err := s.Store.ActorRecord(ctx, a.ID)
	if err != nil {
		return templates.RecordBox{}, err
	}
	box := recordBox(record)
	box.People = 0
	return *box, nil
}
