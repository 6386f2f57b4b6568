package main

import (
	"context"

	"kabar/activitypub/aptest"
)

// Who likes and boosts the article.
var (
	likers   = []string{"mika", "lintang", "hendra"}
	boosters = []string{"joao", "dewi"}
)

// emojis are what others react with.
var emojis = []string{"☕", "🎉"}

func (p *play) reacting() []step {
	var steps []step
	does := func(who, what string, do func(context.Context, *aptest.Person) (*aptest.Sent, error)) {
		steps = append(steps, step{who + " " + what, func(ctx context.Context) (string, error) {
			sent, err := do(ctx, p.cast[who])
			return "", p.taken(ctx, sent, err)
		}})
	}
	for _, who := range likers {
		does(who, "likes the article", func(ctx context.Context, a *aptest.Person) (*aptest.Sent, error) {
			return a.Like(ctx, p.article.ObjectURI)
		})
	}
	for _, who := range boosters {
		does(who, "boosts the article", func(ctx context.Context, a *aptest.Person) (*aptest.Sent, error) {
			return a.Boost(ctx, p.article.ObjectURI)
		})
	}
	does("sekar", "likes it with ☕, as Misskey does", func(ctx context.Context, a *aptest.Person) (*aptest.Sent, error) {
		return a.React(ctx, p.article.ObjectURI, "☕")
	})
	does("joao", "reacts with 🎉, as Pleroma does", func(ctx context.Context, a *aptest.Person) (*aptest.Sent, error) {
		return a.EmojiReact(ctx, p.article.ObjectURI, "🎉")
	})
	does("mika", "likes the article once more, which counts for nothing", func(ctx context.Context, a *aptest.Person) (*aptest.Sent, error) {
		return a.Like(ctx, p.article.ObjectURI)
	})
	return steps
}
