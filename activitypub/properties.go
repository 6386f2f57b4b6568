package activitypub

import (
	"time"

	"kabar/activitypub/jsonld"
)

// setter puts the value of one property into an Object.
type setter = func(*Object, any)

// properties is filled in init, since the setters of embedded objects need it themselves.
var properties map[string]setter

func init() {
	properties = make(map[string]setter, 96)
	for _, table := range []map[string]setter{itemProperties, textProperties, factProperties, actorProperties} {
		for name, set := range table {
			properties[name] = set
		}
	}
}

func items(field func(*Object) *Items) setter {
	return func(o *Object, v any) { *field(o) = decodeItems(v) }
}

func reference(field func(*Object) *string) setter {
	return func(o *Object, v any) { *field(o) = decodeID(v) }
}

func text(limit int, field func(*Object) *string) setter {
	return func(o *Object, v any) { *field(o) = decodeText(v, limit) }
}

func texts(limit int, field func(*Object) *LangMap) setter {
	return func(o *Object, v any) { *field(o) = langMap(v, limit) }
}

func moment(field func(*Object) *time.Time) setter {
	return func(o *Object, v any) { *field(o) = decodeTime(v) }
}

func truth(field func(*Object) *bool) setter {
	return func(o *Object, v any) { *field(o) = decodeBool(v) }
}

// alternative sets a property from an older spelling, which yields to the one that is set already.
func alternative(field func(*Object) *string) setter {
	return func(o *Object, v any) {
		if f := field(o); *f == "" {
			*f = decodeID(v)
		}
	}
}

var itemProperties = map[string]setter{
	"actor":        items(func(o *Object) *Items { return &o.Actor }),
	"object":       items(func(o *Object) *Items { return &o.Object }),
	"target":       items(func(o *Object) *Items { return &o.Target }),
	"origin":       items(func(o *Object) *Items { return &o.Origin }),
	"result":       items(func(o *Object) *Items { return &o.Result }),
	"instrument":   items(func(o *Object) *Items { return &o.Instrument }),
	"attributedTo": items(func(o *Object) *Items { return &o.AttributedTo }),
	"inReplyTo":    items(func(o *Object) *Items { return &o.InReplyTo }),
	"to":           items(func(o *Object) *Items { return &o.To }),
	"cc":           items(func(o *Object) *Items { return &o.CC }),
	"audience":     items(func(o *Object) *Items { return &o.Audience }),
	"tag":          items(func(o *Object) *Items { return &o.Tag }),
	"attachment":   items(func(o *Object) *Items { return &o.Attachment }),
	"url":          items(func(o *Object) *Items { return &o.URL }),
	"icon":         items(func(o *Object) *Items { return &o.Icon }),
	"image":        items(func(o *Object) *Items { return &o.Image }),
	"preview":      items(func(o *Object) *Items { return &o.Preview }),
	"oneOf":        items(func(o *Object) *Items { return &o.OneOf }),
	"anyOf":        items(func(o *Object) *Items { return &o.AnyOf }),
	"replies":      items(func(o *Object) *Items { return &o.Replies }),
	"likes":        items(func(o *Object) *Items { return &o.Likes }),
	"shares":       items(func(o *Object) *Items { return &o.Shares }),
	"first":        items(func(o *Object) *Items { return &o.First }),
	"last":         items(func(o *Object) *Items { return &o.Last }),
	"next":         items(func(o *Object) *Items { return &o.Next }),
	"prev":         items(func(o *Object) *Items { return &o.Prev }),
	"partOf":       items(func(o *Object) *Items { return &o.PartOf }),
	"items":        items(func(o *Object) *Items { return &o.Items }),
	"orderedItems": items(func(o *Object) *Items { return &o.OrderedItems }),
}

