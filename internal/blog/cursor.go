package blog

// Newest-first lists go by time and id: articles by the time of publication,
// or by the last change where drafts are among them; comments by the time of
// arrival; followers by the time of the follow; a thread, oldest first, by
// what its comments say of their publication.

// ByChange reports whether the list goes by the last change.
func (q ArticleQuery) ByChange() bool {
	return len(q.Statuses) > 0 && (len(q.Statuses) > 1 || q.Statuses[0] != Published)
}

// Cursor is the place of an article in the list.
func (q ArticleQuery) Cursor(a Article) Cursor {
	if q.ByChange() {
		return Cursor{At: a.Changed, ID: a.ID}
	}
	return Cursor{At: a.Published, ID: a.ID}
}

// Cursor is the place of the comment in the Studio's list.
func (c Comment) Cursor() Cursor { return Cursor{At: c.Created, ID: c.ID} }

// Cursor is the place of the follower in the list.
func (f Follower) Cursor() Cursor { return Cursor{At: f.Created, ID: f.Actor.ID} }
