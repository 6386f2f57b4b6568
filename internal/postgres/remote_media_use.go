package postgres

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// mediaUse says that a subject shows a file on another server.
type mediaUse struct {
	subject uuid.UUID
	url     string
	server  string // that told of it
	emoji   bool
	due     bool // it is fetched now, and not first when a page asks for it
}

// commentMedia is what a comment of another server shows. What readers cannot
// see is fetched when a moderator looks at it.
func commentMedia(c blog.Comment) []mediaUse {
	if c.Local {
		return nil
	}
	due := c.Shown() && c.ArticleID != uuid.Nil || c.State == blog.Waiting
	var uses []mediaUse
	for _, address := range c.FileAddresses() {
		uses = append(uses, mediaUse{c.ID, address, federation.Host(c.ObjectURI), false, due})
	}
	for _, e := range c.Emojis {
		uses = append(uses, mediaUse{c.ID, e.URL, federation.Host(c.ObjectURI), true, due})
	}
	return uses
}

// actorMedia is what the name of an actor shows.
func actorMedia(id uuid.UUID, uri string, emojis []blog.Emoji) []mediaUse {
	var uses []mediaUse
	for _, e := range emojis {
		uses = append(uses, mediaUse{id, e.URL, federation.Host(uri), true, true})
	}
	return uses
}

// useMedia notes what is shown, in one statement for all.
func useMedia(ctx context.Context, tx pgx.Tx, uses []mediaUse) error {
	if len(uses) == 0 {
		return nil
	}
	ids, subjects := make([]uuid.UUID, len(uses)), make([]uuid.UUID, len(uses))
	urls, hosts, servers := make([]string, len(uses)), make([]string, len(uses)), make([]string, len(uses))
	emoji, due := make([]bool, len(uses)), make([]bool, len(uses))
	for i, u := range uses {
		ids[i], subjects[i], urls[i], hosts[i] = remoteMediaID(u.url), u.subject, u.url, hostname(u.url)
		servers[i], emoji[i], due[i] = u.server, u.emoji, u.due
	}
	if _, err := tx.Exec(ctx, `
		with shown as (
			select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bool[], $7::bool[])
				s (id, subject, url, host, server, emoji, due)
		), noted as (
			insert into remote_media (id, url, host, server, emoji, next_at, used)
			select distinct on (id) id, url, host, server, emoji, case when due then now() end, now()
			from shown order by id, emoji, due desc
			on conflict (id) do nothing
		)
		insert into remote_media_uses (subject, media_id)
		select distinct subject, id from shown order by id, subject
		on conflict do nothing`, planned, ids, subjects, urls, hosts, servers, emoji, due); err != nil {
		return fmt.Errorf("note remote media: %w", err)
	}
	return nil
}

// changeMedia notes what a subject shows now instead of what it showed.
func changeMedia(ctx context.Context, tx pgx.Tx, subject uuid.UUID, uses []mediaUse) error {
	keep := make([]uuid.UUID, len(uses))
	for i, u := range uses {
		keep[i] = remoteMediaID(u.url)
	}
	if _, err := tx.Exec(ctx, `
		delete from remote_media_uses where subject = $1 and media_id <> all ($2)`, subject, keep); err != nil {
		return fmt.Errorf("drop remote media: %w", err)
	}
	return useMedia(ctx, tx, uses)
}

// forgetMedia ends what subjects show that are deleted. The copies go when
// nobody else uses them.
func forgetMedia(ctx context.Context, tx pgx.Tx, subjects ...uuid.UUID) error {
	if _, err := tx.Exec(ctx, `delete from remote_media_uses where subject = any ($1)`, subjects); err != nil {
		return fmt.Errorf("drop remote media: %w", err)
	}
	return nil
}

func hostname(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}
