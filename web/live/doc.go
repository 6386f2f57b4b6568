// Package live tells open pages what changed, by server-sent events
// (https://html.spec.whatwg.org/multipage/server-sent-events.html). A page
// watches one article. What changed is made ready once for all who watch it in
// the same language, at most a few times a second, however many they are and
// however much happens.
package live
