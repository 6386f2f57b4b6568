package activitypub

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	blog    = "https://blog.example/ap/actors/01"
	object  = "https://blog.example/ap/objects/02"
	page    = "https://blog.example/peta-kertas"
	bob     = "https://m.example/users/bob"
	shared  = "https://blog.example/ap/inbox"
	pemText = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
)

var (
	published = At(time.Date(2026, 8, 1, 12, 0, 0, 999, time.FixedZone("WIB", 7*3600)))
	updated   = At(time.Date(2026, 8, 2, 12, 0, 0, 0, time.UTC))
)

func article() *Post {
	return &Post{
		ID: object, Type: "Article", AttributedTo: blog,
		Name:       "Peta kertas & pensil",
		Content:    "<p>Setiap musim semi saya menggambar ulang peta kebun.</p>",
		MediaType:  "text/html",
		ContentMap: LangMap{{"id", "<p>Setiap musim semi saya menggambar ulang peta kebun.</p>"}},
		URL:        Links{NewLink(page, "text/html"), NewLink(page+".md", "text/markdown")},
		Published:  published,
		Updated:    updated,
		To:         []string{Public},
		CC:         []string{blog + "/followers"},
		Context:    object + "/context",
		Tag:        []Document{NewHashtag("https://blog.example/tags/peta", "#peta"), NewMention(bob, "@bob@m.example")},
		Image:      &Media{Type: "Image", MediaType: "image/webp", URL: "https://blog.example/media/1.webp", Name: "Peta", Width: 1600, Height: 900, Blurhash: "UBL_:rOpGG-oBUNG"},
		Preview:    &Post{Type: "Note", AttributedTo: blog, Content: "<p>Setiap musim semi…</p>"},
		Replies:    &Collection{ID: object + "/replies", Type: "Collection", TotalItems: new(9), First: Ref(object + "/replies?page=1")},
		Likes:      Counter(object+"/likes", 3),
		Shares:     Counter(object+"/shares", 0),
		InteractionPolicy: &InteractionPolicy{
			CanReply: &Approval{Automatic: []string{Public}}, CanQuote: &Approval{Automatic: []string{Public}},
		},
	}
}

func note() *Post {
	return &Post{
		ID: object, Type: "Note", AttributedTo: blog, Summary: "basah", Content: "<p>Ya :teh:</p>", ContentMap: LangMap{{"id", "<p>Ya :teh:</p>"}},
		URL: Web(page + "#c-2"), Published: published, To: []string{Public}, CC: []string{bob}, InReplyTo: bob + "/statuses/1",
		Conversation: "tag:m.example,2026:1", Sensitive: true, Quote: bob + "/statuses/3",
		Tag:        []Document{NewEmoji("https://blog.example/emojis/teh", ":teh:", NewImage("https://blog.example/media/teh.png", "image/png", ""))},
		Attachment: []*Media{NewImage("https://blog.example/media/2.webp", "image/webp", "Peta basah")},
	}
}

func person() *Actor {
	return &Actor{
		ID: blog, Type: "Person", PreferredUsername: "blog", WebFinger: "blog@blog.example", Name: "Kebun", Summary: "<p>Peta & pensil</p>",
		URL: "https://blog.example/", Published: published, Icon: NewImage("https://blog.example/media/icon.png", "image/png", ""),
		Image: NewImage("https://blog.example/media/header.webp", "image/webp", "Kebun"),
		Inbox: blog + "/inbox", Outbox: blog + "/outbox", Followers: blog + "/followers", Following: blog + "/following", Featured: blog + "/featured",
		Endpoints: &Endpoints{SharedInbox: shared}, Discoverable: true, Indexable: true,
		Attachment:  []*PropertyValue{NewPropertyValue("Situs", `<a href="https://blog.example/" rel="me">https://blog.example/</a>`)},
		AlsoKnownAs: []string{"https://old.example/users/blog"}, AttributionDomains: []string{"blog.example"},
		PublicKey:       &PublicKey{ID: blog + "#main-key", Owner: blog, PEM: pemText},
		AssertionMethod: []*VerifyMethod{NewMultikey(blog+"#ed25519-key", blog, "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")},
	}
}

func application() *Actor {
	return &Actor{
		ID: "https://blog.example/ap/actor", Type: "Application", PreferredUsername: "blog.example", Name: "blog.example", Inbox: shared,
		PublicKey: &PublicKey{ID: "https://blog.example/ap/actor#main-key", Owner: "https://blog.example/ap/actor", PEM: pemText},
	}
}

func activity(kind string, about Document) *Activity {
	return &Activity{ID: "https://blog.example/ap/activities/03", Type: kind, Actor: blog, To: []string{Public}, CC: []string{blog + "/followers"}, Object: about}
}

