package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"kabar/internal/backup"
)

// Restore fills an empty database, all or nothing.
type Restore struct {
	conn     *pgx.Conn
	tx       pgx.Tx
	tables   []string
	triggers []string // statements that set them as they were
	keys     []string // statements that make foreign keys anew
}

// EmptyDatabase tells whether there is nothing in the database at url that
// anybody would miss: no tables, or those of a blog that was never begun, as a
// restore that failed leaves them.
func EmptyDatabase(ctx context.Context, url string) (empty bool, err error) {
	conn, err := patientConn(ctx, url)
	if err != nil {
		return false, err
	}
	defer conn.Close(ctx)
	var tables, begun bool
	err = conn.QueryRow(ctx, `
		select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')),
			to_regclass('public.settings') is not null and to_regclass('public.goose_db_version') is not null`).Scan(&tables, &begun)
	if err == nil && begun {
		err = conn.QueryRow(ctx, `select exists (select from settings where key = 'origin')`).Scan(&tables)
	}
	return !tables, wrap("look whether the database is empty", err)
}

// OpenRestore begins to fill the database at url, whose schema must be that of
// the manifest. While it is filled no trigger fires, and foreign keys are
// checked at its end.
func OpenRestore(ctx context.Context, url string, m backup.Manifest) (*Restore, error) {
	conn, err := patientConn(ctx, url)
	if err != nil {
		return nil, err
	}
	r := &Restore{conn: conn}
	if r.tx, err = conn.Begin(ctx); err == nil {
		err = r.prepare(ctx, m)
	}
	if err != nil {
		r.Close(ctx)
		return nil, wrap("open restore", err)
	}
	return r, nil
}

// Close ends it; without Commit nothing has changed.
func (r *Restore) Close(ctx context.Context) { _ = r.conn.Close(ctx) }

func (r *Restore) prepare(ctx context.Context, m backup.Manifest) error {
	tables, err := copiedTables(ctx, r.tx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		r.tables = append(r.tables, quoted(t.Name))
	}
	for _, t := range m.Tables {
		if !slices.ContainsFunc(tables, func(here backup.Table) bool { return here.Name == t.Name }) {
			return fmt.Errorf("there is no table %s in schema %d", t.Name, m.Schema)
		}
	}
	if err := r.readTriggers(ctx); err != nil {
		return err
	}
	if err := r.dropKeys(ctx); err != nil {
		return err
	}
	for _, t := range r.tables {
		if _, err := r.tx.Exec(ctx, `alter table `+t+` disable trigger user`); err != nil {
			return err
		}
	}
	_, err = r.tx.Exec(ctx, `truncate `+strings.Join(r.tables, ", "))
	return err
}

// readTriggers notes how each trigger is to be set at the end.
func (r *Restore) readTriggers(ctx context.Context) error {
	rows, err := r.tx.Query(ctx, `
		select format('alter table %s enable %s trigger %I', tgrelid::regclass, case tgenabled when 'A' then 'always' when 'R' then 'replica' else '' end, tgname)
		from pg_trigger t join pg_class c on c.oid = t.tgrelid
		where not tgisinternal and tgenabled <> 'D' and tgparentid = 0 and c.relnamespace = 'public'::regnamespace`)
	if err != nil {
		return err
	}
	r.triggers, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

// dropKeys takes foreign keys away: tables refer to each other in circles.
func (r *Restore) dropKeys(ctx context.Context) error {
	rows, err := r.tx.Query(ctx, `
		select format('alter table %s drop constraint %I', conrelid::regclass, conname),
			format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		from pg_constraint
		where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace`)
	if err != nil {
		return err
	}
	var drops []string
	var drop, add string
	if _, err := pgx.ForEachRow(rows, []any{&drop, &add}, func() error {
		drops, r.keys = append(drops, drop), append(r.keys, add)
		return nil
	}); err != nil {
		return err
	}
	return r.exec(ctx, drops)
}

func (r *Restore) exec(ctx context.Context, statements []string) error {
	for _, sql := range statements {
		if _, err := r.tx.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}

// Copy reads what Backup.Copy wrote, and returns the rows.
func (r *Restore) Copy(ctx context.Context, t backup.Table, from io.Reader) (int64, error) {
	tag, err := r.conn.PgConn().CopyFrom(ctx, from, fmt.Sprintf(`copy %s (%s) from stdin`, quoted(t.Name), columnList(t)))
	return tag.RowsAffected(), wrap("copy "+t.Name, err)
}

// Commit checks what refers to what, and keeps it all.
func (r *Restore) Commit(ctx context.Context, m backup.Manifest) error {
	for _, name := range slices.Sorted(maps.Keys(m.Sequences)) {
		if _, err := r.tx.Exec(ctx, `select setval($1::regclass, $2)`, quoted(name), m.Sequences[name]); err != nil {
			return wrap("set sequence "+name, err)
		}
	}
	if err := errors.Join(r.exec(ctx, r.keys), r.exec(ctx, r.triggers)); err != nil {
		return wrap("finish restore", err)
	}
	if err := r.tx.Commit(ctx); err != nil {
		return wrap("commit restore", err)
	}
	_, err := r.conn.Exec(ctx, `analyze`)
	return wrap("gather statistics", err)
}
