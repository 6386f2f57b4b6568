package federation

import (
	"context"
	"errors"

	"kabar/activitypub"
	"kabar/internal/markup"
)

// maxEmoji is the longest emoji or shortcode of a reaction, in characters.
const maxEmoji = 60

// react counts a like, a boost or an emoji reaction to an article or comment,
// once per actor. Only the id of the object counts, whatever is embedded.
func (r *receipt) react(ctx context.Context, kind string) error {
	place, ok, err := r.at(ctx, r.activity.Object.ID())
	if errors.Is(err, errNoParent) || err == nil && !ok {
		return ignored("not-ours")
	}
	if err != nil {
		return err
	}
	if kind == "emoji" && reactionContent(r.activity) == "" {
		return ignored("no-emoji")
	}
	actor, err := r.actorOf(ctx, r.Actor)
	if err != nil {
		return err
	}
	return r.Store.AddReactions(ctx, r.reaction(kind, actor, place))
}

// reactionKinds are the activities that count as reactions.
var reactionKinds = map[string]string{"Like": "like", "EmojiReact": "emoji", "Announce": "boost"}

func (r *receipt) reaction(kind string, actor KnownActor, place Place) NewReaction {
	content := reactionContent(r.activity)
	return NewReaction{
		ID: r.NewID(), Kind: kind, Actor: actor.ID, Place: place, ActivityURI: r.ActivityURI,
		Content: content, EmojiURL: emojiURL(r.activity, content), Done: r.done(kind),
	}
}

// reactionContent is the emoji of a Like or EmojiReact; "" for a plain one.
func reactionContent(activity *activitypub.Object) string {
	content := markup.Name(activity.Reaction)
	if len([]rune(content)) > maxEmoji {
		return ""
	}
	return content
}
