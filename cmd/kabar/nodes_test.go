package main_test

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
)

// emptyDatabase is one without any table.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
	must(t, err)
	name := strings.ToLower("empty_" + strings.ReplaceAll(t.Name(), "/", "_"))
	_, err = conn.Exec(t.Context(), "create database "+name+" template template1")
	must(t, err)
	t.Cleanup(func() {
		_, err := conn.Exec(context.Background(), "drop database "+name+" with (force)")
		must(t, err)
		must(t, conn.Close(context.Background()))
	})
	at, err := url.Parse(conn.Config().ConnString())
	must(t, err)
	at.Path = "/" + name
	return at.String()
}

// TestNodes starts two nodes at once on an empty database, one for requests
// and one for the work behind them.
func TestNodes(t *testing.T) {
	t.Parallel()
	front := newHouse(t, "KABAR_DATABASE_URL="+emptyDatabase(t))
	other := freePort(t)
	nodes := []*process{
		start(t, append(front.env, "KABAR_ROLE=web"), nil, "serve"),
		start(t, append(front.env, "KABAR_ROLE=web", "KABAR_LISTEN="+other), nil, "serve"),
		start(t, append(front.env, "KABAR_ROLE=worker"), nil, "serve"),
	}
	for _, n := range nodes {
		n.await("msg=ready")
	}
	made := front.publish("Satu", "Isi pertama.")
	hosts := []string{front.host, other}
	for _, host := range hosts {
		if got := front.at(host, made.URL); !strings.Contains(got, "Isi pertama.") {
			t.Fatalf("%s: %s", host, got)
		}
	}
	world, err := aptest.NewWorld(aptest.WorldOptions{})
	must(t, err)
	t.Cleanup(world.Close)
	server, err := world.Start(aptest.Options{})
	must(t, err)
	sent, err := server.Person("bob").Reply(t.Context(), made.ID, "Dari jauh.")
	must(t, err)
	if sent.Status() != http.StatusAccepted {
		t.Fatalf("the reply gets %d: %s", sent.Status(), sent.Answers[0].Body)
	}
	for _, host := range hosts {
		eventually(t, host+" shows the reply", func() bool { return strings.Contains(front.at(host, made.URL), "Dari jauh.") })
	}
}

// at fetches an address of the blog from one of its nodes, as a balancer does.
func (h *house) at(node, address string) string {
	h.t.Helper()
	r, err := http.NewRequest(http.MethodGet, strings.Replace(address, h.host, node, 1), nil)
	must(h.t, err)
	r.Host = h.host
	res, err := reader.Do(r)
	must(h.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(h.t, err)
	return string(body)
}
