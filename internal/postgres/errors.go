package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"kabar/internal/blog"
)

// wrap names the operation and gives the error its meaning: no row is
// blog.ErrNotFound, a unique violation blog.ErrConflict, a text that cannot be
// stored *blog.Invalid, and no connection blog.ErrUnavailable. nil stays nil.
func wrap(op string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%s: %w", op, blog.ErrNotFound)
	case errors.Is(err, context.Canceled), hasMeaning(err):
		return fmt.Errorf("%s: %w", op, err)
	case notText(err):
		return fmt.Errorf("%s: %w: %w", op, &blog.Invalid{Field: "text", Problem: "characters"}, err)
	case uniqueViolation(err) != "":
		return fmt.Errorf("%s: %w: %w", op, blog.ErrConflict, err)
	case connectionLost(err):
		return fmt.Errorf("%s: %w: %w", op, blog.ErrUnavailable, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

func hasMeaning(err error) bool {
	for _, meaning := range []error{
		blog.ErrNotFound, blog.ErrGone, blog.ErrConflict, blog.ErrForbidden, blog.ErrUnavailable,
	} {
		if errors.Is(err, meaning) {
			return true
		}
	}
	return false
}

// notText reports a text that PostgreSQL cannot hold: with a NUL, or no UTF-8.
// Such a text came from outside.
func notText(err error) bool {
	return code(err) == "22021"
}

// code is the SQLSTATE of an error, "" for none.
func code(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// uniqueViolation names the unique index that err is about; "" = none.
func uniqueViolation(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return pg.ConstraintName
	}
	return ""
}

// connectionLost reports whether err is about reaching the server and not
// about what was asked of it.
func connectionLost(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "57P01", "57P02", "57P03", "53300": // shutting down, crashed, starting up, too many connections
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || pgconn.SafeToRetry(err)
}
