package templates

import "kabar/internal/i18n"

func sampleRespond() Respond {
	return Respond{
		Article: "a1", ObjectURL: "https://example.social/ap/objects/1", Web: true, Hold: true, Mail: true, Stamp: "st4mp",
		Waiting: true, Held: []Comment{{ID: "t99", Author: evil, AnswersTo: "Mika", Published: at(23, 17, 20), ContentHTML: "<p>Menunggu.</p>"}},
	}
}

// respondPages are the pages of the form for visitors: filled, refused, gone,
// and those that their mails lead to.
func respondPages(f Frame) map[string]Page {
	link := Link{Text: "Enam kebiasaan", URL: "/enam-kebiasaan"}
	filled := sampleRespond()
	filled.Cancel, filled.To = link.URL+"#respond", &RespondTo{ID: "t1", Name: "Mika", URL: CommentPath + "t1"}
	filled.Form = RespondForm{Name: `"><script>`, Email: "salah", Website: "javascript:x", Text: "</textarea><b>", Notify: true, Remember: true}
	filled.Problems = Problems{"": i18n.M("respond.quick"), "email": i18n.M("problem.email"), "website": i18n.M("problem.website"), "text": i18n.M("problem.required")}
	closed := Respond{Article: "a1", Closed: true, ClosedOn: at(20, 7, 30), Form: RespondForm{Text: "Sayang."}}
	to := Comment{ID: "t1", Author: mika, Warning: "Politik", Language: "id", Published: at(21, 18, 5), ContentHTML: "<p>Kena sekali.</p>"}
	return map[string]Page{
		"respond":        &RespondPage{Frame: f, Article: link, To: &to, Respond: filled, PreviewHTML: "<p>Bagus <strong>sekali</strong>.</p>"},
		"respond-closed": &RespondPage{Frame: f, Article: link, Respond: closed},
		"respond-off":    &RespondPage{Frame: f, Article: link, Respond: Respond{Article: "a1"}},
		"leave":          &LeavePage{Frame: f, Token: "t0k3n", Article: link},
		"left":           &LeavePage{Frame: f, Article: link, Done: true},
		"confirm":        &LeavePage{Frame: f, Confirm: true, Token: "t0k3n", Article: link},
		"confirmed":      &LeavePage{Frame: f, Confirm: true, Article: link, Done: true},
	}
}
