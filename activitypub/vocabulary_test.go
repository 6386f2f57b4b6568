package activitypub

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestVisibility(t *testing.T) {
	t.Parallel()
	const followers = "https://a.example/u/circle"
	tests := []struct {
		name, in, followers string
		want                Visibility
	}{
		{"to Public", `{"to":["https://www.w3.org/ns/activitystreams#Public"]}`, followers, VisibilityPublic},
		{"as:Public", `{"to":"as:Public"}`, followers, VisibilityPublic},
		{"bare Public", `{"to":"Public"}`, followers, VisibilityPublic},
		{"Public as an object", `{"to":{"id":"as:Public"}}`, followers, VisibilityPublic},
		{"cc Public", `{"to":"` + followers + `","cc":"as:Public"}`, followers, VisibilityUnlisted},
		{"to followers", `{"to":"` + followers + `","cc":"https://b.example/u"}`, followers, VisibilityFollowers},
		{"cc followers", `{"to":"https://b.example/u","cc":"` + followers + `"}`, followers, VisibilityFollowers},
		{"followers of somebody else", `{"to":"https://b.example/u/followers"}`, followers, VisibilityDirect},
		{"followers that are not known", `{"to":"https://b.example/u/followers"}`, "", VisibilityFollowers},
		{"a person", `{"to":"https://b.example/u"}`, "", VisibilityDirect},
		{"nobody", `{}`, "", VisibilityDirect},
		{"bto does not count", `{"bto":"as:Public","bcc":"as:Public","audience":"as:Public"}`, "", VisibilityDirect},
		{"what only looks like Public", `{"to":["https://evil.example/ns/activitystreams#Public","public","AS:Public"]}`, "", VisibilityDirect},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := decode(t, test.in).Visibility(test.followers); got != test.want {
				t.Errorf("Visibility(%q) = %s, want %s", test.followers, got, test.want)
			}
		})
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"none", `{"content":"a"}`, ""},
		{"the first of contentMap", `{"contentMap":{"id":"a","en":"b"},"nameMap":{"fr":"c"}}`, "id"},
		{"the one whose text is the content", `{"content":"b","contentMap":{"id":"a","en":"b"}}`, "en"},
		{"the first when none is", `{"content":"c","contentMap":{"id":"a","en":"b"}}`, "id"},
		{"of the name", `{"content":"a","nameMap":{"id":"b"}}`, "id"},
		{"of the summary", `{"summaryMap":{"id":"b"}}`, "id"},
		{"not determined", `{"contentMap":{"und":"b"}}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, decode(t, test.in).Language()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"a string", `{"id":"https://a.example/1","url":"https://a.example/p"}`, "https://a.example/p"},
		{"a link", `{"url":{"type":"Link","href":"https://a.example/p"}}`, "https://a.example/p"},
		{"the page of several", `{"url":[{"type":"Link","href":"https://a.example/v.mp4","mediaType":"video/mp4"},{"type":"Link","href":"https://a.example/p","mediaType":"text/html; charset=utf-8"}]}`, "https://a.example/p"},
		{"none but a file", `{"id":"https://a.example/1","url":{"type":"Link","href":"https://a.example/v.mp4","mediaType":"video/mp4"}}`, "https://a.example/1"},
		{"another scheme", `{"id":"https://a.example/1","url":"javascript:alert(1)"}`, "https://a.example/1"},
		{"none", `{"id":"https://a.example/1"}`, "https://a.example/1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, decode(t, test.in).Page()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIsVote(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     bool
	}{
		{"a vote", `{"type":"Note","name":"Tea","inReplyTo":"https://a.example/1"}`, true},
		{"with content", `{"type":"Note","name":"Tea","content":"<p>Tea</p>","inReplyTo":"https://a.example/1"}`, false},
		{"with content in a language", `{"type":"Note","name":"Tea","contentMap":{"en":"Tea"},"inReplyTo":"https://a.example/1"}`, false},
		{"without a name", `{"type":"Note","inReplyTo":"https://a.example/1"}`, false},
		{"to nothing", `{"type":"Note","name":"Tea"}`, false},
		{"a picture", `{"type":"Note","name":"Tea","inReplyTo":"https://a.example/1","attachment":{"type":"Image"}}`, false},
		{"an article", `{"type":"Article","name":"Tea","inReplyTo":"https://a.example/1"}`, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := decode(t, test.in).IsVote(); got != test.want {
				t.Errorf("IsVote() = %v, want %v", got, test.want)
			}
		})
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"actor", `{"type":"Service"}`, "actor "},
		{"activity", `{"type":["EmojiReact"]}`, "activity "},
		{"collection", `{"type":"OrderedCollectionPage"}`, "collection "},
		{"post", `{"type":"Page"}`, "post "},
		{"two kinds", `{"type":["Note","Person"]}`, "actor post "},
		{"unknown", `{"type":"Poem"}`, ""},
		{"none", `{}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o, got := decode(t, test.in), ""
			for _, kind := range []struct {
				name string
				is   bool
			}{{"actor", o.IsActor()}, {"activity", o.IsActivity()}, {"collection", o.IsCollection()}, {"post", o.IsPost()}} {
				if kind.is {
					got += kind.name + " "
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestItems(t *testing.T) {
	t.Parallel()
	items := decode(t, `{"to":["https://a.example/1",{"type":"Note"},{"id":"https://a.example/2","type":"Note"}]}`).To
	if diff := cmp.Diff([]string{"https://a.example/1", "https://a.example/2"}, items.IDs()); diff != "" {
		t.Error(diff)
	}
	if got := len(items.Objects()); got != 2 {
		t.Errorf("%d embedded objects, want 2", got)
	}
	if got := Items(nil).ID(); got != "" {
		t.Errorf("id of nothing is %q", got)
	}
}
