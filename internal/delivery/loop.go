package delivery

import (
	"context"
	"log/slog"
	"time"

	"kabar/internal/queue"
)

// Senders is how many hosts are sent to at once. They must outnumber the
// hosts that may hang until their time-out.
const Senders = 200

// rowsPerVisit is how many rows a host is sent at one visit.
const rowsPerVisit = 50

// Loop returns the loop that works off the ledger with s.
func (s *Sender) Loop(log *slog.Logger) *queue.Loop[Host, Result] {
	loop := s.loop()
	loop.Name, loop.Log, loop.Workers, loop.Limit = "deliveries", log, Senders, Senders
	loop.Claim = func(ctx context.Context, limit int) ([]Host, error) {
		return s.Store.ClaimHosts(ctx, s.Now(), limit, rowsPerVisit)
	}
	return loop
}

// lowSenders is how many hosts at once are sent what others wrote.
const lowSenders = 8

// LowLoop returns the loop that passes on what others wrote. It has a host for
// one request at a time, so that nothing of ours waits for more than that.
func (s *Sender) LowLoop(log *slog.Logger) *queue.Loop[Host, Result] {
	loop := s.loop()
	loop.Name, loop.Log, loop.Workers, loop.Limit = "forwards", log, lowSenders, lowSenders
	loop.Claim = func(ctx context.Context, limit int) ([]Host, error) {
		return s.Store.ClaimLowHosts(ctx, s.Now(), limit, 1)
	}
	return loop
}

func (s *Sender) loop() *queue.Loop[Host, Result] {
	return &queue.Loop[Host, Result]{
		Batch: 100, Flush: 20 * time.Millisecond,
		Do: func(ctx context.Context, hosts []Host) ([]Result, error) {
			results := make([]Result, 0, len(hosts))
			for _, h := range hosts {
				results = append(results, s.Do(ctx, h))
			}
			return results, nil
		},
		Done: s.record,
		Release: func(ctx context.Context, hosts []Host) error {
			results := make([]Result, 0, len(hosts))
			for _, h := range hosts {
				results = append(results, untouched(h))
			}
			return s.Store.RecordDeliveries(ctx, s.Now(), results)
		},
	}
}

func (s *Sender) record(ctx context.Context, results []Result) error {
	if err := s.Store.RecordDeliveries(ctx, s.Now(), results); err != nil {
		return err
	}
	for _, r := range results {
		if r.Pause > 0 && s.Paused != nil {
			s.Paused(r.Host)
		}
	}
	return nil
}

// untouched gives a host back as it was.
func untouched(h Host) Result {
	return Result{Host: h.Name, Signature: h.Signature, Small: h.Small, Failures: h.Failures}
}
