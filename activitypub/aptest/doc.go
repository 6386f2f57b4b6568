// Package aptest is the other side of the fediverse, for tests, benchmarks and
// demonstrations: real servers on loopback addresses, over HTTP or TLS, whose
// people follow, answer, like and boost with real signatures.
//
// A [World] holds what its servers share: a certificate authority, the keys
// they have learned, and the count of what they received. A [Server] verifies
// every activity it gets, keeps it, and can be waited on by condition. It can
// also misbehave in most of the ways that servers do ([Behaviour]), and its
// people can lie ([Forgery]).
//
// Documents are written here by hand, in the shapes that Mastodon and others
// send, and not with the encoder of this library, so that both sides do not
// share a mistake.
package aptest
