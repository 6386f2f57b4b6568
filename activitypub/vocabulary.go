package activitypub

import "slices"

// ContentType is the media type of everything that servers exchange (ActivityPub section 3.2).
const ContentType = "application/activity+json"

// ContentTypeLD is the other accepted media type of the same documents.
const ContentTypeLD = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

// Namespace is the address of the ActivityStreams context.
const Namespace = "https://www.w3.org/ns/activitystreams"

// Public is the collection that stands for everybody (ActivityPub section 5.6).
const Public = Namespace + "#Public"

// IsPublic reports whether id is one of the three spellings of Public: the full one is the only one to send, since Lemmy compares literally.
func IsPublic(id string) bool {
	return id == Public || id == "as:Public" || id == "Public"
}

var (
	actorTypes    = []string{"Person", "Organization", "Group", "Service", "Application"}
	activityTypes = []string{
		"Accept", "Add", "Announce", "Arrive", "Block", "Create", "Delete", "Dislike", "EmojiReact", "Flag", "Follow",
		"Ignore", "Invite", "Join", "Leave", "Like", "Listen", "Move", "Offer", "QuoteRequest", "Read", "Reject",
		"Remove", "TentativeAccept", "TentativeReject", "Travel", "Undo", "Update", "View",
	}
	collectionTypes = []string{"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"}
	postTypes       = []string{"Note", "Article", "Page", "Question", "Event", "Audio", "Image", "Video", "Document", "ChatMessage"}
)

// Type returns the first type, or "".
func (o *Object) Type() string {
	if len(o.Types) == 0 {
		return ""
	}
	return o.Types[0]
}

// Is reports whether o has one of types.
func (o *Object) Is(types ...string) bool {
	return slices.ContainsFunc(o.Types, func(t string) bool { return slices.Contains(types, t) })
}

// IsActor reports whether o is one of the five kinds of actor.
func (o *Object) IsActor() bool { return o.Is(actorTypes...) }

// IsActivity reports whether o is an activity: one of the vocabulary, an EmojiReact or a QuoteRequest.
func (o *Object) IsActivity() bool { return o.Is(activityTypes...) }

// IsCollection reports whether o is a collection or a page of one, ordered or not.
func (o *Object) IsCollection() bool { return o.Is(collectionTypes...) }

// IsPost reports whether o is something that a person wrote or showed: what can be a comment.
func (o *Object) IsPost() bool { return o.Is(postTypes...) }

// IsVote reports whether o answers a poll: a Note with a name, without content (ActivityPub in Mastodon, "Poll votes"). It is no comment.
func (o *Object) IsVote() bool {
	return o.Is("Note") && o.Name != "" && o.Content == "" && len(o.Attachment) == 0 && len(o.InReplyTo) > 0
}
