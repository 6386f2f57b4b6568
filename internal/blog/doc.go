// Package blog is what the program is about: articles, comments, people,
// followers and moderation. It holds their types, their rules and the use
// cases that the Studio, the command line and the protocol share.
//
// It knows neither SQL nor HTTP nor ActivityPub: it writes through Store and
// says what has to happen next with the job arguments in jobs.go, which the
// store enqueues in the same transaction.
package blog
