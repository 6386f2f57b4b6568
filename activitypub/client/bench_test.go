package client_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kabar/activitypub/aptest"
	"kabar/activitypub/client"
)

// BenchmarkDeliver posts to 1,000 hosts over TLS, 64 at a time: the first time
// on new connections, then on those that were kept.
func BenchmarkDeliver(b *testing.B) {
	const hosts = 1000
	w, err := aptest.NewWorld(aptest.WorldOptions{TLS: true, SharedKey: true, SkipVerify: true})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	var inboxes []string
	for range hosts {
		s, err := w.Start(aptest.Options{})
		if err != nil {
			b.Fatal(err)
		}
		inboxes = append(inboxes, s.SharedInbox())
	}
	signer, err := w.Servers()[0].Person("bob").Signer()
	if err != nil {
		b.Fatal(err)
	}
	round := func(b *testing.B, c *client.Client) {
		var senders sync.WaitGroup
		work := make(chan string)
		for range 64 {
			senders.Go(func() {
				for inbox := range work {
					d := client.Delivery{Inbox: inbox, Body: make([]byte, 3000), Signer: signer}
					if a, err := c.Deliver(context.Background(), d); err != nil || !a.Accepted() {
						b.Error(a, err)
					}
				}
			})
		}
		for _, inbox := range inboxes {
			work <- inbox
		}
		close(work)
		senders.Wait()
	}
	options := client.Options{AllowPrivate: true, RootCAs: w.Roots()}
	b.Run("new connections", func(b *testing.B) {
		for b.Loop() {
			c := client.New(options)
			start := time.Now()
			round(b, c)
			b.ReportMetric(hosts/time.Since(start).Seconds(), "deliveries/s")
			c.CloseIdle()
		}
	})
	b.Run("kept connections", func(b *testing.B) {
		c := client.New(options)
		defer c.CloseIdle()
		round(b, c)
		for b.Loop() {
			start := time.Now()
			round(b, c)
			b.ReportMetric(hosts/time.Since(start).Seconds(), "deliveries/s")
		}
	})
}
