package studio_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

func TestApproveAndReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Moderator)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Waiting, blog.Public})
	form := b.get("/studio/comments?reply=" + id.String()).doc.Find("#form-" + id.String())
	differ(t, "offered", "approve-reply", form.Find(".primary").AttrOr("value", ""))
	bad := b.post(path(id), url.Values{"do": {"approve-reply"}, "text": {" "}, "warning": {"Doors"}})
	differ(t, "empty", http.StatusUnprocessableEntity, bad.status)
	differ(t, "warning kept", "Doors", bad.doc.Find("[name=warning]").AttrOr("value", ""))
	differ(t, "still waits", blog.Waiting, w.state(id))
	got := b.post(path(id), url.Values{"do": {"approve-reply"}, "text": {"Welcome"}, "language": {"id"}})
	differ(t, "sent", http.StatusSeeOther, got.status)
	differ(t, "shown", blog.Visible, w.state(id))
	list := b.get("/studio/comments")
	differ(t, "said", "The comment and your reply stand on the page.", list.say(".notice"))
	differ(t, "rows", []string{"Welcome", "Hello"}, texts(list))
	differ(t, "language", "id", list.doc.Find(".said div[lang]").First().AttrOr("lang", ""))
}

func TestPreviewOfReply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	seen := b.post(path(id), url.Values{"do": {"preview"}, "text": {"Thank *you*."}, "warning": {"Doors"}, "language": {"fr"}})
	differ(t, "status", http.StatusOK, seen.status)
	differ(t, "preview", "Thank you.", seen.say(".preview [lang=fr]"))
	differ(t, "warning", "Doors", seen.say(".preview summary"))
	differ(t, "text", "Thank *you*.", seen.doc.Find("#text-"+id.String()).Text())
	differ(t, "language", "fr", seen.doc.Find("option[selected]").AttrOr("value", ""))
	differ(t, "nothing sent", 1, b.get("/studio/comments").doc.Find(".item").Length())
	own := b.post(path(id), url.Values{"do": {"preview"}, "text": {"Hi"}, "back": {path(id)}})
	differ(t, "on its own page", 1, own.doc.Find(".item.alone .preview").Length())
	differ(t, "default language", "en", b.get("/studio/comments?reply="+id.String()).doc.Find("option[selected]").AttrOr("value", ""))
}

// Pictures that were uploaded stay, whatever is wrong, until they are removed.
func TestReplyWithPictures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	file := map[string][]byte{"file": drawing(t)}
	media := func(a answer) string { return a.doc.Find("[name=media]").AttrOr("value", "") }

	added := b.send(path(id), url.Values{"do": {"attach"}, "text": {"Look"}}, file)
	differ(t, "added", http.StatusOK, added.status)
	differ(t, "text kept", "Look", added.doc.Find("#text-"+id.String()).Text())
	name := media(added)
	undescribed := b.send(path(id), url.Values{"do": {"reply"}, "text": {"Look"}, "media": {name}, "alt": {" "}}, nil)
	differ(t, "without a description", http.StatusUnprocessableEntity, undescribed.status)
	differ(t, "says so", true, strings.Contains(undescribed.say(".problem"), "Describe this image"))
	differ(t, "kept", name, media(undescribed))
	empty := b.send(path(id), url.Values{"do": {"reply"}, "text": {""}, "media": {name}, "alt": {"A square"}}, nil)
	differ(t, "without a text", http.StatusUnprocessableEntity, empty.status)
	differ(t, "description kept", "A square", empty.doc.Find("[name=alt]").Text())
	broken := b.send(path(id), url.Values{"do": {"reply"}, "text": {"Look"}, "media": {name}, "alt": {"A square"}}, map[string][]byte{"file": []byte("no picture")})
	differ(t, "what is no picture", http.StatusUnprocessableEntity, broken.status)
	differ(t, "the other is kept", name, media(broken))
	dropped := b.send(path(id), url.Values{"do": {"drop:" + name}, "text": {"Look"}, "media": {name}, "alt": {"A square"}}, nil)
	differ(t, "removed", "", media(dropped))
	unknown := b.send(path(id), url.Values{"do": {"reply"}, "text": {"Look"}, "media": {"../../etc/passwd"}, "alt": {"x"}}, nil)
	differ(t, "unknown name", http.StatusUnprocessableEntity, unknown.status)

	five := b.send(path(id), url.Values{"do": {"attach"}, "text": {"Look"}, "media": {"a", "b", "c", "d"}, "alt": make([]string, 4)}, file)
	differ(t, "a fifth", "Too many (at most 4).", five.say(".problem"))

	sent := b.send(path(id), url.Values{"do": {"reply"}, "text": {"Look"}, "media": {name}, "alt": {"A square"}}, nil)
	differ(t, "sent", http.StatusSeeOther, sent.status)
	list := b.get("/studio/comments")
	differ(t, "shown", "A square", list.doc.Find(".item figure img").First().AttrOr("alt", ""))
	mine := list.doc.Find(".item").First().AttrOr("id", "")
	edit := b.get("/studio/comments?edit=" + strings.TrimPrefix(mine, "c-"))
	differ(t, "to edit", []string{name, "A square"}, []string{media(edit), edit.doc.Find("[name=alt]").Text()})
}

