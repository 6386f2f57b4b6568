// Package page is what the handlers of every part of the web have in common:
// handlers that return errors, the one table from errors to statuses, the
// frame around each page, forms with limits, and who is asking: the language,
// the session and the address of the client.
//
// A part of the web is a struct with a method Routes(*mux.Router) that
// registers its handlers:
//
//	r.Handle("/studio/articles", p.Page.Handle(p.articles)).Methods(page.Reads()...)
//
// and each handler is parse, one call of a service, render or redirect.
package page
