package delivery

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"kabar/activitypub/client"
	"kabar/activitypub/httpsig"
	"kabar/internal/blog"
)

// Sender sends leased hosts their rows.
type Sender struct {
	Store  Store
	Client *client.Client
	Now    func() time.Time
	// Paused hears of each host when its pause is written; nil = nobody.
	Paused func(host string)
	// Sent hears of each try: what became of it, whether the server had failed
	// before, and how long it took; nil = nobody.
	Sent func(state State, failing bool, took time.Duration)

	messages messages
	keys     keys
}

// Do sends a host its rows in order until they are done, the host fails or
// the time is used up. It never returns an error: everything is in the result.
func (s *Sender) Do(ctx context.Context, h Host) Result {
	r := &round{Sender: s, host: h, result: untouched(h)}
	deadline := s.Now().Add(budget)
	if last := h.Until.Add(-lastRequests); !h.Until.IsZero() && last.Before(deadline) {
		deadline = last // it waited long for a worker
	}
	blocked := map[string]bool{}
	for i, row := range h.Rows {
		place := row.Inbox + " " + row.ObjectURI
		if blocked[place] || ctx.Err() != nil || s.Now().After(deadline) {
			continue
		}
		if !r.send(ctx, row) {
			blocked[place] = true
		}
		if r.result.Pause > 0 {
			r.giveUp(h.Rows[i+1:])
			break
		}
	}
	return r.result
}

// round is one visit to a host.
type round struct {
	*Sender
	host   Host
	result Result
	began  time.Time // the try in hand
}

// send sends one row and reports whether what follows it may be sent too.
func (r *round) send(ctx context.Context, row Row) bool {
	r.began = r.Now()
	msg, err := r.messages.get(ctx, r.Store, row.ActivityID)
	if errors.Is(err, blog.ErrNotFound) {
		r.row(row, Failed, 0, 0, errNoActivity.Error())
		return true
	}
	var signer httpsig.Signer
	if err == nil {
		signer, err = r.keys.get(ctx, r.Store, msg.ActorID)
	}
	if err != nil {
		// Our own fault or the database's: the host is not to blame.
		r.result.Rows = append(r.result.Rows, RowResult{ID: row.ID, State: Waiting, Next: pause(1), Error: err.Error()})
		return false
	}
	answer, err := r.post(ctx, row.Inbox, msg, signer)
	return r.judge(ctx, row, answer, err)
}

// judge books an answer.
func (r *round) judge(ctx context.Context, row Row, answer client.Answer, err error) bool {
	words := answerWords(answer, err)
	if err != nil && ctx.Err() != nil {
		// The program stops: nothing is known, the row stays as it was.
		return false
	}
	v := judge(answer.Status)
	if errors.Is(err, client.ErrBlockedAddress) {
		v = final
	}
	r.result.Status, r.result.Error = answer.Status, words
	switch v {
	case delivered:
		r.answered()
		r.result.Error = ""
		r.row(row, Delivered, 0, answer.Status, "")
	case pauseHost:
		r.pauseHost(row, answer, words)
	case pauseRow:
		r.answered()
		r.retry(row, max(pause(row.Attempts+1), askedPause(answer)), answer.Status, words)
		return false
	case final:
		if err == nil {
			r.answered()
		}
		if answer.Status == http.StatusGone {
			r.result.Gone = append(r.result.Gone, row.Inbox)
		}
		r.row(row, Failed, 0, answer.Status, words)
	}
	return v != pauseHost
}

// answered ends the host's silence: what fails after it begins a new one.
func (r *round) answered() {
	r.result.Up, r.result.Failures, r.host.FailingSince = true, 0, time.Time{}
}

func (r *round) pauseHost(row Row, answer client.Answer, words string) {
	r.result.Failures++
	r.result.Pause = max(pause(r.result.Failures), askedPause(answer))
	since := r.host.FailingSince
	r.result.Suspend = !since.IsZero() && r.Now().Sub(since) >= silence
	if r.heldEnough(row, r.result.Pause) {
		r.row(row, Expired, 0, answer.Status, words)
		return
	}
	// It is the host that waits: its row goes as soon as the host is back.
	r.row(row, Waiting, 0, answer.Status, words)
}

// giveUp ends those that were held long enough behind a host that failed.
func (r *round) giveUp(rows []Row) {
	for _, row := range rows {
		if r.heldEnough(row, r.result.Pause) {
			r.result.Rows = append(r.result.Rows, RowResult{ID: row.ID, State: Expired, Error: r.result.Error})
		}
	}
}

// retry keeps the row for later, unless it was held long enough.
func (r *round) retry(row Row, wait time.Duration, status int, words string) {
	if r.heldEnough(row, wait) {
		r.row(row, Expired, 0, status, words)
		return
	}
	r.row(row, Waiting, wait, status, words)
}

func (r *round) heldEnough(row Row, wait time.Duration) bool {
	return r.Now().Add(wait).Sub(row.Created) > Held
}

func (r *round) row(row Row, state State, next time.Duration, status int, words string) {
	r.result.Rows = append(r.result.Rows, RowResult{ID: row.ID, State: state, Next: next, Tried: true, Status: status, Error: words})
	if r.Sent != nil {
		r.Sent(state, r.host.Failures > 0, r.Now().Sub(r.began))
	}
}

func askedPause(a client.Answer) time.Duration { return min(a.RetryAfter, longestAsked) }

// answerWords is what the ledger shows of an answer.
func answerWords(a client.Answer, err error) string {
	switch {
	case err != nil:
		return clip(err.Error())
	case a.Excerpt == "":
		return fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status))
	}
	return clip(fmt.Sprintf("%d %s: %s", a.Status, http.StatusText(a.Status), a.Excerpt))
}

func clip(s string) string {
	// Cut within a character it could not be stored, and its row would be sent
	// for ever.
	return strings.ToValidUTF8(s[:min(len(s), 500)], "")
}
