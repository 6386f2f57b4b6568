// Package activitypub is the vocabulary of the fediverse: it decodes what other servers send, leniently, into one type,
// Object, and encodes what we send, exactly, from one type for each kind of document.
//
// Names and meanings are those of Activity Vocabulary (https://www.w3.org/TR/activitystreams-vocabulary/) and of
// ActivityPub (https://www.w3.org/TR/activitypub/), with the extensions that servers share.
package activitypub
