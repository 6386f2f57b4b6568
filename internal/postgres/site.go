package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"reflect"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
)

// OriginMismatch refuses a start under another origin than the one that the
// ids in the database were made from.
type OriginMismatch struct{ Stored, Given string }

func (e *OriginMismatch) Error() string {
	return fmt.Sprintf("this database belongs to %s, which other servers know its articles by, and not to %s: "+
		"set KABAR_URL=%s, or name another database (KABAR_DATABASE_URL or KABAR_DATA_DIR)", e.Stored, e.Given, e.Stored)
}

// Site returns the settings, with the default of each that is not stored.
func (s *Store) Site(ctx context.Context) (blog.Site, error) {
	site, err := readSite(ctx, s.pool)
	return site, wrap("site", err)
}

func readSite(ctx context.Context, db querier) (blog.Site, error) {
	var stored []byte
	var ready bool
	err := db.QueryRow(ctx, `
		select coalesce(jsonb_object_agg(key, value), '{}'),
		       exists (select from accounts where role = 'owner')
		from settings`).Scan(&stored, &ready)
	if err != nil {
		return blog.Site{}, err
	}
	site := blog.DefaultSite("", "")
	if err := json.Unmarshal(stored, &site); err != nil {
		return blog.Site{}, fmt.Errorf("settings: %w", err)
	}
	if origin, err := url.Parse(site.Origin); err == nil && site.HandleDomain == "" {
		site.HandleDomain = origin.Host
	}
	site.Ready = ready
	return site, nil
}

// InitSite stores the settings of a first start. Later it only checks that the
// origin is the stored one and otherwise returns *OriginMismatch.
func (s *Store) InitSite(ctx context.Context, site blog.Site) (blog.Site, error) {
	var stored blog.Site
	err := s.tx(ctx, func(tx pgx.Tx) error {
		// Of nodes that start at once the first one decides; the others wait here.
		tag, err := tx.Exec(ctx, `
			insert into settings (key, value) values ('origin', to_jsonb($1::text))
			on conflict do nothing`, site.Origin)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 1 {
			if err := writeSite(ctx, tx, site); err != nil {
				return err
			}
		}
		stored, err = readSite(ctx, tx)
		return err
	})
	if err != nil {
		return blog.Site{}, wrap("first settings", err)
	}
	if stored.Origin != site.Origin {
		return blog.Site{}, &OriginMismatch{Stored: stored.Origin, Given: site.Origin}
	}
	return stored, nil
}

// writeSite stores one row a setting. Whether the blog is ready is no setting:
// it is so once there is an owner.
func writeSite(ctx context.Context, tx pgx.Tx, site blog.Site) error {
	document, err := json.Marshal(site)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into settings (key, value)
		select key, value from jsonb_each($1::jsonb) where key <> 'ready'
		on conflict (key) do update set value = excluded.value, updated = now()
		where settings.value <> excluded.value`, document)
	return err
}

// SetSite stores the settings. The blog's actor is brought in line with them,
// and where its profile changed the job tells other servers.
func (s *Store) SetSite(ctx context.Context, site blog.Site, job blog.ActorChanged, audit blog.AuditEntry) error {
	tags := []string{blog.PageSite, blog.PageList}
	err := s.tx(ctx, func(tx pgx.Tx) error {
		old, err := readSite(ctx, tx)
		if err != nil {
			return err
		}
		if err := writeSite(ctx, tx, site); err != nil {
			return err
		}
		if !reflect.DeepEqual(profile(old), profile(site)) {
			id, err := s.changeProfile(ctx, tx, site, job)
			if err != nil {
				return err
			}
			tags = []string{blog.PageSite, blog.PageList, blog.PageActor(id)}
		}
		if old.Title != site.Title || !reflect.DeepEqual(old.Theme, site.Theme) {
			if err := s.redrawShared(ctx, tx); err != nil {
				return err
			}
		}
		return insertAudit(ctx, tx, audit)
	})
	if err != nil {
		return wrap("save settings", err)
	}
	s.changed(tags...)
	return nil
}

// profile is the part of the settings that other servers see on the actor.
func profile(site blog.Site) blog.Site {
	return blog.Site{
		HandleDomain: site.HandleDomain, Title: site.Title, Description: site.Description, Handle: site.Handle,
		ActorType: site.ActorType, Icon: site.Icon, Fields: site.Fields,
		Discoverable: site.Discoverable, Indexable: site.Indexable,
	}
}

// changeProfile returns the blog's actor, uuid.Nil while there is none yet.
func (s *Store) changeProfile(ctx context.Context, tx pgx.Tx, site blog.Site, job blog.ActorChanged) (uuid.UUID, error) {
	summary := ""
	if site.Description != "" {
		summary = "<p>" + html.EscapeString(site.Description) + "</p>"
	}
	rows, err := tx.Query(ctx, `
		update actors set type = $1, handle = $2, domain = $3, name = $4, summary = $5, avatar = $6
		where kind = 'blog'
		returning id`,
		site.ActorType, site.Handle, site.HandleDomain, site.Title, summary, site.Icon)
	if err != nil {
		return uuid.Nil, err
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil || len(ids) == 0 {
		return uuid.Nil, err
	}
	return ids[0], s.enqueue(ctx, tx, job)
}
