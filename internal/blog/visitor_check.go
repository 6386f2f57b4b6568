package blog

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/http/httpguts"

	"kabar/internal/markup"
)

// Bounds of what a visitor hands in, in characters; of an address of mail in
// bytes (RFC 5321, section 4.5.3.1).
const (
	MaxVisitorText = 10_000
	MaxVisitorName = 100
	MaxEmail       = 254
)

// InvalidFields are all the fields of a form that are wrong.
type InvalidFields []*Invalid

func (f InvalidFields) Error() string {
	texts := make([]string, len(f))
	for i, one := range f {
		texts[i] = one.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap makes each of them found by errors.As.
func (f InvalidFields) Unwrap() []error {
	all := make([]error, len(f))
	for i, one := range f {
		all[i] = one
	}
	return all
}

// Check brings what was typed to its normal form and says what is wrong with
// it: nil or InvalidFields.
func (v *VisitorComment) Check() error {
	_, _, err := v.check()
	return err
}

func (v *VisitorComment) check() (Visitor, markup.Rendered, error) {
	var wrong InvalidFields
	note := func(err error) {
		var invalid *Invalid
		if errors.As(err, &invalid) {
			wrong = append(wrong, invalid)
		}
	}
	var visitor Visitor
	var err error
	visitor.Name, err = visitorName(v.Name)
	note(err)
	visitor.Email, err = NormalEmail(v.Email)
	note(err)
	visitor.Website, err = website(v.Website)
	note(err)
	v.Markdown = strings.TrimSpace(strings.Map(typeable, strings.ToValidUTF8(v.Markdown, "\uFFFD")))
	rendered, err := visitorText(v.Markdown)
	note(err)
	if wrong != nil {
		return Visitor{}, markup.Rendered{}, wrong
	}
	return visitor, rendered, nil
}

// typeable drops the control characters that a text may not have; line ends
// become one.
func typeable(r rune) rune {
	if unicode.IsControl(r) && r != '\n' && r != '\t' {
		return -1
	}
	return r
}

// visitorName is one line of text in which nothing hides or turns what stands
// around it.
func visitorName(typed string) (string, error) {
	if utf8.RuneCountInString(typed) > MaxVisitorName {
		return "", &Invalid{Field: "name", Problem: "too-long", Detail: fmt.Sprint(MaxVisitorName)}
	}
	name := markup.Name(typed)
	if name == "" {
		return "", &Invalid{Field: "name", Problem: "required"}
	}
	return name, nil
}

// emailPattern is what browsers take for an address of mail (HTML, section
// 4.10.5.1.5), with a dot in its domain. Nothing in it ends a header.
var emailPattern = regexp.MustCompile("^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$")

// NormalEmail is an address of mail in lower case, its domain in ASCII.
func NormalEmail(typed string) (string, error) {
	email := strings.ToLower(strings.TrimSpace(typed))
	if email == "" {
		return "", &Invalid{Field: "email", Problem: "required"}
	}
	local, domain, _ := strings.Cut(email, "@")
	if ascii, err := httpguts.PunycodeHostPort(domain); err == nil {
		email = local + "@" + strings.ToLower(ascii)
	}
	if len(email) > MaxEmail || !emailPattern.MatchString(email) {
		return "", &Invalid{Field: "email", Problem: "email"}
	}
	return email, nil
}

func website(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	if !strings.Contains(typed, ":") && strings.Contains(typed, ".") {
		typed = "https://" + typed // as people write it
	}
	address, ok := markup.SafeURL(typed)
	if !ok {
		return "", &Invalid{Field: "website", Problem: "website"}
	}
	return address, nil
}

func visitorText(markdown string) (markup.Rendered, error) {
	if utf8.RuneCountInString(markdown) > MaxVisitorText {
		return markup.Rendered{}, &Invalid{Field: "text", Problem: "too-long", Detail: fmt.Sprint(MaxVisitorText)}
	}
	rendered, err := markup.RenderSimple(markdown, false)
	switch {
	case errors.Is(err, markup.ErrTooDeep), errors.Is(err, markup.ErrTooDense):
		return rendered, &Invalid{Field: "text", Problem: "too-deep"}
	case err != nil:
		return rendered, renderError("text", err)
	case rendered.Text == "":
		return rendered, &Invalid{Field: "text", Problem: "required"}
	}
	return rendered, nil
}
