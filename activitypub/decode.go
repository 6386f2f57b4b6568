package activitypub

import (
	"cmp"

	"kabar/activitypub/jsonld"
)

// Malformed is the error of a text that is no document: it is answered with 400.
type Malformed = jsonld.Malformed

// Decode reads one document of another server. Names are matched exactly, of duplicate keys the last counts, each
// property may have one or many values, and a property of a wrong type is as if absent. Bounds hold for lists and texts:
// a list is cut, a text is cut, an id that is too long is left out.
//
// The error is a *Malformed: no single JSON object, more than 1 MiB, 32 levels or 10,000 values, or an id that is no string.
func Decode(raw []byte) (*Object, error) {
	tree, err := jsonld.Read(raw)
	if err != nil {
		return nil, err
	}
	if err := checkID(tree.Get("id")); err != nil {
		return nil, err
	}
	o := decodeObject(tree)
	o.HasSignature = tree.Get("signature") != nil
	o.HasProof = tree.Get("proof") != nil
	o.passAddressesOn()
	for _, embedded := range o.Object.Objects() {
		embedded.DefaultLanguage = cmp.Or(embedded.DefaultLanguage, o.DefaultLanguage)
	}
	return o, nil
}

func checkID(value any) error {
	if value == nil {
		return nil
	}
	id, ok := value.(string)
	if !ok {
		return &Malformed{Reason: "id is not a string"}
	}
	if len(id) > maxID {
		return &Malformed{Reason: "id is longer than 2,048 bytes"}
	}
	if !isID(id) {
		return &Malformed{Reason: "id has a NUL in it"}
	}
	return nil
}

func decodeObject(tree *jsonld.Map) *Object {
	o := &Object{TotalItems: -1}
	for _, member := range tree.Members {
		if set, ok := properties[member.Key]; ok {
			set(o, member.Value)
		}
	}
	if len(o.PublicKeys) == 0 {
		o.PublicKeys = decodeBareKey(tree)
	}
	o.complete()
	return o
}

// complete fills what follows from several properties, whatever their order.
func (o *Object) complete() {
	if o.Name == "" && len(o.NameMap) > 0 {
		o.Name = o.NameMap[0].Value
	}
	if o.Summary == "" && len(o.SummaryMap) > 0 {
		o.Summary = o.SummaryMap[0].Value
	}
	if o.Content == "" && len(o.ContentMap) > 0 {
		o.Content = o.ContentMap[0].Value
	}
	if o.Reaction == "" && o.Is("Like", "EmojiReact") {
		o.Reaction = o.Content
	}
}

// passAddressesOn gives the addresses of a Create or Update to an embedded object that has none, as Mastodon reads it.
func (o *Object) passAddressesOn() {
	if !o.Is("Create", "Update") {
		return
	}
	for _, embedded := range o.Object.Objects() {
		if len(embedded.To) == 0 && len(embedded.CC) == 0 {
			embedded.To, embedded.CC = o.To, o.CC
		}
	}
}
