package aptest

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"time"

	"kabar/activitypub"
)

// Note is a post to be written. Content is all it needs.
type Note struct {
	Content    string // HTML; plain text is put into a paragraph
	InReplyTo  string
	Summary    string                 // content warning
	Visibility activitypub.Visibility // public if empty
	Type       string                 // Note if empty
	Name       string                 // title, or the choice of a vote
	Language   string                 // "en" if empty
	Published  time.Time              // now if zero
	Mention    []string               // ids of actors
	Extra      Doc                    // further properties, or other values
	// Inboxes to send to; nil are those of the people in the thread: the
	// author of the first post, and of the one that is answered.
	Inboxes []string
}

// Reply answers an object in public.
func (p *Person) Reply(ctx context.Context, parentID, content string) (*Sent, error) {
	return p.Post(ctx, Note{Content: content, InReplyTo: parentID})
}

// Post writes a note, serves it, and sends its Create.
func (p *Person) Post(ctx context.Context, n Note) (*Sent, error) {
	inboxes, err := p.address(ctx, &n)
	if err != nil {
		return nil, fmt.Errorf("aptest: post: %w", err)
	}
	return p.Send(ctx, p.Compose(n), inboxes...)
}

// Compose makes the Create of a note and serves the note, but sends nothing.
func (p *Person) Compose(n Note) Doc {
	id := p.server.nextID("users/" + p.name + "/statuses")
	o := p.note(id, n)
	p.publish(o)
	if strings.HasPrefix(n.InReplyTo, p.server.origin+"/") && isForEverybody(o) {
		p.server.List(n.InReplyTo, id)
	}
	return Doc{"id": id + "/activity", "type": "Create", "published": o["published"], "to": o["to"], "cc": o["cc"], "object": o}
}

// Edit changes the content of a note that was posted and sends the Update to
// where the note went. Further properties are set by change.
func (p *Person) Edit(ctx context.Context, noteID, content string, change ...Doc) (*Sent, error) {
	create := p.server.created(noteID)
	if create == nil {
		return nil, fmt.Errorf("aptest: edit: %s was never posted", noteID)
	}
	o := maps.Clone(create.Activity["object"].(Doc))
	now := timestamp(p.server.world.options.Now())
	o["content"], o["updated"] = paragraph(content), now
	o["contentMap"] = Doc{"en": o["content"]}
	for _, properties := range change {
		maps.Copy(o, properties)
	}
	p.publish(o)
	return p.Send(ctx, Doc{
		"id": fmt.Sprintf("%s#updates/%d", noteID, p.server.serial.Add(1)), "type": "Update",
		"published": now, "to": o["to"], "cc": o["cc"], "object": o,
	}, create.inboxes()...)
}

// Delete takes a note back: it answers 410, and a Delete goes to where the
// note went.
func (p *Person) Delete(ctx context.Context, noteID string) (*Sent, error) {
	create := p.server.created(noteID)
	if create == nil {
		return nil, fmt.Errorf("aptest: delete: %s was never posted", noteID)
	}
	p.server.bury(noteID)
	return p.Send(ctx, Doc{
		"id": noteID + "#delete", "type": "Delete", "to": []string{activitypub.Public},
		"object": Doc{"id": noteID, "type": "Tombstone", "atomUri": noteID},
	}, create.inboxes()...)
}

// publish serves a note as far as it is meant for everybody.
func (p *Person) publish(o Doc) {
	shown := maps.Clone(o)
	shown["@context"] = noteContext()
	id, _ := o["id"].(string)
	if isForEverybody(shown) {
		p.server.keep(id, shown)
	} else {
		p.server.hide(id)
	}
}

// isForEverybody reports whether Public is addressed.
func isForEverybody(o Doc) bool {
	read, err := activitypub.Decode(encode(o))
	if err != nil {
		return false
	}
	v := read.Visibility("")
	return v == activitypub.VisibilityPublic || v == activitypub.VisibilityUnlisted
}

// note is the document in Mastodon's shape.
func (p *Person) note(id string, n Note) Doc {
	published := n.Published
	if published.IsZero() {
		published = p.server.world.options.Now()
	}
	to, cc := p.addresses(n)
	content := paragraph(n.Content)
	o := Doc{
		"id": id, "type": or(n.Type, "Note"), "attributedTo": p.id,
		"summary": nullable(n.Summary), "sensitive": n.Summary != "", "inReplyTo": nullable(n.InReplyTo),
		"published": timestamp(published), "url": strings.Replace(id, "/users/"+p.name+"/statuses/", "/@"+p.name+"/", 1),
		"to": to, "cc": cc, "atomUri": id, "conversation": "tag:" + p.handle() + ":" + id,
		"content": content, "contentMap": Doc{or(n.Language, "en"): content},
		"attachment": []any{}, "tag": mentions(n.Mention),
		"replies": Doc{"id": id + "/replies", "type": "Collection", "first": Doc{
			"type": "CollectionPage", "next": id + "/replies?page=1", "partOf": id + "/replies", "items": []any{},
		}},
	}
	if n.Name != "" {
		o["name"] = n.Name
	}
	if n.Content == "" { // a vote: a name and no content
		delete(o, "content")
		delete(o, "contentMap")
	}
	maps.Copy(o, n.Extra)
	return o
}

// addresses are to and cc by visibility, the mentioned ones included.
func (p *Person) addresses(n Note) (to, cc []string) {
	followers := p.id + "/followers"
	switch n.Visibility {
	case activitypub.VisibilityUnlisted:
		return []string{followers}, append([]string{activitypub.Public}, n.Mention...)
	case activitypub.VisibilityFollowers:
		return []string{followers}, append([]string{}, n.Mention...)
	case activitypub.VisibilityDirect:
		return append([]string{}, n.Mention...), []string{}
	}
	return []string{activitypub.Public}, append([]string{followers}, n.Mention...)
}

func mentions(actors []string) []Doc {
	tags := []Doc{}
	for _, id := range actors {
		name := id[strings.LastIndex(id, "/")+1:]
		tags = append(tags, Doc{"type": "Mention", "href": id, "name": "@" + name})
	}
	return tags
}

func paragraph(content string) string {
	if content == "" || strings.HasPrefix(content, "<") {
		return content
	}
	return "<p>" + content + "</p>"
}

func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// nullable is null for what is absent, as Mastodon writes it.
func nullable(value string) any {
	if value == "" {
		return nil
	}
	return value
}

func noteContext() []any {
	return []any{activitypub.Namespace, Doc{
		"ostatus": "http://ostatus.org#", "atomUri": "ostatus:atomUri", "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
		"conversation": "ostatus:conversation", "sensitive": "as:sensitive", "toot": "http://joinmastodon.org/ns#",
		"Hashtag": "as:Hashtag", "Emoji": "toot:Emoji", "EmojiReact": "http://litepub.social/ns#EmojiReact",
		"quote": Doc{"@id": "https://w3id.org/fep/044f#quote", "@type": "@id"}, "quoteUri": "http://fedibird.com/ns#quoteUri",
		"_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote", "_misskey_reaction": "https://misskey-hub.net/ns#_misskey_reaction",
	}}
}
