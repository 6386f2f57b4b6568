// Package federation is where the blog's vocabulary and ActivityPub's meet.
//
// Going out, it turns articles, answers and actors into documents and plans
// their delivery (publish.go, document_*.go). Coming in, Accept puts a
// believable activity on disk and Process gives it its effect (accept.go,
// process*.go). It sends nothing itself: package delivery does.
package federation
