// Package jsonld reads ActivityPub documents as a tree of plain names.
//
// Almost every document in the fediverse uses the usual short names, whatever its @context says, and is read as the
// JSON it is. Only when a context gives a name of our vocabulary another meaning, or another name to a meaning that we
// read, is the document expanded (JSON-LD 1.1 API, section 5.1) and its IRIs turned back into the usual names. The
// context documents needed for that are embedded; none is ever loaded from the network or from disk.
package jsonld