var textProperties = map[string]setter{
	"name":       text(maxShort, func(o *Object) *string { return &o.Name }),
	"summary":    text(maxSummary, func(o *Object) *string { return &o.Summary }),
	"content":    text(maxContent, func(o *Object) *string { return &o.Content }),
	"nameMap":    texts(maxShort, func(o *Object) *LangMap { return &o.NameMap }),
	"summaryMap": texts(maxSummary, func(o *Object) *LangMap { return &o.SummaryMap }),
	"contentMap": texts(maxContent, func(o *Object) *LangMap { return &o.ContentMap }),
	"mediaType":  text(maxShort, func(o *Object) *string { return &o.MediaType }),
	"@context":   func(o *Object, v any) { o.DefaultLanguage = contextLanguage(v) },
	"formerType": text(maxShort, func(o *Object) *string { return &o.FormerType }),
	"rel":        text(maxShort, func(o *Object) *string { return &o.Rel }),
	"hreflang":   text(maxLanguageTag, func(o *Object) *string { return &o.HrefLang }),
	"blurhash":   text(maxShort, func(o *Object) *string { return &o.Blurhash }),
	"value":      text(maxSummary, func(o *Object) *string { return &o.Value }),

	"_misskey_reaction": text(maxShort, func(o *Object) *string { return &o.Reaction }),
}

var factProperties = map[string]setter{
	"id":                 reference(func(o *Object) *string { return &o.ID }),
	"type":               func(o *Object, v any) { o.Types = decodeStrings(v, maxTypes) },
	"context":            reference(func(o *Object) *string { return &o.Context }),
	"conversation":       reference(func(o *Object) *string { return &o.Conversation }),
	"quote":              reference(func(o *Object) *string { return &o.Quote }),
	"quoteUrl":           alternative(func(o *Object) *string { return &o.Quote }),
	"quoteUri":           alternative(func(o *Object) *string { return &o.Quote }),
	"_misskey_quote":     alternative(func(o *Object) *string { return &o.Quote }),
	"quoteAuthorization": reference(func(o *Object) *string { return &o.QuoteAuthorization }),
	"interactingObject":  reference(func(o *Object) *string { return &o.InteractingObject }),
	"interactionTarget":  reference(func(o *Object) *string { return &o.InteractionTarget }),
	"href":               reference(func(o *Object) *string { return &o.Href }),
	"published":          moment(func(o *Object) *time.Time { return &o.Published }),
	"updated":            moment(func(o *Object) *time.Time { return &o.Updated }),
	"deleted":            moment(func(o *Object) *time.Time { return &o.Deleted }),
	"endTime":            moment(func(o *Object) *time.Time { return &o.End }),
	"sensitive":          truth(func(o *Object) *bool { return &o.Sensitive }),
	"width":              func(o *Object, v any) { o.Width = decodeCount(v, 0) },
	"height":             func(o *Object, v any) { o.Height = decodeCount(v, 0) },
	"totalItems":         func(o *Object, v any) { o.TotalItems = decodeCount(v, -1) },
}

var actorProperties = map[string]setter{
	"preferredUsername":         text(maxShort, func(o *Object) *string { return &o.PreferredUsername }),
	"webfinger":                 text(maxShort, func(o *Object) *string { return &o.WebFinger }),
	"inbox":                     reference(func(o *Object) *string { return &o.Inbox }),
	"outbox":                    reference(func(o *Object) *string { return &o.Outbox }),
	"followers":                 reference(func(o *Object) *string { return &o.Followers }),
	"following":                 reference(func(o *Object) *string { return &o.Following }),
	"featured":                  reference(func(o *Object) *string { return &o.Featured }),
	"movedTo":                   reference(func(o *Object) *string { return &o.MovedTo }),
	"sharedInbox":               alternative(func(o *Object) *string { return &o.SharedInbox }),
	"endpoints":                 setEndpoints,
	"alsoKnownAs":               func(o *Object, v any) { o.AlsoKnownAs = decodeItems(v).IDs() },
	"attributionDomains":        func(o *Object, v any) { o.AttributionDomains = decodeStrings(v, maxDomains) },
	"suspended":                 truth(func(o *Object) *bool { return &o.Suspended }),
	"memorial":                  truth(func(o *Object) *bool { return &o.Memorial }),
	"discoverable":              truth(func(o *Object) *bool { return &o.Discoverable }),
	"indexable":                 truth(func(o *Object) *bool { return &o.Indexable }),
	"manuallyApprovesFollowers": truth(func(o *Object) *bool { return &o.ManuallyApproves }),
	"publicKey":                 func(o *Object, v any) { o.PublicKeys = decodeKeys(v) },
	"assertionMethod":           func(o *Object, v any) { o.AssertionMethods = decodeMultikeys(v) },
}

func setEndpoints(o *Object, v any) {
	if m, ok := v.(*jsonld.Map); ok {
		if inbox := decodeID(m.Get("sharedInbox")); inbox != "" {
			o.SharedInbox = inbox
		}
	}
}
