package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"kabar/internal/blog"
)

// Deps are who does the jobs. All functions are called concurrently and may be
// called again for the same job: after an error, and after a crash.
type Deps struct {
	ArticleChanged  func(context.Context, blog.ArticleChanged) error
	FeedsChanged    func(context.Context, blog.FeedsChanged) error
	ShareImage      func(context.Context, blog.ShareImage) error
	CommentChanged  func(context.Context, blog.CommentChanged) error
	ActorChanged    func(context.Context, blog.ActorChanged) error
	FollowerRemoved func(context.Context, blog.FollowerRemoved) error
	ReactionChanged func(context.Context, blog.ReactionChanged) error
	QuoteDecided    func(context.Context, blog.QuoteDecided) error
	Mail            func(context.Context, blog.Mail) error
	VisitorMail     func(context.Context, blog.VisitorMail) error
	ReportMade      func(context.Context, blog.ReportMade) error
	Periodic        []Periodic
	Clock           rivertype.TimeGenerator // by which jobs are due; the same for all nodes
	// Observe hears of each try of a job: done, failed or put off; nil = nobody.
	Observe func(kind, outcome string, took time.Duration)
	Log     *slog.Logger
}

const (
	maxWorkers         = 10
	maxPeriodicWorkers = 4
	// fetchCooldown is the least time between two looks into the queue, and so
	// what a job may wait although River's notifier announced it.
	fetchCooldown = 10 * time.Millisecond
	// pollInterval is what a job may wait that was not announced, because it
	// was enqueued within a millisecond of another.
	pollInterval = 250 * time.Millisecond
	// jobTimeout bounds one try. A job of a process that was killed is taken
	// up again after rescueAfter, so both are short.
	jobTimeout  = time.Minute
	rescueAfter = 75 * time.Second
	// keepCompleted is long enough to see what was done last.
	keepCompleted = time.Hour
	// cancelTime is what jobs get to notice that they were cancelled.
	cancelTime = 5 * time.Second
)

// Runner works on jobs between Start and Stop.
type Runner struct {
	client *river.Client[pgx.Tx]
}

// New makes the runner. The pool must lead to PostgreSQL itself, or to a proxy
// that keeps sessions: River listens on one of its connections.
func New(pool *pgxpool.Pool, deps Deps) (*Runner, error) {
	workers, err := register(deps)
	if err != nil {
		return nil, fmt.Errorf("register workers: %w", err)
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: maxWorkers, FetchPollInterval: pollInterval},
			periodicQueue:      {MaxWorkers: maxPeriodicWorkers},
		},
		Workers:                     workers,
		PeriodicJobs:                schedule(deps.Periodic),
		FetchCooldown:               fetchCooldown,
		JobTimeout:                  jobTimeout,
		RescueStuckJobsAfter:        rescueAfter,
		CompletedJobRetentionPeriod: keepCompleted,
		MaxAttempts:                 maxAttempts,
		RetryPolicy:                 backOff{deps.Clock},
		ErrorHandler:                panicLog{deps.Log},
		Logger:                      slog.New(warnings{deps.Log.Handler()}),
		Test:                        river.TestConfig{Time: deps.Clock}, // there is no other way to set it
	})
	if err != nil {
		return nil, fmt.Errorf("make job runner: %w", err)
	}
	return &Runner{client: client}, nil
}

func register(deps Deps) (*river.Workers, error) {
	workers := river.NewWorkers()
	return workers, errors.Join(
		river.AddWorkerSafely(workers, worker(deps, deps.ArticleChanged)),
		river.AddWorkerSafely(workers, worker(deps, deps.FeedsChanged)),
		river.AddWorkerSafely(workers, worker(deps, deps.ShareImage)),
		river.AddWorkerSafely(workers, worker(deps, deps.CommentChanged)),
		river.AddWorkerSafely(workers, worker(deps, deps.ActorChanged)),
		river.AddWorkerSafely(workers, worker(deps, deps.FollowerRemoved)),
		river.AddWorkerSafely(workers, worker(deps, deps.ReactionChanged)),
		river.AddWorkerSafely(workers, worker(deps, deps.QuoteDecided)),
		river.AddWorkerSafely(workers, worker(deps, deps.Mail)),
		river.AddWorkerSafely(workers, worker(deps, deps.VisitorMail)),
		river.AddWorkerSafely(workers, worker(deps, deps.ReportMade)),
		river.AddWorkerSafely(workers, worker(deps, periodicWork(deps.Periodic))),
	)
}

// Start begins to work. The end of ctx does not end it: Stop does.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	return nil
}

// Stop takes no more jobs and waits for those in hand. When ctx ends first
// they are cancelled, to be done again after the next start.
func (r *Runner) Stop(ctx context.Context) error {
	if err := r.client.Stop(ctx); err == nil || ctx.Err() == nil {
		return wrapStop(err)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTime)
	defer cancel()
	return wrapStop(r.client.StopAndCancel(ctx))
}

func wrapStop(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("stop jobs: %w", err)
}
