package client

import (
	"mime"
	"slices"
	"strings"
)

// acceptObject asks for the two types of ActivityPub section 3.2.
const acceptObject = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

// isObjectType reports whether a document of that content type may be an
// object. Plain JSON, or ld+json without the profile, may be a file that
// somebody uploaded (GHSA-jhrq-qvrm-qr36).
func isObjectType(contentType string) bool {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch mediaType {
	case "application/activity+json":
		return true
	case "application/ld+json":
		return slices.Contains(strings.Fields(params["profile"]), "https://www.w3.org/ns/activitystreams")
	}
	return false
}

// isJSONType reports whether a content type is plain JSON or JRD.
func isJSONType(contentType string) bool {
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || mediaType == "application/jrd+json")
}
