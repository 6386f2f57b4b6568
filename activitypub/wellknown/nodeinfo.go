package wellknown

import (
	"context"
	"net/http"
)

// Relations and media type of NodeInfo 2.1.
const (
	RelNodeInfo21 = "http://nodeinfo.diaspora.software/ns/schema/2.1"
	RelNodeInfo20 = "http://nodeinfo.diaspora.software/ns/schema/2.0"
	// RelApplication points at the instance actor, FEP-2677.
	RelApplication = "https://www.w3.org/ns/activitystreams#Application"

	nodeInfoType = `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#"`
)

// NodeInfoIndex tells where the NodeInfo document is.
type NodeInfoIndex struct {
	// Href is the absolute address of the 2.1 document.
	Href string
	// Application is the id of the instance actor; "" leaves it out.
	Application string
}

// ServeHTTP implements http.Handler.
func (h *NodeInfoIndex) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !readable(w, r) {
		return
	}
	index := JRD{Links: []Link{{Rel: RelNodeInfo21, Href: h.Href}}}
	if h.Application != "" {
		index.Links = append(index.Links, Link{Rel: RelApplication, Href: h.Application})
	}
	writeJSON(w, "application/json", index)
}

// NodeInfo serves the document itself, schema 2.1.
type NodeInfo struct {
	// Document returns the present numbers. Its error becomes 503.
	Document func(ctx context.Context) (Document, error)
}

// ServeHTTP implements http.Handler.
func (h *NodeInfo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !readable(w, r) {
		return
	}
	doc, err := h.Document(r.Context())
	if err != nil {
		unavailable(w)
		return
	}
	writeJSON(w, nodeInfoType, doc.complete())
}

// Document is a NodeInfo document of schema 2.1. Counts are of this server
// only.
type Document struct {
	Version           string         `json:"version"`
	Software          Software       `json:"software"`
	Protocols         []string       `json:"protocols"`
	Services          Services       `json:"services"`
	OpenRegistrations bool           `json:"openRegistrations"`
	Usage             Usage          `json:"usage"`
	Metadata          map[string]any `json:"metadata"`
}

// Software names the program that a server runs.
type Software struct {
	Name       string `json:"name"` // lower case letters, digits and hyphens
	Version    string `json:"version"`
	Repository string `json:"repository,omitempty"`
	Homepage   string `json:"homepage,omitempty"`
}

// Services are the third-party services a server can read from and post to.
type Services struct {
	Inbound  []string `json:"inbound"`
	Outbound []string `json:"outbound"`
}

// Usage are the numbers of a server.
type Usage struct {
	Users         Users `json:"users"`
	LocalPosts    int   `json:"localPosts"`
	LocalComments int   `json:"localComments"`
}

// Users counts accounts: all, and those active in the last 180 and 30 days.
type Users struct {
	Total          int `json:"total"`
	ActiveHalfyear int `json:"activeHalfyear"`
	ActiveMonth    int `json:"activeMonth"`
}

// complete fills what the schema requires and is the same for every server.
func (d Document) complete() Document {
	d.Version = "2.1"
	if d.Protocols == nil {
		d.Protocols = []string{"activitypub"}
	}
	if d.Services.Inbound == nil {
		d.Services.Inbound = []string{}
	}
	if d.Services.Outbound == nil {
		d.Services.Outbound = []string{}
	}
	if d.Metadata == nil {
		d.Metadata = map[string]any{}
	}
	return d
}
