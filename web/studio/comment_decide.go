package studio

import (
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/gorilla/mux"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
	"kabar/web/templates"
)

// decision is about everything of a person or of a server, or the report of one
// comment.
type decision struct {
	about    string // person, server or report
	comment  blog.Comment
	name     string // of whom it is about
	record   *templates.RecordBox
	what     blog.Selection
	value    string // what a rule would be about; "" for visitors
	ruled    string // what the present rule is about; "" = there is none
	do       string
	reason   string
	past     bool
	forward  bool
	back     string
	problems templates.Problems
}

// decide shows the page to decide about everything of somebody, which says how
// many comments are concerned.
func (s *Studio) decide(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	d, err := s.readDecision(r, me, r.URL.Query().Get("back"))
	if err != nil {
		return err
	}
	d.forward, d.past = true, true
	return s.showDecision(w, r, me, http.StatusOK, d)
}

// carryOut does what was chosen there.
func (s *Studio) carryOut(w http.ResponseWriter, r *http.Request, me blog.Account) error {
	if err := page.ParseForm(w, r, page.SmallForm); err != nil {
		return err
	}
	d, err := s.readDecision(r, me, r.PostFormValue("back"))
	if err != nil {
		return err
	}
	d.do, d.reason, d.past = r.PostFormValue("do"), r.PostFormValue("reason"), r.PostFormValue("past") != ""
	if d.about == "report" {
		d.reason, d.forward = r.PostFormValue("text"), r.PostFormValue("forward") != ""
		err = s.report(r, me, d)
	} else {
		err = s.rule(r, me, d)
	}
	if problems, ok := page.Problems(err); ok {
		d.problems = templates.Problems{}
		for field, problem := range problems {
			if field = map[string]string{"content": "text", "forward": "text", "reason": "reason"}[field]; field == "" {
				field = "do"
			}
			d.problems[field] = problem
		}
		return s.showDecision(w, r, me, http.StatusUnprocessableEntity, d)
	}
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, d.back)
}

// readDecision finds whom the address is about. Ours are nobody's to decide
// about.
func (s *Studio) readDecision(r *http.Request, me blog.Account, back string) (*decision, error) {
	c, err := s.namedComment(r, me)
	if err != nil {
		return nil, err
	}
	d := &decision{about: mux.Vars(r)["about"], comment: c, back: page.LocalPath(back, templates.StudioCommentsPath)}
	host := serverOf(c.Actor)
	if c.ByAuthor() || d.about != "person" && host == "" {
		return nil, blog.ErrNotFound
	}
	if d.about == "report" {
		return d, nil
	}
	blocks, err := s.Page.Blog.Blocks(r.Context())
	if err != nil {
		return nil, fmt.Errorf("studio: decide: %w", err)
	}
	person, rule := blog.RulesAbout(blocks, c.Actor)
	if d.about == "person" {
		d.what.Actor, d.name, rule = c.Actor.ID, c.Actor.Label(), person
		if c.Actor.Kind == blog.Remote {
			d.value = c.Actor.URI
		}
		d.record, err = s.personRecord(r.Context(), blocks, c.Actor)
	} else {
		d.what.Domain, d.name, d.value = host, host, host
		d.record, err = s.serverRecord(r.Context(), blocks, c.Actor)
	}
	if rule != nil {
		d.ruled = rule.Value
	}
	if err != nil {
		return nil, fmt.Errorf("studio: decide: %w", err)
	}
	return d, nil
}

// mayRule reports whether the account may make rules about what comes.
func (d *decision) mayRule(me blog.Account) bool { return d.value != "" && me.MayAll(blog.BlockOthers) }

