package main

import "net/http"

// handler is everything that is served.
func (n *node) handler() http.Handler { return http.NotFoundHandler() }
