package main

import (
	"context"
	"fmt"
	"time"

	"kabar/internal/delivery"
)

// ledgerRow is one delivery as commands print it.
type ledgerRow struct {
	ID         int64          `json:"id"`
	Type       string         `json:"type"`
	Object     string         `json:"object"`
	Inbox      string         `json:"inbox"`
	Host       string         `json:"host"`
	State      delivery.State `json:"state"`
	Attempts   int            `json:"attempts"`
	LastStatus int            `json:"last_status"`
	LastError  string         `json:"last_error"`
	LastAt     *time.Time     `json:"last_at"`
	NextAt     *time.Time     `json:"next_at"` // nil when it is over
	Suspended  bool           `json:"suspended"`
}

func printableRow(e delivery.Entry) ledgerRow {
	r := ledgerRow{
		ID: e.ID, Type: e.Type, Object: e.ObjectURI, Inbox: e.Inbox, Host: e.Host, State: e.State, Attempts: e.Attempts,
		LastStatus: e.LastStatus, LastError: e.LastError, LastAt: stamp(e.LastAt), Suspended: e.Suspended,
	}
	if e.State == delivery.Waiting {
		r.NextAt = stamp(e.Next())
	}
	return r
}

// deliveryFilter picks rows of the ledger.
type deliveryFilter struct {
	Article string `help:"Only those of this article (page address, object id or slug)." placeholder:"URL"`
	Host    string `help:"Only those to this server."`
}

func (f deliveryFilter) query(ctx context.Context, a *app) (delivery.Query, error) {
	q := delivery.Query{Host: f.Host}
	if f.Article != "" {
		found, err := a.findEver(ctx, f.Article)
		if err != nil {
			return q, err
		}
		q.Object = found.ObjectURI
	}
	return q, nil
}

type deliveryListCommand struct {
	deliveryFilter
	State []string `enum:"waiting,delivered,failed,superseded,skipped,expired" help:"Only these states."`
	Limit uint32   `default:"200" help:"How many, newest first."`
}

func (c *deliveryListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		q, err := c.query(ctx, a)
		if err != nil {
			return err
		}
		q.Limit = int(c.Limit)
		for _, s := range c.State {
			q.States = append(q.States, delivery.State(s))
		}
		found, err := a.store.Deliveries(ctx, q)
		if err != nil {
			return err
		}
		rows := make([]ledgerRow, 0, len(found))
		for _, e := range found {
			rows = append(rows, printableRow(e))
		}
		return list(env, rows, []string{"ID", "TYPE", "STATE", "TRIES", "NEXT TRY", "LAST ANSWER", "INBOX"}, func(r ledgerRow) []string {
			answer := r.LastError
			if answer == "" && r.LastStatus != 0 {
				answer = fmt.Sprint(r.LastStatus)
			}
			return []string{fmt.Sprint(r.ID), r.Type, string(r.State), fmt.Sprint(r.Attempts), shortTime(r.NextAt), answer, r.Inbox}
		})
	})
}

type deliveryTryCommand struct {
	deliveryFilter
	ID int64 `help:"Only this row."`
}

func (c *deliveryTryCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		q, err := c.query(ctx, a)
		if err != nil {
			return err
		}
		q.ID = c.ID
		n, err := a.store.TryNow(ctx, time.Now(), q)
		if err != nil {
			return err
		}
		a.notifier.Queue(queueDeliveries)
		return env.object(map[string]int{"due": n}, fmt.Sprintf("%d due now.", n))
	})
}
