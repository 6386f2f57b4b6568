package templates

// commentText is the text, the poll and the files. What is long is folded by
// the style alone: all of it stands in the e-content.
func (w *writer) commentText(c *Comment) {
	if c.Long {
		w.raw(`<input type="checkbox" class="unfold hidden-text" id="f-`)
		w.text(c.ID)
		w.raw(`">`)
	}
	w.raw(`<div class="e-content"`, string(w.LangAttrAuto(c.Language)), `>`, string(c.ContentHTML), `</div>`)
	if c.Long {
		w.raw(`<label class="interface" for="f-`)
		w.text(c.ID)
		w.raw(`">`)
		w.say("comment.whole")
		w.raw(`</label>`)
	}
	if c.Poll {
		w.raw(`<p class="attachment interface"><a href="`)
		w.link(c.URL)
		w.raw(`" rel="nofollow ugc">`)
		w.icon("chart")
		w.raw(" ")
		w.say("comment.poll")
		w.raw(`</a></p>`)
	}
	for _, a := range c.Attachments {
		a.Sensitive = a.Sensitive && c.Warning == "" // what is folded already is not covered again
		w.attachment(a)
	}
}

// commentFoot are the ways to answer it, what people did to it, and its origin.
func (w *writer) commentFoot(c *Comment) {
	w.raw(`<footer class="row quiet plain">`)
	reply, symbol := "comment.reply", "reply"
	if c.RespondURL != "" {
		w.raw(`<a href="`)
		w.link(c.RespondURL)
		w.raw(`" rel="nofollow" title="`)
		w.say("comment.respond")
		w.raw(`">`)
		w.replyTo(symbol, reply, c)
		reply, symbol = "comment.reply.remote", "globe"
	}
	if c.ReplyURI != "" {
		w.raw(`<a href="`, InteractPath, `?uri=`)
		w.query(c.ReplyURI)
		w.raw(`" rel="nofollow" data-dialog="reply" data-uri="`)
		w.text(c.ReplyURI)
		w.raw(`">`)
		w.replyTo(symbol, reply, c)
	}
	if len(c.Reactions) > 0 {
		w.reactions(c)
	}
	if !c.Local {
		w.raw(`<a class="u-url" href="`)
		w.link(c.URL)
		w.raw(`" rel="nofollow ugc">`)
		w.say("comment.origin")
		w.raw(`</a>`)
	}
	w.raw(`</footer>`)
}

func (w *writer) replyTo(symbol, key string, c *Comment) {
	w.icon(symbol)
	w.raw(" ")
	w.say(key)
	w.raw(`<span class="hidden-text"> `)
	w.text(c.Author.DisplayName())
	w.raw(`</span></a>`)
}

// reactions are the counts, and behind them who it was.
func (w *writer) reactions(c *Comment) {
	list := newReacted(w.Frame, c.Reactions)
	w.raw(`<details class="reactions"><summary>`)
	for _, r := range list {
		w.raw(`<span>`)
		w.raw(string(r.Sign()))
		w.raw(" ")
		w.number(r.Count)
		w.raw(`<span class="hidden-text"> `)
		if r.Faced() {
			w.say("count."+r.Kind+"s", r.Count)
		} else {
			w.text(r.Name)
		}
		w.raw(`</span></span>`)
	}
	w.raw(`</summary><ul>`)
	for _, r := range list {
		w.raw(`<li>`)
		w.raw(string(r.Sign()))
		for i, p := range r.People {
			if i > 0 {
				w.raw(`,`)
			}
			w.raw(" ")
			end := w.linked(p.URL, ``)
			w.raw(`<bdi>`)
			w.name(p)
			w.raw(`</bdi>`, end)
		}
		if others := r.Others(); others > 0 {
			w.raw(` <a href="`)
			w.link(r.Page(c.ReactionsURL))
			w.raw(`" rel="nofollow">`)
			w.say("reactions.others", others)
			w.raw(`</a>`)
		}
		w.raw(`</li>`)
	}
	w.raw(`</ul></details>`)
}
