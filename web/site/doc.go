// Package site is the part of the web for readers: the front page, articles
// with their conversation, topics, authors, the archive, the way to one's own
// server, the first-run page, and the files that pages need.
package site
