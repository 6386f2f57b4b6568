package activitypub

// Collection is a collection to send, or a page of one: Collection and CollectionPage have Items, the ordered kinds have
// OrderedItems. A list that is empty but not nil is written: Mastodon takes a collection without first and items for hidden.
type Collection struct {
	ID           string     `json:"id,omitempty"`
	Type         string     `json:"type"`
	AttributedTo string     `json:"attributedTo,omitempty"`
	PartOf       string     `json:"partOf,omitempty"`
	TotalItems   *int       `json:"totalItems,omitempty"`
	First        Document   `json:"first,omitempty"` // a Ref, or an embedded page
	Last         string     `json:"last,omitempty"`
	Prev         string     `json:"prev,omitempty"`
	Next         string     `json:"next,omitempty"`
	Items        []Document `json:"items,omitzero"`
	OrderedItems []Document `json:"orderedItems,omitzero"`
}

func (c *Collection) extensions() extension {
	if c == nil {
		return 0
	}
	return union(c.First) | union(c.Items...) | union(c.OrderedItems...)
}

// Counter returns a collection of which only the number is told, as it is embedded in likes and shares.
func Counter(id string, total int) *Collection {
	return &Collection{ID: id, Type: "Collection", TotalItems: &total}
}
