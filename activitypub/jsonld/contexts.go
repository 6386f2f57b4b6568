package jsonld

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/piprate/json-gold/ld"
)

// documents are the contexts as their publishers serve them.
//
//go:embed contexts/*.json
var documents embed.FS

// asNamespace is the address of the ActivityStreams context.
const asNamespace = "https://www.w3.org/ns/activitystreams"

// addresses are the documents by the addresses that they stand for.
var addresses = map[string]string{
	asNamespace:                                    "activitystreams",
	"https://w3id.org/security/v1":                 "security-v1",
	"https://w3id.org/identity/v1":                 "identity-v1",
	"https://w3id.org/security/data-integrity/v1":  "security-data-integrity-v1",
	"https://w3id.org/security/data-integrity/v2":  "security-data-integrity-v2",
	"https://w3id.org/security/multikey/v1":        "security-multikey-v1",
	"https://gotosocial.org/ns":                    "gotosocial",
	"http://joinmastodon.org/ns":                   "joinmastodon",
	"https://join-lemmy.org/context.json":          "join-lemmy",
	"https://purl.archive.org/socialweb/webfinger": "webfinger",
	"https://purl.archive.org/miscellany":          "miscellany",
	"https://w3id.org/fep/7aa9":                    "fep-7aa9",
}

// sameAddress drops what makes no difference in how servers write the address of a context.
func sameAddress(address string) string {
	if rest, ok := strings.CutPrefix(address, "http://www.w3.org/"); ok {
		address = "https://www.w3.org/" + rest
	}
	return strings.TrimSuffix(address, "#")
}

// loader gives json-gold the embedded documents and nothing else; it is only read, so all calls may share it.
type loader map[string]any

var preloaded = sync.OnceValue(func() loader {
	l := make(loader, len(addresses))
	for address, name := range addresses {
		var document any
		if err := json.Unmarshal(embeddedText(name), &document); err != nil {
			panic(fmt.Sprintf("embedded context %s: %v", name, err))
		}
		l[address] = document
	}
	return l
})

// embeddedText returns the text of one embedded document.
func embeddedText(name string) []byte {
	text, err := documents.ReadFile("contexts/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("embedded context %s: %v", name, err))
	}
	return text
}

// LoadDocument returns an embedded document. A context that is not known defines nothing: its terms then stay the names that they are.
func (l loader) LoadDocument(address string) (*ld.RemoteDocument, error) {
	document, ok := l[sameAddress(address)]
	if !ok {
		document = map[string]any{"@context": map[string]any{}}
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: document}, nil
}