// A private message is answered in private, and the form says so.
func TestPrivateAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, _ := w.signedIn(blog.Owner)
	author, _ := w.signedIn(blog.Author)
	id := w.addComment(comment{uuid.Nil, w.addActor("remote", "mika", "danau.example"), "Psst", blog.Visible, blog.Direct})
	form := b.get("/studio/comments?reply=" + id.String())
	differ(t, "says who sees it", "Only Mika will see this. It stands on no page.", form.say(".inline-reply .private"))
	differ(t, "button", "Send privately", form.say(".inline-reply .primary"))
	differ(t, "sent", http.StatusSeeOther, b.post(path(id), url.Values{"do": {"reply"}, "text": {"Hush"}}).status)
	list := b.get("/studio/comments?show=private")
	differ(t, "said", "Your private reply is sent.", list.say(".notice"))
	differ(t, "both", []string{"Hush", "Psst"}, texts(list))
	differ(t, "marked", 2, list.doc.Find(".item.not-public .status.private").Length())
	differ(t, "an author sees neither", []string{}, texts(author.get("/studio/comments")))
	for _, do := range []string{"reply", "hide", "like"} {
		differ(t, "an author, "+do, http.StatusForbidden, author.post(path(id), url.Values{"do": {do}, "text": {"x"}}).status)
	}
	for _, do := range []string{"edit", "preview"} {
		got := b.post(path(id), url.Values{"do": {do}, "editing": {"1"}, "text": {"x"}}).status
		differ(t, "not ours, "+do, http.StatusForbidden, got)
	}
	lost := w.addComment(comment{uuid.Nil, w.addActor("remote", "joao", "danau.example"), "Lost", blog.Visible, blog.Public})
	got := b.post(path(lost), url.Values{"do": {"reply"}, "text": {"Long story"}})
	differ(t, "no place", http.StatusUnprocessableEntity, got.status)
	differ(t, "text kept", "Long story", got.doc.Find("#text-"+lost.String()).Text())
}

// What was typed outlives the session.
func TestSignedOutKeepsText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	me := w.addAccount("budi", blog.Owner)
	a := w.publish(me.ID, "Rumah")
	id := w.addComment(comment{a.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	text := "Line one\nline \"two\" <b>&amp;"
	tests := []struct {
		name, path, field string
		send              func(b *browser) answer
	}{
		{"reply", path(id), "text", func(b *browser) answer {
			return b.post(path(id), url.Values{"do": {"reply"}, "text": {text}, "warning": {"Doors"}})
		}},
		{"article", "/studio/articles/new", "source", func(b *browser) answer {
			return b.send("/studio/articles/new", url.Values{"do": {"publish"}, "title": {"T"}, "source": {text}, "language": {"en"}}, map[string][]byte{"cover": drawing(t)})
		}},
	}
	for _, tt := range tests {
		b := w.browser()
		late := tt.send(b)
		differ(t, tt.name, http.StatusForbidden, late.status)
		kept := late.doc.Find("[name=kept]").AttrOr("value", "")
		wrong := b.post("/studio/login", url.Values{"email": {"budi"}, "password": {"wrong one, sorry"}, "kept": {kept}})
		differ(t, "kept after a wrong password", kept, wrong.doc.Find("[name=kept]").AttrOr("value", ""))
		in := b.post("/studio/login", url.Values{"email": {"budi"}, "password": {password}, "kept": {kept}})
		differ(t, tt.name, http.StatusOK, in.status)
		form := url.Values{}
		for _, input := range in.doc.Find("form input[type=hidden]").Nodes {
			values := map[string]string{}
			for _, at := range input.Attr {
				values[at.Key] = at.Val
			}
			form.Add(values["name"], values["value"])
		}
		differ(t, "where to", tt.path, in.doc.Find("form").First().AttrOr("action", ""))
		form.Set("do", in.doc.Find("form button").AttrOr("value", ""))
		submit := b.post
		if in.doc.Find("form").First().AttrOr("enctype", "") != "" {
			submit = func(path string, form url.Values) answer { return b.send(path, form, nil) }
		}
		back := submit(tt.path, form)
		differ(t, tt.name, http.StatusOK, back.status)
		differ(t, tt.name+" comes back", text, strings.ReplaceAll(back.doc.Find("textarea[name="+tt.field+"]").Text(), "\r\n", "\n"))
	}
	b := w.browser()
	differ(t, "a button alone", "303 /studio/login?next=%2Fstudio", b.post(path(id), url.Values{"do": {"hide"}, "back": {"/studio/comments"}}).String())
	large := b.post(path(id), url.Values{"do": {"reply"}, "text": {strings.Repeat("x", 3<<20)}})
	differ(t, "too large", http.StatusSeeOther, large.status)
	pass := b.post("/studio/settings", url.Values{"password": {"secret"}})
	differ(t, "passwords are dropped", http.StatusSeeOther, pass.status)
	for _, to := range []string{"//evil.example/", "https://evil.example/studio/x", "/studio/logout", "/feed.atom", "/studio/\\evil"} {
		forged := b.post("/studio/login", url.Values{"email": {"budi"}, "password": {password}, "kept": {forge(to)}})
		differ(t, "forged to "+to, "303 /studio", forged.String())
	}
}

// forge is a kept form that leads somewhere else.
func forge(to string) string {
	raw, _ := json.Marshal(map[string]any{"to": to, "fields": map[string][]string{"text": {"x"}}}) // strings only
	return base64.RawURLEncoding.EncodeToString(raw)
}
