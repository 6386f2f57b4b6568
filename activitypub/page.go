package activitypub

import "strings"

// Page returns the address to show to people: the first url that is http(s) and a page (text/html, or of no told media type), else the id.
func (o *Object) Page() string {
	for _, item := range o.URL {
		if !isWeb(item.ID) {
			continue
		}
		if item.Object == nil || item.Object.MediaType == "" || strings.HasPrefix(item.Object.MediaType, "text/html") {
			return item.ID
		}
	}
	return o.ID
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
