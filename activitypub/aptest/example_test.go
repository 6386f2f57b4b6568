package aptest_test

import (
	"context"
	"fmt"
	"log"

	"kabar/activitypub/aptest"
)

// Two servers; somebody on the first likes an article on the second.
func Example() {
	ctx := context.Background()
	world, err := aptest.NewWorld(aptest.WorldOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer world.Close()
	home, err := world.Start(aptest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	other, err := world.Start(aptest.Options{AuthorizedFetch: true})
	if err != nil {
		log.Fatal(err)
	}

	article, err := other.Person("blog").Post(ctx, aptest.Note{Type: "Article", Name: "Kabar", Content: "News"})
	if err != nil {
		log.Fatal(err)
	}
	like, err := home.Person("bob").Like(ctx, article.ObjectID)
	if err != nil {
		log.Fatal(err)
	}
	got, err := other.Wait(ctx, aptest.About("Like", article.ObjectID))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(like.Status(), got.Kind, got.Activity.Actor.ID() == home.Person("bob").ID())
	// Output: 202 cavage true
}
