package inbox

import (
	"net/http"

	"kabar/activitypub"
)

// judge holds what a delivery says to who signed it, and marks what was
// forwarded.
func judge(d *Delivery) error {
	activity := d.Activity
	if d.Signer != activity.Actor.ID() {
		if !forwardable(activity) {
			return &Refused{Status: http.StatusForbidden, Reason: "signer", Detail: "the signer is not the actor"}
		}
		d.Forwarded = true
	}
	if !ownOrigin(activity) {
		return &Refused{Status: http.StatusForbidden, Reason: "origin", Detail: "the object is not of the actor's origin"}
	}
	return nil
}

// forwardable recognises what servers pass on for others (ActivityPub, section
// 7.1.2): they do so only with the author's own signature inside. A second type
// could make it something else for whoever looks at that one.
func forwardable(activity *activitypub.Object) bool {
	return len(activity.Types) == 1 && activity.Is("Create", "Update", "Delete") && (activity.HasSignature || activity.HasProof)
}

// ownOrigin tells whether an activity keeps to the origin of its actor: with
// its own id, with the objects that it makes, changes or removes, and with the
// activity that it takes back. Other types are about other people's objects.
func ownOrigin(activity *activitypub.Object) bool {
	actor := activity.Actor.ID()
	if activity.ID != "" && !sameOrigin(activity.ID, actor) {
		return false
	}
	switch {
	case activity.Is("Create", "Update", "Delete"):
		for _, item := range activity.Object {
			if !sameOrigin(item.ID, actor) {
				return false
			}
		}
		return len(activity.Object) > 0
	case activity.Is("Undo"):
		return undoesOwn(activity.Object, actor)
	}
	return true
}

// undoesOwn looks at what an Undo embeds. GoToSocial and others may leave out
// the id; the actor must then be the one who takes it back.
func undoesOwn(undone activitypub.Items, actor string) bool {
	for _, embedded := range undone.Objects() {
		if embedded.ID != "" && !sameOrigin(embedded.ID, actor) {
			return false
		}
		if by := embedded.Actor.ID(); by != "" && by != actor {
			return false
		}
	}
	return true
}
