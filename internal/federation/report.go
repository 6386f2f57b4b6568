package federation

import (
	"context"
	"html"

	"kabar/internal/markup"
)

// maxReported is how many objects of a report are kept.
const maxReported = 100

// report keeps a Flag for the moderators. Its actor is a server's, not the
// person who reports.
func (r *receipt) report(ctx context.Context) error {
	objects := []string{}
	for _, id := range r.activity.Object.IDs() {
		if len(objects) < maxReported {
			objects = append(objects, printable(id))
		}
	}
	return r.Store.AddReport(ctx, Report{
		ID: r.NewID(), Actor: r.Actor, Objects: objects,
		Content: markup.Plain(html.EscapeString(r.activity.Content)),
	}, r.done("flag"))
}
