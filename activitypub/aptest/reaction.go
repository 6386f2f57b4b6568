package aptest

import (
	"context"
	"fmt"
	"maps"

	"kabar/activitypub"
)

// Like likes an object.
func (p *Person) Like(ctx context.Context, objectID string) (*Sent, error) {
	return p.toAuthor(ctx, objectID, Doc{"type": "Like"})
}

// React answers an object with an emoji, in the way of Misskey: a Like with
// content.
func (p *Person) React(ctx context.Context, objectID, emoji string) (*Sent, error) {
	return p.toAuthor(ctx, objectID, Doc{"type": "Like", "content": emoji, "_misskey_reaction": emoji})
}

// EmojiReact answers an object with an emoji, in the way of Pleroma.
func (p *Person) EmojiReact(ctx context.Context, objectID, emoji string) (*Sent, error) {
	return p.toAuthor(ctx, objectID, Doc{"type": "EmojiReact", "content": emoji})
}

// Boost announces an object to everybody.
func (p *Person) Boost(ctx context.Context, objectID string) (*Sent, error) {
	return p.toAuthor(ctx, objectID, Doc{
		"type": "Announce", "published": timestamp(p.server.world.options.Now()),
		"to": []string{activitypub.Public}, "cc": []string{p.id + "/followers"},
	})
}

// toAuthor sends an activity about an object to its author.
func (p *Person) toAuthor(ctx context.Context, objectID string, activity Doc) (*Sent, error) {
	to, err := p.server.target(ctx, objectID)
	if err != nil {
		return nil, fmt.Errorf("aptest: %s: %w", activity["type"], err)
	}
	activity["object"] = objectID
	return p.Send(ctx, activity, to.inbox)
}

// Undo takes an activity back, at all inboxes that it went to.
func (p *Person) Undo(ctx context.Context, s *Sent) (*Sent, error) {
	object := maps.Clone(s.Activity)
	delete(object, "@context")
	return p.Send(ctx, Doc{"id": s.ID + "/undo", "type": "Undo", "object": object}, s.inboxes()...)
}
