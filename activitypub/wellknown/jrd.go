package wellknown

import (
	"mime"
	"strings"
)

// Paths at which the handlers of this package belong.
const (
	WebFingerPath     = "/.well-known/webfinger"
	HostMetaPath      = "/.well-known/host-meta"
	HostMetaJSONPath  = "/.well-known/host-meta.json"
	NodeInfoIndexPath = "/.well-known/nodeinfo"
)

// Link relations that the fediverse uses in a JRD.
const (
	RelSelf      = "self"
	RelProfile   = "http://webfinger.net/rel/profile-page"
	RelSubscribe = "http://ostatus.org/schema/1.0/subscribe"
	RelLRDD      = "lrdd"
)

// Intents are link relations whose template is the page on which a person does
// something to {object} (FEP-3b86). IntentObject opens it, for whatever is
// done to it there.
const (
	IntentObject   = "https://w3id.org/fep/3b86/Object"
	IntentFollow   = "https://w3id.org/fep/3b86/Follow"
	IntentLike     = "https://w3id.org/fep/3b86/Like"
	IntentAnnounce = "https://w3id.org/fep/3b86/Announce"
)

// JRDType is the media type of a JRD, RFC 7033 section 10.2.
const JRDType = "application/jrd+json"

// JRD is a JSON Resource Descriptor, RFC 7033 section 4.4.
type JRD struct {
	Subject string   `json:"subject,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
	Links   []Link   `json:"links,omitempty"`
}

// Link is one link of a JRD. Template is RFC 6415's with {uri} in it, or that of
// an intent.
type Link struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}

// Self returns the address of the ActivityPub actor that the JRD names, or
// "" when it names none: the first "self" link with an ActivityStreams type.
func (j *JRD) Self() string {
	for _, l := range j.Links {
		if l.Rel == RelSelf && l.Href != "" && isActivityStreams(l.Type) {
			return l.Href
		}
	}
	return ""
}

// Find returns the first link with the relation, and whether there is one.
func (j *JRD) Find(rel string) (Link, bool) {
	for _, l := range j.Links {
		if l.Rel == rel {
			return l, true
		}
	}
	return Link{}, false
}

// only returns the JRD with nothing but the links of the wanted relations,
// RFC 7033 section 4.3. No relation at all means every link.
func (j *JRD) only(rels []string) *JRD {
	if len(rels) == 0 {
		return j
	}
	out := *j
	out.Links = nil
	for _, l := range j.Links {
		for _, rel := range rels {
			if l.Rel == rel {
				out.Links = append(out.Links, l)
				break
			}
		}
	}
	return &out
}

// isActivityStreams reports whether a link type is one of the two of
// ActivityPub section 3.2.
func isActivityStreams(mediaType string) bool {
	t, params, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return false
	}
	switch t {
	case "application/activity+json":
		return true
	case "application/ld+json":
		return strings.Contains(params["profile"], "https://www.w3.org/ns/activitystreams")
	}
	return false
}
