package studio_test

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/uuid"

	"kabar/internal/blog"
)

var everyRole = []blog.Role{blog.Owner, blog.Editor, blog.Author, blog.Moderator}

func statuses(owner, editor, author, moderator int) map[blog.Role]int {
	return map[blog.Role]int{blog.Owner: owner, blog.Editor: editor, blog.Author: author, blog.Moderator: moderator}
}

// TestRoleForms does the same for what changes something.
func TestRoleForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	article := w.publish(uuid.Nil, "Nobody's")
	id := w.addComment(comment{article.ID, w.addActor("remote", "mika", "danau.example"), "Hello", blog.Visible, blog.Public})
	reply, err := w.blog.Reply(t.Context(), uuid.Nil, blog.Reply{Comment: id, Markdown: "From the command line"})
	check(t, err)
	follower := w.actor.String() + "." + w.addFollower("joao", "maresia.example").String()
	tests := []struct {
		name, path string
		in         url.Values
		want       map[blog.Role]int
	}{
		{"edit", "/studio/articles/" + article.ID.String(), typed("preview", "revision", "1"), statuses(200, 200, 403, 403)},
		{"write", "/studio/articles/new", typed("draft"), statuses(303, 303, 303, 403)},
		{"reply", "/studio/comments/" + id.String(), url.Values{"do": {"reply"}, "text": {"Hi"}}, statuses(303, 303, 303, 303)},
		{"hide", "/studio/comments/" + id.String(), url.Values{"do": {"hide"}}, statuses(303, 303, 403, 303)},
		{"approve", "/studio/comments/" + id.String(), url.Values{"do": {"approve"}}, statuses(303, 303, 403, 303)},
		{"edit an answer of another", "/studio/comments/" + reply.ID.String(), url.Values{"do": {"edit"}, "text": {"Hi"}}, statuses(303, 303, 403, 403)},
		{"delete an answer of another", "/studio/comments/" + reply.ID.String(), url.Values{"do": {"delete"}}, statuses(303, 410, 403, 403)},
		{"add a block", "/studio/blocks", url.Values{"do": {"add"}, "severity": {"block"}, "value": {"evil.example"}}, statuses(303, 403, 403, 303)},
		{"take it back", "/studio/blocks", url.Values{"do": {"remove"}, "kind": {"domain"}, "value": {"evil.example"}}, statuses(303, 403, 403, 404)},
		{"remove a follower", "/studio/followers", url.Values{"do": {"remove"}, "actor": {follower}}, statuses(303, 404, 403, 404)},
		{"block a follower", "/studio/followers", url.Values{"do": {"block"}, "actor": {follower}}, statuses(303, 403, 403, 303)},
		{"try now", "/studio/deliveries", url.Values{"do": {"retry"}, "all": {"1"}}, statuses(303, 303, 403, 403)},
		{"policies", "/studio/moderation", url.Values{"do": {"save"}, "comments": {"nobody"}}, statuses(422, 403, 403, 403)},
		{"a word", "/studio/words", url.Values{"do": {"add"}, "kind": {"word"}, "severity": {"silence"}, "value": {"pinjol"}}, statuses(303, 403, 403, 303)},
		{"a list", "/studio/blocks/import", url.Values{"do": {"import"}, "list": {"x.example"}}, statuses(400, 403, 403, 400)},
		{"settings", "/studio/settings", settingsForm("title", " "), statuses(422, 403, 403, 403)},
	}
	browsers := map[blog.Role]*browser{}
	for _, role := range everyRole {
		browsers[role], _ = w.signedIn(role)
	}
	for _, tt := range tests {
		for _, role := range everyRole {
			got := browsers[role].submit(tt.path, tt.in)
			if got.status != tt.want[role] {
				t.Errorf("%s, %s: %d, want %d", tt.name, role, got.status, tt.want[role])
			}
		}
		got := w.browser().post(tt.path, tt.in)
		if kept := got.doc.Find("form:has(#email) [name=kept]").Length() == 1; kept {
			differ(t, "signed out with a text: "+tt.name, http.StatusForbidden, got.status)
			continue
		}
		differ(t, "signed out: "+tt.name, "303 /studio/login?next=%2Fstudio", got.String())
	}
}

// Authors see and change their own things only.
func TestAuthorsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, me := w.signedIn(blog.Author)
	mine, other := w.publish(me.ID, "Mine"), w.publish(uuid.Nil, "Theirs")
	list := b.get("/studio/articles").doc.Find("tbody th").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
	differ(t, "list", []string{"Mine"}, list)
	for _, tt := range []struct {
		id   uuid.UUID
		want int
	}{{mine.ID, http.StatusSeeOther}, {other.ID, http.StatusForbidden}} {
		got := b.send("/studio/articles/"+tt.id.String(), typed("delete", "revision", "1"), nil)
		differ(t, "delete "+strconv.Itoa(tt.want), tt.want, got.status)
	}
}
