package queue

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// outage tells that the database cannot be reached or is in no state to
// answer, so that the same may succeed later. Classes and codes are in
// appendix A of PostgreSQL's manual.
func outage(err error) bool {
	switch code := sqlState(err); {
	case code == "25006": // read_only_sql_transaction: its standby, or no room to write
		return true
	case code == "57014": // query_canceled: a statement that takes too long will do so again
		return false
	case code != "":
		switch code[:2] {
		case "08", "40", "53", "57", "58": // connection, rollback, resources, operator, system
			return true
		}
		return false
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || pgconn.SafeToRetry(err)
}

// unanswered is outage for what talks to the database only: whatever is no
// answer of the server is an outage.
func unanswered(err error) bool { return sqlState(err) == "" || outage(err) }

func sqlState(err error) string {
	var answer *pgconn.PgError
	if errors.As(err, &answer) && len(answer.Code) == 5 {
		return answer.Code
	}
	return ""
}
