package activitypub_test

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"kabar/activitypub"
)

// What another server sent is read into one type, whatever it is.
func ExampleDecode() {
	activity, err := activitypub.Decode([]byte(`{
		"@context": "https://www.w3.org/ns/activitystreams",
		"id": "https://m.example/users/bob/statuses/1/activity",
		"type": "Create",
		"actor": "https://m.example/users/bob",
		"to": "https://www.w3.org/ns/activitystreams#Public",
		"object": {
			"id": "https://m.example/users/bob/statuses/1",
			"type": "Note",
			"inReplyTo": "https://blog.example/ap/objects/1",
			"content": "<p>Peta bagus!</p>",
			"contentMap": {"id": "<p>Peta bagus!</p>"}
		}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	note := activity.Object.First().Object
	fmt.Println(activity.Type(), "by", activity.Actor.ID())
	fmt.Println(note.Type(), note.Language(), note.Content)
	fmt.Println("in reply to", note.InReplyTo.ID())
	fmt.Println(note.Visibility("https://m.example/users/bob/followers"))
	// Output:
	// Create by https://m.example/users/bob
	// Note id <p>Peta bagus!</p>
	// in reply to https://blog.example/ap/objects/1
	// public
}

// What is no document at all is told from what is only unusual.
func ExampleMalformed() {
	_, err := activitypub.Decode([]byte(`{"id": 7}`))
	var malformed *activitypub.Malformed
	fmt.Println(errors.As(err, &malformed))
	fmt.Println(err)
	// Output:
	// true
	// read ActivityPub document: id is not a string
}

// A document is encoded with the context that its terms need.
func ExampleMarshal() {
	create := &activitypub.Activity{
		ID:    "https://blog.example/ap/activities/2",
		Type:  "Create",
		Actor: "https://blog.example/ap/actors/1",
		To:    []string{activitypub.Public},
		Object: &activitypub.Post{
			ID:         "https://blog.example/ap/objects/2",
			Type:       "Article",
			Name:       "Peta kertas",
			ContentMap: activitypub.LangMap{{Lang: "id", Value: "<p>…</p>"}},
			URL:        activitypub.Web("https://blog.example/peta-kertas"),
			Published:  activitypub.At(time.Date(2026, 8, 1, 10, 0, 0, 0, time.UTC)),
		},
	}
	raw, err := activitypub.Marshal(create)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, document, _ := strings.Cut(string(raw), "}],")
	fmt.Println(document)
	// Output:
	// "id":"https://blog.example/ap/activities/2","type":"Create","actor":"https://blog.example/ap/actors/1","to":["https://www.w3.org/ns/activitystreams#Public"],"object":{"id":"https://blog.example/ap/objects/2","type":"Article","name":"Peta kertas","contentMap":{"id":"<p>…</p>"},"url":"https://blog.example/peta-kertas","published":"2026-08-01T10:00:00Z"}}
}

// An activity names what it is about by its id, or embeds it.
func ExampleRef() {
	raw, err := activitypub.Marshal(&activitypub.Activity{
		ID:     "https://blog.example/ap/activities/3",
		Type:   "Announce",
		Actor:  "https://blog.example/ap/actors/1",
		Object: activitypub.Ref("https://blog.example/ap/objects/2"),
	})
	fmt.Println(string(raw), err)
	// Output:
	// {"@context":"https://www.w3.org/ns/activitystreams","id":"https://blog.example/ap/activities/3","type":"Announce","actor":"https://blog.example/ap/actors/1","object":"https://blog.example/ap/objects/2"} <nil>
}

// A collection of which only the number is told is embedded in what it belongs to.
func ExampleCounter() {
	raw, err := activitypub.Marshal(activitypub.Counter("https://blog.example/ap/objects/2/likes", 3))
	fmt.Println(string(raw), err)
	// Output:
	// {"@context":"https://www.w3.org/ns/activitystreams","id":"https://blog.example/ap/objects/2/likes","type":"Collection","totalItems":3} <nil>
}
