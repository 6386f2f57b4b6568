package wellknown

import (
	"encoding/xml"
	"net/http"
	"strings"
)

// XRDType is the media type of host-meta, RFC 6415 section 2.
const XRDType = "application/xrd+xml"

// XRD is a host-meta document, RFC 6415 section 3.
type XRD struct {
	XMLName xml.Name  `xml:"http://docs.oasis-open.org/ns/xri/xrd-1.0 XRD"`
	Links   []XRDLink `xml:"Link"`
}

// XRDLink is one Link element of an XRD.
type XRDLink struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Template string `xml:"template,attr,omitempty"`
}

// HostMeta tells where WebFinger is, for servers that look there first: as XRD,
// or as JRD when the path ends in .json or JSON is what the client accepts.
type HostMeta struct {
	// Origin is the scheme and host that serve WebFinger, without a slash at
	// the end.
	Origin string
}

// ServeHTTP implements http.Handler.
func (h *HostMeta) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !readable(w, r) {
		return
	}
	template := h.Origin + WebFingerPath + "?resource={uri}"
	w.Header().Add("Vary", "Accept")
	if strings.HasSuffix(r.URL.Path, ".json") || acceptsJSON(r) {
		writeJSON(w, JRDType, JRD{Links: []Link{{Rel: RelLRDD, Type: JRDType, Template: template}}})
		return
	}
	body, err := xml.MarshalIndent(XRD{Links: []XRDLink{{RelLRDD, JRDType, template}}}, "", "  ")
	if err != nil {
		unavailable(w)
		return
	}
	w.Header().Set("Content-Type", XRDType+"; charset=utf-8")
	w.Write(append([]byte(xml.Header), append(body, '\n')...))
}

// acceptsJSON reports whether JSON is named first in the Accept header, RFC
// 6415 section 3.
func acceptsJSON(r *http.Request) bool {
	first, _, _ := strings.Cut(r.Header.Get("Accept"), ",")
	mediaType, _, _ := strings.Cut(first, ";")
	switch strings.ToLower(strings.TrimSpace(mediaType)) {
	case "application/json", JRDType:
		return true
	}
	return false
}
