package postgres

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/jackc/pgx/v5"

	"kabar/internal/backup"
)

// notCopied are tables that tell what the schema is: it is made anew.
var notCopied = []string{"goose_db_version", "river_migration"}

// filesLock is held by a backup, so that no file of the media store goes that
// its view of the database names.
const filesLock = 0x66696c6573 // "files"

// Backup is the database as it was at one moment, while others go on writing.
// It has a connection of its own, without limits of time.
type Backup struct {
	conn *pgx.Conn
	tx   pgx.Tx
}

// OpenBackup takes the view of the database at url that is copied. Close it.
func OpenBackup(ctx context.Context, url string) (*Backup, error) {
	conn, err := patientConn(ctx, url)
	if err != nil {
		return nil, err
	}
	b := &Backup{conn: conn}
	if _, err = conn.Exec(ctx, `select pg_advisory_lock_shared($1)`, filesLock); err == nil {
		b.tx, err = conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	}
	if err != nil {
		b.Close(ctx)
		return nil, wrap("open backup", err)
	}
	return b, nil
}

// patientConn connects without the limits of time that the pool's have.
func patientConn(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := poolConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	for _, name := range []string{"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} {
		config.ConnConfig.RuntimeParams[name] = "0"
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	return conn, wrap("open database", err)
}

// Close ends the view.
func (b *Backup) Close(ctx context.Context) { _ = b.conn.Close(ctx) } // the view goes with it

// Manifest describes the view; Version and Made are left to the caller.
func (b *Backup) Manifest(ctx context.Context) (m backup.Manifest, err error) {
	err = b.tx.QueryRow(ctx, `
		select (select max(version_id) from goose_db_version where is_applied),
			coalesce((select value #>> '{}' from settings where key = 'origin'), ''),
			coalesce((select value #>> '{}' from settings where key = $1), '')`, secretSetting).
		Scan(&m.Schema, &m.Origin, &m.SecretKey)
	if err != nil {
		return m, wrap("describe the database", err)
	}
	if m.Tables, err = copiedTables(ctx, b.tx); err != nil {
		return m, wrap("list tables", err)
	}
	m.Sequences, err = b.sequences(ctx)
	return m, wrap("list sequences", err)
}

// copiedTables are all tables with the columns that are not computed.
func copiedTables(ctx context.Context, db querier) ([]backup.Table, error) {
	rows, err := db.Query(ctx, `
		select c.relname::text, array_agg(a.attname::text order by a.attnum)
		from pg_class c join pg_attribute a on a.attrelid = c.oid
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
			and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and c.relname <> all ($1)
		group by c.relname
		order by c.relname`, notCopied)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[backup.Table])
}

func (b *Backup) sequences(ctx context.Context) (map[string]int64, error) {
	rows, err := b.tx.Query(ctx, `
		select sequencename::text, last_value from pg_sequences
		where schemaname = 'public' and last_value is not null and sequencename not like 'goose%'`)
	if err != nil {
		return nil, err
	}
	values := map[string]int64{}
	var name string
	var last int64
	_, err = pgx.ForEachRow(rows, []any{&name, &last}, func() error { values[name] = last; return nil })
	return values, err
}

// Copy writes a table as COPY does in text format, and returns its rows.
func (b *Backup) Copy(ctx context.Context, t backup.Table, w io.Writer) (int64, error) {
	tag, err := b.conn.PgConn().CopyTo(ctx, w, fmt.Sprintf(`copy (select %s from %s) to stdout`, columnList(t), quoted(t.Name)))
	return tag.RowsAffected(), wrap("copy "+t.Name, err)
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

func columnList(t backup.Table) string {
	names := make([]string, len(t.Columns))
	for i, name := range t.Columns {
		names[i] = quoted(name)
	}
	return strings.Join(names, ", ")
}

// FilesHeld tells whether a backup is being made, so that no file may go.
func (s *Store) FilesHeld(ctx context.Context) (held bool, err error) {
	err = s.pool.QueryRow(ctx, `
		select exists (
			select from pg_locks
			where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())
				and (classid::bigint << 32 | objid::bigint) = $1)`, int64(filesLock)).Scan(&held)
	return held, wrap("look for a backup", err)
}
