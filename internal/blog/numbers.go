package blog

import "context"

// TagCount is a tag with the number of published articles that have it.
type TagCount struct {
	Tag      string // as one of them writes it
	Articles int
}

// Numbers is what pages and NodeInfo tell about the blog as a whole.
type Numbers interface {
	// TagCounts are the tags of published articles, those of the most first.
	TagCounts(ctx context.Context, limit int) ([]TagCount, error)
	// FollowerServers are the servers of the most followers, and how many
	// servers there are in all.
	FollowerServers(ctx context.Context, limit int) (servers []ServerFollowers, total int, err error)
	// LocalComments counts the answers of our authors that readers see.
	LocalComments(ctx context.Context) (int, error)
}
