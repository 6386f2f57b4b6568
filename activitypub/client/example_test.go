package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
)

// A handle becomes an actor, and an address of the inside becomes an error.
func ExampleClient_Resolve() {
	world, err := aptest.NewWorld(aptest.WorldOptions{})
	if err != nil {
		log.Fatal(err)
	}
	defer world.Close()
	server, err := world.Start(aptest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	bob := server.Person("bob")

	open := client.New(client.Options{UserAgent: "example/1.0", AllowPrivate: true})
	id, err := open.Resolve(context.Background(), "@"+bob.Handle())
	fmt.Println(id == bob.ID(), err)

	guarded := client.New(client.Options{UserAgent: "example/1.0"})
	_, err = guarded.Resolve(context.Background(), "@"+bob.Handle())
	fmt.Println(errors.Is(err, client.ErrBlockedAddress))
	// Output:
	// true <nil>
	// true
}
