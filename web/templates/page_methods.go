package templates

import (
	"bytes"
	"html/template"
	"strconv"
)

// DisplayName is the name in plain text, the handle where there is none.
func (p Person) DisplayName() string {
	if p.Name != "" {
		return p.Name
	}
	return p.Handle
}

// Icon is the symbol of a notice.
func (n Notice) Icon() string {
	if n.Kind == NoticeGood {
		return "check"
	}
	return "alert"
}

// HasCode reports whether the page needs the colours of source code.
func (p *ArticlePage) HasCode() bool { return hasCode(p.Article.BodyHTML) }

// HasCode reports whether the page needs the colours of source code.
func (p *NotePage) HasCode() bool { return hasCode(p.Article.BodyHTML) }

// HasCode reports whether the preview needs the colours of source code.
func (p *EditorPage) HasCode() bool { return hasCode(p.PreviewHTML) }

func hasCode(html template.HTML) bool { return bytes.Contains([]byte(html), []byte(`class="chroma`)) }

// Key is the message key of the page's status: "title" or "help". What has no
// words of its own is the reader's mistake as a 400, or ours as a 500.
func (p *ErrorPage) Key(part string) string {
	status := p.Status
	switch {
	case status == 403, status == 404, status == 405, status == 410, status == 429, status == 503:
	case status >= 400 && status < 500:
		status = 400
	default:
		status = 500
	}
	return "error." + strconv.Itoa(status) + "." + part
}

// Lost reports whether there is no such page: what was meant may be found.
func (p *ErrorPage) Lost() bool { return p.Status == 404 || p.Status == 410 }

// Name is whom to follow.
func (p *FollowPage) Name() string {
	if name := p.Who.DisplayName(); name != "" {
		return name
	}
	return p.Site.Title
}

// Handle is the address of whom to follow.
func (p *FollowPage) Handle() string {
	if p.Who.Handle != "" {
		return p.Who.Handle
	}
	return p.Site.Handle
}

// FormFields are the fields of the profile, filled up to the four that most
// servers show.
func (p *SettingsPage) FormFields() []SettingsField {
	fields := append([]SettingsField(nil), p.Form.Fields...)
	for len(fields) < 4 {
		fields = append(fields, SettingsField{})
	}
	return fields
}

// MayRetry reports whether trying now could change anything.
func (s DeliveryServer) MayRetry() bool {
	return s.State == DeliveryPending || s.State == DeliverySuspended
}

// bar is one part of a stacked bar, in hundredths of its width.
type bar struct {
	Class    string
	X, Width string
}

// Bars draws the shares of delivered, pending and failed.
func (a DeliveryActivity) Bars() []bar {
	total := a.Delivered + a.Pending + a.Failed
	if total == 0 {
		return nil
	}
	bars, x := []bar{}, 0.0
	for _, part := range []struct {
		class string
		n     int
	}{{"f3", a.Delivered}, {"f2", a.Pending}, {"f4", a.Failed}} {
		width := 100 * float64(part.n) / float64(total)
		bars = append(bars, bar{part.class, decimal(x), decimal(width)})
		x += width
	}
	return bars
}

func decimal(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// OwnPolicy reports whether anything is set for this article alone, or is wrong
// with that.
func (p *EditorPage) OwnPolicy() bool {
	f := p.Form
	wrong := false
	for _, field := range []string{"comments", "close_after", "web_comments", "quotes"} {
		_, is := p.Problems[field]
		wrong = wrong || is
	}
	return wrong || f.Comments+f.CloseAfter+f.WebComments+f.Quotes != ""
}
