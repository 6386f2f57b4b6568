package blog

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// AuditQuery picks entries of the audit log, newest first.
type AuditQuery struct {
	Account      uuid.UUID // who did it
	ByCommand    bool      // only what the command line or the program itself did
	Action       string    // its name or the start of it, up to a dot: comment.hidden, or comment
	Subject      string    // part of it
	Since, Until time.Time // zero = open
	Before       Cursor
	Limit        int
}

// Cursor is the place of the entry in the list.
func (e AuditEntry) Cursor() Cursor { return Cursor{At: e.At, ID: e.ID} }

// AuditNames are the names of all that is written to the audit log, in order.
var AuditNames = []string{
	"account.create", "account.password", "account.profile",
	"article.create", "article.delete", "article.policy", "article.save", "article.update",
	"block.add", "block.import", "block.remove",
	"comment.boost", "comment.delete", "comment.deleted", "comment.edit", "comment.hidden", "comment.like", "comment.reply",
	"comment.spam", "comment.unboost", "comment.undo", "comment.unlike", "comment.visible", "comment.waiting",
	"follower.remove",
	"keys.renew",
	"quote.approved", "quote.rejected", "quote.revoked",
	"report.note", "report.open", "report.resolved", "report.send",
	"security.app-off", "security.app-on", "security.code-used", "security.codes", "security.end", "security.passkey-add",
	"security.passkey-copied", "security.passkey-remove", "security.reset", "security.sign-in", "security.tries",
	"settings.change",
}

// AuditReader reads the audit log.
type AuditReader interface {
	Audit(ctx context.Context, q AuditQuery) ([]AuditEntry, error)
	// AuditActions returns the names of what was ever done, in order.
	AuditActions(ctx context.Context) ([]string, error)
	// AuditChain computes the hashes anew, and looks for the entry with the hash
	// known, which may be "".
	AuditChain(ctx context.Context, known string) (AuditChain, error)
}
