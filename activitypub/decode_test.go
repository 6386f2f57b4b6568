package activitypub

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func decode(t testing.TB, text string) *Object {
	t.Helper()
	o, err := Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestDecode(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", maxShort)
	tests := []struct {
		name, in string
		want     Object
	}{
		{"nothing", `{}`, Object{}},
		{"scalars where lists are usual", `{"type":"Note","to":"as:Public","tag":{"type":"Mention","href":"https://a.example/u"}}`, Object{
			Types: []string{"Note"}, To: Items{{ID: "as:Public"}},
			Tag: Items{{ID: "https://a.example/u", Object: &Object{Types: []string{"Mention"}, Href: "https://a.example/u", TotalItems: -1}}},
		}},
		{"lists where scalars are usual", `{"type":["Note","x:Poem"],"name":["a","b"],"inbox":["https://a.example/in"],"published":["2026-01-02T03:04:05Z"]}`, Object{
			Types: []string{"Note", "x:Poem"}, Name: "a", Inbox: "https://a.example/in", Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		}},
		{"null everywhere", `{"id":null,"type":null,"to":null,"name":null,"published":null,"tag":[null],"publicKey":null,"endpoints":null,"contentMap":null,"sensitive":null,"totalItems":null}`, Object{}},
		{
			"wrong types are as if absent",
			`{"type":[1,"Note"],"to":[1,true,{"id":2},"https://a.example/u"],"name":{"a":1},"published":7,"sensitive":"yes","totalItems":"3","width":-1,"height":1e99,
			  "contentMap":["x"],"nameMap":{"en":1},"publicKey":[3],"endpoints":"x","alsoKnownAs":4,"inbox":{"x":1},"attributionDomains":{"a":"b"},"assertionMethod":false}`,
			Object{Types: []string{"Note"}, To: Items{{Object: &Object{TotalItems: -1}}, {ID: "https://a.example/u"}}},
		},
		{"names are exact", `{"ID":"https://a.example/1","Type":"Note","CONTENT":"x"}`, Object{}},
		{"the last duplicate counts", `{"type":"Note","content":"a","type":"Article","content":7}`, Object{Types: []string{"Article"}}},
		{"ids from embedded objects", `{"type":"Person","inbox":{"id":"https://a.example/in"},"movedTo":{"id":"https://b.example/u"},"context":{"type":"Collection","id":"https://a.example/c"}}`, Object{
			Types: []string{"Person"}, Inbox: "https://a.example/in", MovedTo: "https://b.example/u", Context: "https://a.example/c",
		}},
		{"only a link is named by its href", `{"object":[{"type":"Link","href":"https://a.example/1"},{"type":"Note","href":"https://a.example/2"}]}`, Object{Object: Items{
			{ID: "https://a.example/1", Object: &Object{Types: []string{"Link"}, Href: "https://a.example/1", TotalItems: -1}},
			{Object: &Object{Types: []string{"Note"}, Href: "https://a.example/2", TotalItems: -1}},
		}}},
		{"texts of maps alone", `{"nameMap":{"id":"Peta","en":"Map"},"summaryMap":{"id":"s"},"contentMap":{"id":"c"}}`, Object{
			Name: "Peta", Summary: "s", Content: "c", NameMap: LangMap{{"id", "Peta"}, {"en", "Map"}}, SummaryMap: LangMap{{"id", "s"}}, ContentMap: LangMap{{"id", "c"}},
		}},
		{"long texts are cut at a character", `{"name":"x` + long + `"}`, Object{Name: "x" + strings.Repeat("é", maxShort/2-1)}},
		{"long ids are left out", `{"inReplyTo":"https://a.example/` + long + `","to":["https://a.example/` + long + `","https://b.example/"]}`, Object{To: Items{{ID: "https://b.example/"}}}},
		{"several keys", `{"publicKey":["https://a.example/u#1",{"id":"https://a.example/u#2","owner":"https://a.example/u","publicKeyPem":"P"}],"assertionMethod":[{"id":"https://a.example/u#3","type":"Multikey","controller":"https://a.example/u","publicKeyMultibase":"z6"}, "https://a.example/u#4"]}`, Object{
			PublicKeys:       []PublicKey{{ID: "https://a.example/u#1"}, {"https://a.example/u#2", "https://a.example/u", "P"}},
			AssertionMethods: []Multikey{{"https://a.example/u#3", "https://a.example/u", "z6"}, {ID: "https://a.example/u#4"}},
		}},
		{"a shared inbox outside endpoints yields", `{"endpoints":{"sharedInbox":"https://a.example/1"},"sharedInbox":"https://a.example/2"}`, Object{SharedInbox: "https://a.example/1"}},
		{"the older spellings of quote yield", `{"quoteUrl":"https://a.example/1","quote":"https://a.example/2","_misskey_quote":"https://a.example/3"}`, Object{Quote: "https://a.example/2"}},
		{"signature and proof", `{"signature":{"type":"RsaSignature2017"},"proof":[{"type":"DataIntegrityProof"}],"object":{"signature":{}}}`, Object{
			HasSignature: true, HasProof: true, Object: Items{{Object: &Object{TotalItems: -1}}},
		}},
		{"an emoji reaction without content", `{"type":"Like","_misskey_reaction":"👍"}`, Object{Types: []string{"Like"}, Reaction: "👍"}},
		{"a number of zero", `{"totalItems":0}`, Object{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := test.want
			if test.name != "a number of zero" {
				want.TotalItems = -1
			}
			if diff := cmp.Diff(&want, decode(t, test.in)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeMalformed(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, want string }{
		{"nothing", ``, "not one valid JSON value"},
		{"HTML", `<!doctype html>`, "not one valid JSON value"},
		{"an array", `[{"type":"Note"}]`, "not a JSON object"},
		{"a string", `"https://a.example/1"`, "not a JSON object"},
		{"trailing bytes", `{"type":"Note"}]`, "not one valid JSON value"},
		{"too deep", strings.Repeat(`{"object":`, 33) + `{}` + strings.Repeat(`}`, 33), "more than 32 levels deep"},
		{"too many values", `{"to":[` + strings.Repeat(`"a",`, 10_000) + `"b"]}`, "more than 10,000 values"},
		{"too long", `{"content":"` + strings.Repeat("a", 1<<20) + `"}`, "longer than 1 MiB"},
		{"id is a number", `{"id":1}`, "id is not a string"},
		{"id is a list", `{"id":["https://a.example/1"]}`, "id is not a string"},
		{"id is an object", `{"id":{"id":"https://a.example/1"}}`, "id is not a string"},
		{"the last of two ids is a number", `{"id":"https://a.example/1","id":1}`, "id is not a string"},
		{"id is too long", `{"id":"https://a.example/` + strings.Repeat("a", 2048) + `"}`, "id is longer than 2,048 bytes"},
		{"id with a NUL", `{"id":"https://a.example/\u0000"}`, "id has a NUL in it"},
		{"id under another name is a number", `{"@context":"https://www.w3.org/ns/activitystreams","type":"as:Note","id":1}`, "id is not a string"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode([]byte(test.in))
			var malformed *Malformed
			if !errors.As(err, &malformed) {
				t.Fatalf("error %v, want a *Malformed", err)
			}
			if diff := cmp.Diff(test.want, malformed.Reason); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeTime(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"UTC", "2026-08-01T10:00:00Z", "2026-08-01T10:00:00Z"},
		{"fraction", "2026-08-01T10:00:00.123456Z", "2026-08-01T10:00:00.123456Z"},
		{"offset", "2026-08-01T17:00:00+07:00", "2026-08-01T10:00:00Z"},
		{"offset without colon", "2026-08-01T17:00:00+0700", "2026-08-01T10:00:00Z"},
		{"no zone", "2026-08-01T10:00:00", "2026-08-01T10:00:00Z"},
		{"no seconds", "2026-08-01T10:00Z", "2026-08-01T10:00:00Z"},
		{"a day", "2026-08-01", "2026-08-01T00:00:00Z"},
		{"no time", "yesterday", "0001-01-01T00:00:00Z"},
		{"a year that is none", "12026-08-01T10:00:00Z", "0001-01-01T00:00:00Z"},
		{"a number", 1754042400.0, "0001-01-01T00:00:00Z"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, decodeTime(test.in).Format(time.RFC3339Nano)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestListsAreCut(t *testing.T) {
	t.Parallel()
	many := `["https://a.example/1"` + strings.Repeat(`,"https://a.example/2"`, 2*maxItems) + `]`
	o := decode(t, `{"to":`+many+`,"type":`+many+`,"attributionDomains":`+many+`,"publicKey":`+many+`}`)
	got := []int{len(o.To), len(o.Types), len(o.AttributionDomains), len(o.PublicKeys)}
	if diff := cmp.Diff([]int{maxItems, maxTypes, maxDomains, maxKeys}, got); diff != "" {
		t.Error(diff)
	}
}

// An embedded object without addresses has those of its Create or Update; of nothing else.
func TestAddressesArePassedOn(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     Visibility
	}{
		{"Create", `{"type":"Create","to":"as:Public","object":{"type":"Note"}}`, VisibilityPublic},
		{"Update", `{"type":"Update","cc":"as:Public","object":{"type":"Note"}}`, VisibilityUnlisted},
		{"its own count", `{"type":"Create","to":"as:Public","object":{"type":"Note","to":"https://a.example/u"}}`, VisibilityDirect},
		{"Announce", `{"type":"Announce","to":"as:Public","object":{"type":"Note"}}`, VisibilityDirect},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := decode(t, test.in).Object.First().Object.Visibility(""); got != test.want {
				t.Errorf("visibility %s, want %s", got, test.want)
			}
		})
	}
}

// The Create of a Mastodon reply, 3.5 kB with all that it can carry, is read as it stands.
func BenchmarkDecode(b *testing.B) {
	raw := read(b, "testdata/m.example/create.json")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}

// The same with one name that makes it be expanded.
func BenchmarkDecodeExpanded(b *testing.B) {
	raw := []byte(strings.Replace(string(read(b, "testdata/m.example/create.json")), `"type":"Create"`, `"type":"as:Create"`, 1))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarshal(b *testing.B) {
	create := activity("Create", article())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Marshal(create); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(read(f, "testdata/m.example/create.json"))
	f.Add(read(f, "testdata/lemmy.example/announce.json"))
	f.Add(read(f, "testdata/misskey.example/reaction.json"))
	f.Add([]byte(`{"@context":["https://www.w3.org/ns/activitystreams",{"t":"as:content","l":{"@id":"as:content","@container":"@language"}}],"@type":"as:Note","t":"x","l":{"id":["y",null]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := Decode(raw)
		var malformed *Malformed
		if err != nil {
			if !errors.As(err, &malformed) {
				t.Errorf("error %v is no *Malformed", err)
			}
			return
		}
		_, _, _, _ = o.Page(), o.Language(), o.Visibility(""), o.IsVote()
		again, err := Decode(raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(o, again); diff != "" {
			t.Errorf("two readings differ: %s", diff)
		}
	})
}
