// Package fedi answers other servers: actors, objects, activities and
// collections as ActivityPub documents, the inboxes, and what is asked for
// before any address is known (WebFinger, host-meta, NodeInfo).
package fedi
