// Package web is the server: what stands around every request (the cache of
// pages, the request's id and log, the security headers, the checks of host
// and origin) and the router, to which the parts register their routes. What
// all parts have in common is in web/page; the parts are site, for readers,
// studio, for authors, feed, for feed readers, and fedi, for other servers.
package web