// rule carries out what was chosen about a person or server.
func (s *Studio) rule(r *http.Request, me blog.Account, d *decision) error {
	ctx := r.Context()
	if v, ok := verdicts[d.do]; ok {
		done, err := s.Page.Blog.ModerateAll(ctx, me.ID, d.what, v.verdict)
		if err == nil {
			s.sayDone(r, done, d.back, v.many, len(done.Comments))
		}
		return err
	}
	if !d.mayRule(me) {
		return blog.ErrForbidden
	}
	if d.do == "unrule" && d.ruled != "" {
		err := s.Page.Blog.RemoveBlock(ctx, me.ID, "", d.ruled)
		if err == nil {
			s.Page.Notify(r, templates.NoticeGood, "flash.rule-removed", d.name)
		}
		return err
	}
	said, ok := rulings[blog.Severity(d.do)]
	if !ok {
		return &blog.Invalid{Field: "do", Problem: "required"}
	}
	_, past, err := s.Page.Blog.AddBlock(ctx, me.ID, blog.NewBlock{
		Value: d.value, Severity: blog.Severity(d.do), Reason: d.reason, HidePast: d.past,
	})
	switch {
	case err != nil:
		return err
	case past.Batch != uuid.Nil:
		s.Page.NotifyUndo(r, &templates.Undo{Batch: past.Batch.String(), Back: d.back}, said+"-past", d.name, len(past.Comments))
	default:
		s.Page.Notify(r, templates.NoticeGood, said, d.name)
	}
	return nil
}

// rulings are what is said of a rule about somebody.
var rulings = map[blog.Severity]string{
	blog.SeverityBlock: "flash.blocked", blog.SeveritySilence: "flash.silenced", blog.SeverityAllow: "flash.allowed",
}

// report tells the moderators here, and there, of a comment.
func (s *Studio) report(r *http.Request, me blog.Account, d *decision) error {
	_, err := s.Page.Blog.Report(r.Context(), me.ID, d.comment.ID, d.reason, d.forward)
	if err != nil {
		return err
	}
	said := "flash.reported-here"
	if d.forward {
		said = "flash.reported"
	}
	s.Page.Notify(r, templates.NoticeGood, said)
	return nil
}

func (s *Studio) showDecision(w http.ResponseWriter, r *http.Request, me blog.Account, status int, d *decision) error {
	f, of, err := s.frame(r, me, "nav.comments")
	if err != nil {
		return err
	}
	f.Head.Title = f.T("inbox.report")
	if d.about != "report" {
		f.Head.Title = f.T("decide.title", d.name)
	}
	rows, err := s.inboxRows(r.Context(), f, me, []blog.Comment{d.comment}, d.back, nil)
	if err != nil {
		return err
	}
	p := &templates.DecidePage{
		Frame: f, Studio: of, About: d.about, Row: rows[0], Record: d.record, Reason: d.reason, Past: d.past, Forward: d.forward,
		Action: templates.StudioCommentPath(d.comment.ID.String()) + "/" + d.about, MayBlock: d.mayRule(me), Problems: d.problems,
	}
	if d.record != nil {
		p.Choices = d.choices(p.MayBlock)
	}
	return s.Page.RenderPrivate(w, r, status, p)
}

// choices are what can be decided, each with how many comments it changes.
func (d *decision) choices(rules bool) []templates.DecideChoice {
	b := d.record
	all := b.Shown + b.Waiting + b.Hidden + b.Spam
	list := []templates.DecideChoice{
		{Do: "approve", Label: i18n.M("decide.approve", all-b.Shown)},
		{Do: "hide", Label: i18n.M("decide.hide", all-b.Hidden)},
		{Do: "spam", Label: i18n.M("decide.spam", all-b.Spam)},
		{Do: "delete", Label: i18n.M("decide.delete", all), Help: i18n.M("decide.delete.help")},
	}
	if rules {
		list = append(list,
			templates.DecideChoice{Do: "silence", Label: i18n.M("decide.silence"), Help: i18n.M("decide.silence.help")},
			templates.DecideChoice{Do: "block", Label: i18n.M("decide.block"), Help: i18n.M("decide.block.help", b.Followers)},
			templates.DecideChoice{Do: "allow", Label: i18n.M("decide.allow"), Help: i18n.M("decide.allow.help")})
		if b.Rule != "" {
			list = append(list, templates.DecideChoice{Do: "unrule", Label: i18n.M("decide.unrule")})
		}
	}
	for i := range list {
		list[i].Selected = list[i].Do == d.do
	}
	return list
}
