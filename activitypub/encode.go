package activitypub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// Document is something that can be sent: a *Actor, *Post, *Activity, *Collection and so on, a Ref or a Raw.
type Document interface {
	// extensions returns the terms beyond ActivityStreams that the document, with all that it embeds, uses.
	extensions() extension
}

// Marshal encodes d with the @context that its terms need. HTML in texts is not escaped. The members stand in the order of the
// type's fields, so equal documents are equal bytes.
func Marshal(d Document) ([]byte, error) {
	if raw, ok := d.(Raw); ok {
		return raw, nil
	}
	body, err := encode(d)
	if err != nil {
		return nil, fmt.Errorf("marshal document: %w", err)
	}
	if len(body) < 2 || body[0] != '{' {
		return nil, fmt.Errorf("marshal document: %T is no object by itself", d)
	}
	context, err := encode(d.extensions().context())
	if err != nil {
		return nil, fmt.Errorf("marshal context: %w", err)
	}
	document := make([]byte, 0, len(context)+len(body)+len(`{"@context":,`))
	document = append(document, `{"@context":`...)
	document = append(document, context...)
	if body[1] != '}' {
		document = append(document, ',')
	}
	return append(document, body[1:]...), nil
}

// encode is json.Marshal without the escaping of HTML.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Ref is a document given by its id alone.
type Ref string

func (Ref) extensions() extension { return 0 }

// Refs returns ids as documents, never nil: an empty collection has its empty list.
func Refs(ids ...string) []Document {
	documents := make([]Document, len(ids))
	for i, id := range ids {
		documents[i] = Ref(id)
	}
	return documents
}

// IDs is a list of documents given by their ids, where one property names several: what a Flag is about.
type IDs []string

func (IDs) extensions() extension { return 0 }

// Raw is a document encoded before. It is written as it is, with its own @context or none.
type Raw []byte

func (Raw) extensions() extension { return 0 }

// MarshalJSON returns r.
func (r Raw) MarshalJSON() ([]byte, error) { return r, nil }

// Timestamp is a time as documents carry it: RFC 3339, UTC, whole seconds; "" is none.
type Timestamp string

// At returns t as a Timestamp, "" for the zero time.
func At(t time.Time) Timestamp {
	if t.IsZero() {
		return ""
	}
	return Timestamp(t.UTC().Format(time.RFC3339))
}
