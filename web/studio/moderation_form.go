package studio

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/templates"
)

// errTyped says that what was typed is no number.
var errTyped = errors.New("a field of the form is wrong")

// maxTyped is said of what is no number; what a number may be is for package
// blog to say.
const maxTyped = "100000"

// moderationForm puts the settings into the form.
func moderationForm(site blog.Site) templates.ModerationForm {
	form := templates.ModerationForm{
		Policy: string(site.Comments.Policy), Web: site.Comments.Web, WebHold: site.Comments.WebHold,
		Quotes: string(site.QuotePolicy), AllowList: site.AllowList,
		Wait: strconv.Itoa(site.Spam.Wait), Spam: strconv.Itoa(site.Spam.Spam),
	}
	if site.Comments.CloseDays > 0 {
		form.CloseDays = strconv.Itoa(site.Comments.CloseDays)
	}
	for _, rule := range site.Spam.Rules() {
		form.Rules = append(form.Rules, templates.SpamRuleForm{
			Name: rule.Name, On: rule.On, Limit: strconv.Itoa(rule.Limit), Points: strconv.Itoa(rule.Points),
		})
	}
	return form
}

// typedModeration reads the form as it was typed.
func typedModeration(r *http.Request) templates.ModerationForm {
	typed := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	form := templates.ModerationForm{
		Policy: typed("comments"), CloseDays: typed("close_after"), Web: typed("web") != "", WebHold: typed("web_hold") != "",
		Quotes: typed("quotes"), AllowList: typed("allow_list") != "", Wait: typed("wait"), Spam: typed("spam"),
	}
	for _, rule := range new(blog.SpamSettings).Rules() {
		form.Rules = append(form.Rules, templates.SpamRuleForm{
			Name: rule.Name, On: typed(rule.Name) != "", Limit: typed(rule.Name + "-limit"), Points: typed(rule.Name + "-points"),
		})
	}
	return form
}

// readModeration puts the form into the settings, and tells which fields are no
// numbers.
func readModeration(form templates.ModerationForm, site *blog.Site) templates.Problems {
	wrong := templates.Problems{}
	number := func(field, text string) int {
		n, err := strconv.Atoi(text)
		if err != nil && text != "" {
			wrong[field] = i18n.M("problem.number", maxTyped)
		}
		return n
	}
	site.Comments = blog.CommentSettings{
		Policy: blog.CommentPolicy(form.Policy), CloseDays: number("close_after", form.CloseDays), Web: form.Web, WebHold: form.WebHold,
	}
	site.QuotePolicy, site.AllowList = blog.QuotePolicy(form.Quotes), form.AllowList
	site.Spam.Wait, site.Spam.Spam = number("wait", form.Wait), number("spam", form.Spam)
	for i, rule := range site.Spam.Rules() {
		typed := form.Rules[i]
		rule.On, rule.Limit, rule.Points = typed.On, number(rule.Name, typed.Limit), number(rule.Name, typed.Points)
	}
	return wrong
}

// moderationFields names problems by the fields of the form.
func moderationFields(problems templates.Problems) templates.Problems {
	named := templates.Problems{}
	for setting, problem := range problems {
		field := map[string]string{
			"comments.policy": "comments", "comments.close_days": "close_after", "quote_policy": "quotes",
		}[setting]
		if rule, ok := strings.CutPrefix(setting, "spam."); ok {
			field = strings.ReplaceAll(rule, "_", "-")
		}
		named[field] = problem
	}
	return named
}
