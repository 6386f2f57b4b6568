package federation

import (
	"time"

	"github.com/google/uuid"

	"kabar/activitypub"
	"kabar/internal/blog"
)

// interaction says truthfully who may do what with an article, or with a
// comment below it, that is attributed to an actor (GoToSocial's interaction
// policies; FEP-044f for quotes). Everybody may like and boost. Where only
// newcomers wait, that is moderation, which asks nobody for permission.
func interaction(site blog.Site, a blog.Article, actor string, now time.Time) *activitypub.InteractionPolicy {
	everybody, self := []string{activitypub.Public}, []string{actor}
	followers := []string{actor + "/followers"}
	p := &activitypub.InteractionPolicy{
		CanReply: &activitypub.Approval{Automatic: everybody}, CanLike: &activitypub.Approval{Automatic: everybody},
		CanAnnounce: &activitypub.Approval{Automatic: everybody}, CanQuote: &activitypub.Approval{Automatic: everybody},
	}
	if a.ID == uuid.Nil {
		a.Published = now // what is in no thread does not close
	}
	switch site.CommentsOn(a, now).Policy {
	case blog.CommentsFollowers:
		p.CanReply = &activitypub.Approval{Automatic: followers, Manual: everybody}
	case blog.CommentsApproved:
		p.CanReply = &activitypub.Approval{Automatic: self, Manual: everybody}
	case blog.CommentsClosed:
		p.CanReply = &activitypub.Approval{Automatic: self}
	}
	switch site.QuotesOn(a) {
	case blog.QuotesFollowers:
		p.CanQuote = &activitypub.Approval{Automatic: followers, Manual: everybody}
	case blog.QuotesAsk:
		p.CanQuote = &activitypub.Approval{Automatic: self, Manual: everybody}
	case blog.QuotesClosed:
		p.CanQuote = &activitypub.Approval{Automatic: self}
	}
	return p
}