// Every kind of document that is sent, in testdata/encode, indented.
func TestMarshal(t *testing.T) {
	t.Parallel()
	created := activity("Create", article())
	created.Published = published
	accept := &Activity{ID: blog + "#accepts/1", Type: "Accept", Actor: blog, Object: &Activity{ID: bob + "#follows/1", Type: "Follow", Actor: bob, Object: Ref(blog)}}
	tombstone := NewTombstone(object)
	tombstone.FormerType, tombstone.Published, tombstone.Deleted = "Article", published, updated
	like := &Activity{ID: blog + "#likes/1", Type: "Like", Actor: blog, Object: Ref(bob + "/statuses/1")}
	tests := []struct {
		name string
		in   Document
	}{
		{"person", person()},
		{"application", application()},
		{"article", article()},
		{"note", note()},
		{"create-article", created},
		{"create-by-id", activity("Create", Ref(object))},
		{"update-article", activity("Update", article())},
		{"update-person", activity("Update", person())},
		{"delete", activity("Delete", NewTombstone(object))},
		{"tombstone", tombstone},
		{"announce", activity("Announce", Ref(object))},
		{"accept", accept},
		{"reject", &Activity{ID: blog + "#rejects/1", Type: "Reject", Actor: blog, Object: Ref(bob + "#follows/1")}},
		{"accept-quote", &Activity{ID: blog + "#accepts/2", Type: "Accept", Actor: blog, Object: Ref(bob + "#quotes/1"), Result: object + "/quotes/1"}},
		{"quote-request", &Activity{ID: blog + "#quotes/1", Type: "QuoteRequest", Actor: blog, Object: Ref(bob + "/statuses/3"), Instrument: note()}},
		{"quote-authorization", NewQuoteAuthorization(object+"/quotes/1", blog, bob+"/statuses/5", object)},
		{"follow", &Activity{ID: blog + "#follows/1", Type: "Follow", Actor: blog, Object: Ref(bob)}},
		{"like", like},
		{"undo-like", &Activity{ID: blog + "#likes/1/undo", Type: "Undo", Actor: blog, Object: like}},
		{"move", &Activity{ID: blog + "#moves/1", Type: "Move", Actor: blog, Object: Ref(blog), Target: bob}},
		{"flag", &Activity{ID: blog + "#flags/1", Type: "Flag", Actor: application().ID, Object: Ref(bob), Content: "spam"}},
		{"key", NewKeyDocument(*person().PublicKey)},
		{"collection", &Collection{ID: object + "/replies", Type: "Collection", AttributedTo: blog, TotalItems: new(1), First: &Collection{Type: "CollectionPage", PartOf: object + "/replies", Items: Refs(bob + "/statuses/1"), Next: object + "/replies?page=2"}}},
		{"collection-page", &Collection{ID: object + "/replies?page=2", Type: "CollectionPage", PartOf: object + "/replies", Prev: object + "/replies?page=1", Items: Refs()}},
		{"ordered-collection", &Collection{ID: blog + "/outbox", Type: "OrderedCollection", TotalItems: new(2), First: Ref(blog + "/outbox?page=1"), Last: blog + "/outbox?page=2"}},
		{"ordered-collection-page", &Collection{ID: blog + "/outbox?page=1", Type: "OrderedCollectionPage", PartOf: blog + "/outbox", Next: blog + "/outbox?page=2", OrderedItems: []Document{activity("Announce", Ref(object)), Raw(`{"id":"https://blog.example/ap/activities/04","type":"Create"}`)}}},
		{"empty-ordered-collection", &Collection{ID: blog + "/featured", Type: "OrderedCollection", TotalItems: new(0), OrderedItems: Refs()}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Marshal(test.in)
			if err != nil {
				t.Fatal(err)
			}
			var indented bytes.Buffer
			if err := json.Indent(&indented, got, "", "  "); err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/encode/"+test.name+".json", indented.String()+"\n")
			if _, err := Decode(got); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMarshalIsWhatDecodeReads(t *testing.T) {
	t.Parallel()
	raw, err := Marshal(activity("Create", article()))
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	o, in := got.Object.First().Object, article()
	read := []string{o.ID, o.Type(), o.Name, o.Content, o.Language(), o.Page(), string(At(o.Published)), string(At(o.Updated)), o.AttributedTo.ID(), string(o.Visibility(blog + "/followers")), o.Image.First().Object.URL.ID()}
	sent := []string{in.ID, in.Type, in.Name, in.Content, "id", page, string(in.Published), string(in.Updated), in.AttributedTo, "public", in.Image.URL}
	if diff := cmp.Diff(sent, read); diff != "" {
		t.Error(diff)
	}
	if got, want := o.Replies.First().Object.TotalItems, 9; got != want {
		t.Errorf("replies.totalItems = %d, want %d", got, want)
	}
}

func TestMarshalEscapesNoHTML(t *testing.T) {
	t.Parallel()
	raw, err := Marshal(activity("Create", &Post{Type: "Note", Content: `<a href="x?a&b">`, ContentMap: LangMap{{"en", "<b>&"}}, URL: Web("https://a.example/?b&c")}))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), `\u00`) {
		t.Errorf("escaped: %s", raw)
	}
}

func TestMarshalRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]Document{"an id": Ref(object), "no JSON": activity("Create", Raw("{"))} {
		if raw, err := Marshal(in); err == nil {
			t.Errorf("%s: encoded as %s", name, raw)
		}
	}
}

func TestMarshalWritesRawAsItIs(t *testing.T) {
	t.Parallel()
	got, err := Marshal(Raw(`{"type" : "Note"}`))
	if diff := cmp.Diff(`{"type" : "Note"}`, string(got)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   time.Time
		want Timestamp
	}{
		{"zero", time.Time{}, ""},
		{"another zone and parts of a second", time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600)), "2026-01-02T02:04:05Z"},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, At(test.in)); diff != "" {
			t.Error(test.name, diff)
		}
	}
}
