package activitypub

import (
	"slices"
	"strings"
)

// Visibility is who may see an object.
type Visibility string

// The four visibilities, from the widest to the narrowest.
const (
	VisibilityPublic    Visibility = "public"    // to everybody
	VisibilityUnlisted  Visibility = "unlisted"  // to everybody who comes by: Public in cc
	VisibilityFollowers Visibility = "followers" // to the author's followers
	VisibilityDirect    Visibility = "direct"    // to the people named
)

// Visibility returns who may see o, from its to and cc. followers is the id of the author's followers collection; if it is
// "", any address that ends in "/followers" is taken for it.
func (o *Object) Visibility(followers string) Visibility {
	isFollowers := func(item Item) bool {
		if followers == "" {
			return strings.HasSuffix(item.ID, "/followers")
		}
		return item.ID == followers
	}
	isPublic := func(item Item) bool { return IsPublic(item.ID) }
	switch {
	case slices.ContainsFunc(o.To, isPublic):
		return VisibilityPublic
	case slices.ContainsFunc(o.CC, isPublic):
		return VisibilityUnlisted
	case slices.ContainsFunc(o.To, isFollowers), slices.ContainsFunc(o.CC, isFollowers):
		return VisibilityFollowers
	}
	return VisibilityDirect
}
