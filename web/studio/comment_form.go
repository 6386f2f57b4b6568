package studio

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// replyUpload is the size of the form to answer: its pictures and the text.
const replyUpload = 3*maxUpload + page.SmallForm

// answer is a form of one row that stands open, as it was typed.
type answer struct {
	comment  blog.Comment
	edit     bool // the form to edit, not the one to reply
	reply    blog.Reply
	preview  *blog.Comment
	problems templates.Problems
	said     *templates.Notice
}

// asked is the form that the address asks for with ?reply= or ?edit=; nil for
// none, and for one that is not to be had.
func (s *Studio) asked(r *http.Request, me blog.Account) (*answer, error) {
	for _, name := range []string{"reply", "edit"} {
		id, err := uuid.Parse(r.URL.Query().Get(name))
		if err != nil {
			continue
		}
		c, err := s.commentFor(r.Context(), me, id)
		if err != nil {
			return nil, err
		}
		return s.openAnswer(c, me, name == "edit"), nil
	}
	return nil, nil
}

// openAnswer is an empty form, or the one to edit; nil where there is none.
func (s *Studio) openAnswer(c blog.Comment, me blog.Account, edit bool) *answer {
	_, err := blog.ReplyPlace(c)
	switch {
	case edit && c.ByAuthor() && me.May(blog.ChangeReply, c.AccountID):
		a := &answer{comment: c, edit: true, reply: blog.Reply{Markdown: c.Markdown, Warning: c.Warning, Language: c.Language}}
		for _, file := range c.Attachments {
			if name, ours := strings.CutPrefix(file.URL, s.Page.Origin+blog.MediaPath); ours {
				a.reply.Attachments = append(a.reply.Attachments, blog.ReplyAttachment{Media: name, Description: file.Description})
			}
		}
		return a
	case edit || err != nil:
		return nil
	}
	return &answer{comment: c, reply: blog.Reply{Language: c.Language}}
}

// commentFor is a comment that the account may see. What readers do not see is
// for moderators and for whom it is from.
func (s *Studio) commentFor(ctx context.Context, me blog.Account, id uuid.UUID) (blog.Comment, error) {
	c, err := s.Page.Blog.Comment(ctx, id)
	if err != nil {
		return c, fmt.Errorf("studio: comment: %w", err)
	}
	if !c.Shown() && !me.MayAll(blog.ModerateComments) && !(c.ByAuthor() && me.May(blog.ChangeReply, c.AccountID)) {
		return blog.Comment{}, blog.ErrForbidden
	}
	return c, nil
}

// parseReply reads a form of a row, with or without pictures.
func parseReply(w http.ResponseWriter, r *http.Request) (done func(), err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return func() {}, page.ParseForm(w, r, page.SmallForm)
	}
	if err := page.ParseUpload(w, r, replyUpload); err != nil {
		return func() {}, err
	}
	return func() { _ = r.MultipartForm.RemoveAll() }, nil // of the system's temporary files
}

// readAnswer reads what was typed. The pictures that were chosen are taken in
// at once, since a browser does not keep them; what is wrong with them is an
// *blog.Invalid of the field "attachments".
func (s *Studio) readAnswer(r *http.Request, me blog.Account, c blog.Comment) (*answer, error) {
	do := r.PostFormValue("do")
	a := &answer{comment: c, edit: do == "edit" || r.PostFormValue("editing") != "", reply: blog.Reply{
		Comment: c.ID, Markdown: r.PostFormValue("text"), Warning: r.PostFormValue("warning"), Language: r.PostFormValue("language"),
	}}
	dropped, _ := strings.CutPrefix(do, "drop:")
	alts := r.PostForm["alt"]
	for i, name := range r.PostForm["media"] {
		if i < len(alts) && name != dropped && !a.has(name) {
			a.reply.Attachments = append(a.reply.Attachments, blog.ReplyAttachment{Media: name, Description: alts[i]})
		}
	}
	if r.MultipartForm == nil {
		return a, nil
	}
	for _, file := range r.MultipartForm.File["file"] {
		if err := s.attach(r.Context(), me, a, file); err != nil {
			return a, err
		}
	}
	return a, nil
}

