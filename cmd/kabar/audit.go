package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// auditEntry is one entry of the audit log as commands print it.
type auditEntry struct {
	At      time.Time         `json:"at"`
	By      string            `json:"by"` // account; "" = the command line or the program itself
	Action  string            `json:"action"`
	Subject string            `json:"subject"`
	Detail  map[string]string `json:"detail"`
}

type auditListCommand struct {
	Account string `help:"Only what this account did." placeholder:"NAME"`
	Action  string `help:"Only this action, or group of actions: comment.hidden, or comment." placeholder:"ACTION"`
	Subject string `help:"Only what was done to something with this in its address." placeholder:"TEXT"`
	Limit   uint32 `default:"100" help:"How many, newest first."`
}

func (c *auditListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		by := uuid.Nil
		if c.Account != "" {
			var err error
			if by, err = a.author(ctx, c.Account); err != nil {
				return err
			}
		}
		entries, err := a.blog.Audit(ctx, blog.AuditQuery{Account: by, Action: c.Action, Subject: c.Subject, Limit: int(c.Limit)})
		if err != nil {
			return err
		}
		names, err := a.accountNames(ctx)
		if err != nil {
			return err
		}
		rows := make([]auditEntry, 0, len(entries))
		for _, e := range entries {
			rows = append(rows, auditEntry{e.At, names[e.AccountID], e.Action, e.Subject, e.Detail})
		}
		return list(env, rows, []string{"AT", "BY", "ACTION", "SUBJECT"}, func(r auditEntry) []string {
			return []string{shortTime(&r.At), orDash(r.By), r.Action, orDash(r.Subject)}
		})
	})
}

type auditVerifyCommand struct {
	Known string `help:"A hash that this command printed earlier: the log must still hold that entry." placeholder:"HASH"`
}

// auditChain is what the command prints.
type auditChain struct {
	Entries int64  `json:"entries"`
	Head    string `json:"head"`
	Known   int64  `json:"known,omitempty"` // number of the entry with the hash that was asked for
}

func (c *auditVerifyCommand) run(ctx context.Context, env environment) error {
	known := strings.ToLower(c.Known)
	if hash, err := hex.DecodeString(known); err != nil || known != "" && len(hash) != 32 {
		return usageError{fmt.Errorf("%q is no hash of the audit log: it has 64 digits and letters", c.Known)}
	}
	return with(ctx, env, func(a *app) error {
		chain, err := a.blog.VerifyAudit(ctx, known)
		if err != nil {
			return err
		}
		return env.object(auditChain{chain.Entries, chain.Head, chain.Known},
			fmt.Sprintf("%d entries, none changed. Note the last one's hash elsewhere, for --known:\n%s", chain.Entries, orDash(chain.Head)))
	})
}
