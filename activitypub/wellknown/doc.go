// Package wellknown serves what other servers ask a fediverse server for
// before they know any of its addresses: WebFinger (RFC 7033), host-meta
// (RFC 6415) and NodeInfo.
//
// Each handler is a struct with exported fields and knows nothing of where
// the answers come from. The document types are the ones a client decodes.
package wellknown
