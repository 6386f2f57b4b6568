package httpsig

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/dunglas/httpsfv"
)

// maxLabels bounds how many signatures of one request are looked at: proxies
// may add theirs.
const maxLabels = 4

func readMessages(r *http.Request) ([]message, error) {
	header := strings.Join(r.Header.Values("Signature-Input"), ", ")
	if len(header) > maxHeader {
		return nil, refuse(ReasonMalformed, "Signature-Input header too long")
	}
	inputs, err := httpsfv.UnmarshalDictionary([]string{header})
	if err != nil {
		return nil, refuse(ReasonMalformed, "Signature-Input: "+err.Error())
	}
	signatures, err := httpsfv.UnmarshalDictionary(r.Header.Values("Signature"))
	if err != nil {
		return nil, refuse(ReasonMalformed, "Signature: "+err.Error())
	}
	raw := rawMembers(header)
	names := inputs.Names()
	if len(names) == 0 || len(names) > maxLabels || len(raw) != len(names) {
		return nil, refuse(ReasonMalformed, "no signatures, too many, or a label twice")
	}
	messages := make([]message, len(names))
	for i, name := range names {
		m, err := readMessage(name, inputs, signatures)
		if err != nil {
			return nil, err
		}
		m.raw = raw[name]
		messages[i] = m
	}
	return messages, nil
}

func readMessage(name string, inputs, signatures *httpsfv.Dictionary) (message, error) {
	input, _ := inputs.Get(name)
	inner, ok := input.(httpsfv.InnerList)
	if !ok || len(inner.Items) > maxCovered {
		return message{}, refuse(ReasonMalformed, fmt.Sprintf("signature %q covers no list, or too long a one", name))
	}
	member, _ := signatures.Get(name)
	item, _ := member.(httpsfv.Item)
	value, ok := item.Value.([]byte)
	if !ok {
		return message{}, refuse(ReasonMalformed, fmt.Sprintf("signature %q is not given", name))
	}
	m := message{inner: inner, signature: value}
	for _, item := range inner.Items {
		id, err := httpsfv.Marshal(item)
		if err != nil || slices.Contains(m.covered, id) {
			return message{}, refuse(ReasonMalformed, fmt.Sprintf("signature %q covers a thing twice", name))
		}
		m.covered = append(m.covered, id)
	}
	return m, nil
}

// rawMembers splits a dictionary at its commas and keeps the text of each
// member: the signature is over the parameters as they were sent (RFC 9421,
// section 3.2, step 8), also where they are not in canonical form.
func rawMembers(header string) map[string]string {
	members := make(map[string]string)
	add := func(text string) {
		name, value, _ := strings.Cut(strings.TrimSpace(text), "=")
		members[name] = value
	}
	start, quoted, commas := 0, false, 0
	for i := 0; i < len(header); i++ {
		switch c := header[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ',' && !quoted:
			add(header[start:i])
			start, commas = i+1, commas+1
		}
	}
	add(header[start:])
	if len(members) != commas+1 {
		return nil
	}
	return members
}