func (a *answer) has(media string) bool {
	return slices.ContainsFunc(a.reply.Attachments, func(b blog.ReplyAttachment) bool { return b.Media == media })
}

// attach takes one picture in.
func (s *Studio) attach(ctx context.Context, me blog.Account, a *answer, file *multipart.FileHeader) error {
	if file.Filename == "" {
		return nil
	}
	if len(a.reply.Attachments) >= blog.MaxReplyAttachments {
		return &blog.Invalid{Field: "attachments", Problem: "too-many", Detail: fmt.Sprint(blog.MaxReplyAttachments)}
	}
	if file.Size > maxUpload {
		return &blog.Invalid{Field: "attachments", Problem: "image-large"}
	}
	open, err := file.Open()
	if err != nil {
		return fmt.Errorf("studio: read upload: %w", err)
	}
	defer open.Close()
	data, err := io.ReadAll(open)
	if err != nil {
		return fmt.Errorf("studio: read upload: %w", err)
	}
	m, err := s.Uploads.Add(ctx, me.ID, file.Filename, "", data)
	var invalid *blog.Invalid
	switch {
	case errors.As(err, &invalid):
		return &blog.Invalid{Field: "attachments", Problem: invalid.Problem, Detail: invalid.Detail}
	case err != nil:
		return fmt.Errorf("studio: upload: %w", err)
	case !a.has(m.Name):
		a.reply.Attachments = append(a.reply.Attachments, blog.ReplyAttachment{Media: m.Name, Description: m.Description})
	}
	return nil
}

// look makes the preview of an answer, which also finds what is wrong with it.
func (s *Studio) look(ctx context.Context, a *answer) (blog.Comment, error) {
	if a.edit {
		return s.Page.Blog.PreviewEdit(ctx, a.comment.ID, a.reply)
	}
	return s.Page.Blog.PreviewReply(ctx, a.reply)
}

// refuse notes what is wrong, at the fields of the form.
func (a *answer) refuse(problems templates.Problems) {
	a.problems = templates.Problems{}
	for field, problem := range problems {
		switch field {
		case "warning", "language", "attachments", "comment":
		default:
			field = "text"
		}
		a.problems[field] = problem
	}
}

// replyForm shows an answer that is being written.
func (s *Studio) replyForm(
	ctx context.Context, f templates.Frame, c blog.Comment, a *answer, back string,
) (*templates.ReplyForm, error) {
	form := &templates.ReplyForm{
		ID: c.ID.String(), Edit: a.edit, Approve: !a.edit && c.State != blog.Visible, Private: c.Private(),
		Back: back, Text: a.reply.Markdown, Warning: a.reply.Warning, Problems: a.problems,
		Languages: languageChoices(f.UILang(), a.reply.Language), Room: blog.MaxReplyAttachments - len(a.reply.Attachments),
	}
	if form.Private {
		form.Only = c.Actor.Label()
		if a.edit {
			form.Only = named(c)
		}
	}
	if a.preview != nil {
		form.Preview = &templates.ReplyPreview{
			HTML:    template.HTML(a.preview.HTML.String()), // markup.Safe
			Warning: a.preview.Warning, Language: a.preview.Language,
		}
	}
	for _, picture := range a.reply.Attachments {
		m, err := s.Page.Blog.Media(ctx, picture.Media)
		if errors.Is(err, blog.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("studio: reply: %w", err)
		}
		form.Pictures = append(form.Pictures, templates.ReplyPicture{Name: m.Name, Image: templates.Image{
			URL: blog.MediaPath + m.Name, Alt: picture.Description, Width: m.Width, Height: m.Height,
		}})
	}
	return form, nil
}

// named are those whom a private answer of ours is to.
func named(c blog.Comment) string {
	var handles []string
	for _, m := range c.Mentions {
		handles = append(handles, "@"+strings.TrimPrefix(m.Handle, "@"))
	}
	return strings.Join(handles, ", ")
}
