package jobs

import (
	"context"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// warnings lets River say what is wrong with the queue. What it says of single
// jobs, below that level, is said by worker already.
type warnings struct{ slog.Handler }

func (h warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(attrs)}
}

func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }

// panicLog writes down what a worker cannot: that it panicked.
type panicLog struct{ log *slog.Logger }

// HandleError has nothing to add to worker.
func (panicLog) HandleError(context.Context, *rivertype.JobRow, error) *river.ErrorHandlerResult {
	return nil
}

// HandlePanic leaves the retry to the policy.
func (p panicLog) HandlePanic(ctx context.Context, job *rivertype.JobRow, value any, trace string) *river.ErrorHandlerResult {
	p.log.ErrorContext(ctx, "job panicked", "job", job.Kind, "id", job.ID, "panic", value, "trace", trace)
	return nil
}
