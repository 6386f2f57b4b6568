package federation

import (
	"context"
	"errors"

	"kabar/activitypub"
)

// react counts a like, a boost or an emoji reaction to an article or comment,
// once per actor and emoji. Only the id of the object counts, whatever is
// embedded.
func (r *receipt) react(ctx context.Context) error {
	place, ok, err := r.at(ctx, r.activity.Object.ID())
	if errors.Is(err, errNoParent) || err == nil && !ok {
		return ignored("not-ours")
	}
	if err != nil {
		return err
	}
	if kind, emoji, _ := reactionOf(r.activity); kind == "emoji" && emoji == "" {
		return ignored("no-emoji")
	}
	actor, err := r.actorOf(ctx, r.Actor)
	if err != nil {
		return err
	}
	return r.Store.AddReactions(ctx, r.reaction(actor, place))
}

// reactionOf tells what a reaction is kept as: a Like with an emoji is the same
// as an EmojiReact (FEP-c0e0) and no like; one with another text is a plain
// Like. ok is false for other activities, emoji "" for an EmojiReact without one.
func reactionOf(activity *activitypub.Object) (kind, emoji string, ok bool) {
	switch activity.Type() {
	case "Announce":
		return "boost", "", true
	case "EmojiReact":
		return "emoji", reactionEmoji(activity.Reaction), true
	case "Like":
		if emoji = reactionEmoji(activity.Reaction); emoji != "" {
			return "emoji", emoji, true
		}
		return "like", "", true
	}
	return "", "", false
}

func (r *receipt) reaction(actor KnownActor, place Place) NewReaction {
	kind, emoji, _ := reactionOf(r.activity)
	return NewReaction{
		ID: r.NewID(), Kind: kind, Actor: actor.ID, Place: place, ActivityURI: r.ActivityURI,
		Content: emoji, EmojiURL: emojiURL(r.activity, emoji), Done: r.done(kind),
	}
}
