package activitypub

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContextLanguage(t *testing.T) {
	t.Parallel()
	const as = `"https://www.w3.org/ns/activitystreams"`
	tests := []struct{ name, in, want string }{
		{"told by the map", `{"@context":` + as + `,"content":"halo","contentMap":{"en":"hello","id":"halo"}}`, "id"},
		{"told by the context", `{"@context":[` + as + `,{"@language":"id"}],"content":"halo"}`, "id"},
		{"the map goes before the context", `{"@context":[` + as + `,{"@language":"en"}],"content":"halo","contentMap":{"id":"halo"}}`, "id"},
		{"not known", `{"@context":[` + as + `,{"@language":"und"}],"content":"halo"}`, ""},
		{"of a wrong type", `{"@context":[` + as + `,{"@language":5}],"content":"halo"}`, ""},
		{"the last context", `{"@context":[{"@language":"en"},` + as + `,{"@language":"id"}],"content":"halo"}`, "id"},
		{"none", `{"@context":` + as + `,"content":"halo"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, err := Decode([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, o.Language()); diff != "" {
				t.Error(diff)
			}
		})
	}
	o, err := Decode([]byte(`{"@context":[` + as + `,{"@language":"id"}],"type":"Create","object":{"type":"Note","content":"halo"}}`))
	if err != nil || o.Object.First().Object.Language() != "id" {
		t.Error("an embedded object does not have the language of its activity:", err)
	}
}
