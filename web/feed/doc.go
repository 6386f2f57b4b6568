// Package feed is the part of the web for feed readers: Atom (RFC 4287).
package feed
