package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// block is one block as commands print it.
type block struct {
	Kind     string        `json:"kind"`
	Value    string        `json:"value"`
	Severity blog.Severity `json:"severity"`
	Reason   string        `json:"reason"`
	Comment  string        `json:"comment"`
	Created  time.Time     `json:"created"`
}

func printableBlock(b blog.Block) block {
	return block{b.Kind, b.Value, b.Severity, b.Reason, b.Comment, b.Created}
}

type blockAddCommand struct {
	Target   string        `arg:"" help:"example.org (with its subdomains), somebody (actor id, profile page or user@host), a word, or a regular expression."`
	Kind     string        `help:"domain, actor, word or regex; a domain or somebody without it." enum:"domain,actor,word,regex," default:"" placeholder:"KIND"`
	Severity blog.Severity `help:"block refuses (or hides what has the word), silence takes and hides (or holds), allow trusts." enum:"block,silence,allow" default:"block"`
	Reason   string        `help:"Why, for the record."`
	HidePast bool          `help:"Hide what they wrote before, too."`
}

func (c *blockAddCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		target, err := a.blockTarget(ctx, c.Kind, c.Target)
		if err != nil {
			return err
		}
		b, past, err := a.blog.AddBlock(ctx, uuid.Nil, blog.NewBlock{
			Kind: c.Kind, Value: target, Severity: c.Severity, Reason: c.Reason, HidePast: c.HidePast,
		})
		if err != nil {
			return explain(err)
		}
		said := map[blog.Severity]string{
			blog.SeverityBlock: "Blocked: ", blog.SeveritySilence: "Silenced: ", blog.SeverityAllow: "Allowed: ",
		}[b.Severity] + b.Value
		if past.Batch != uuid.Nil {
			said += fmt.Sprintf("\n%d comments hidden. To take that back: kabar comment undo %s", len(past.Comments), past.Batch)
		}
		return env.object(struct {
			block
			HiddenBatch string `json:"hidden_batch"`
			Hidden      int    `json:"hidden"`
		}{printableBlock(b), idText(past.Batch), len(past.Comments)}, said)
	})
}

type blockRemoveCommand struct {
	Target string `arg:"" help:"As it was blocked."`
	Kind   string `help:"word or regex, if it is one." enum:"domain,actor,word,regex," default:"" placeholder:"KIND"`
}

func (c *blockRemoveCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		target, err := a.blockTarget(ctx, c.Kind, c.Target)
		if err != nil {
			return err
		}
		err = a.blog.RemoveBlock(ctx, uuid.Nil, c.Kind, target)
		if errors.Is(err, blog.ErrNotFound) {
			return fmt.Errorf("%s is not blocked; kabar block list shows who is", c.Target)
		}
		if err != nil {
			return explain(err)
		}
		return env.object(map[string]string{"value": c.Target}, "No longer blocked: "+c.Target)
	})
}

// blockTarget is the actor id of somebody we know by handle or profile page.
// Anything else is what it says: a domain, the id of somebody unknown, a word.
func (a *app) blockTarget(ctx context.Context, kind, target string) (string, error) {
	if kind != "" && kind != blog.BlockActor {
		return target, nil
	}
	actor, err := a.store.FindActor(ctx, target)
	switch {
	case err == nil:
		return actor.URI, nil
	case !errors.Is(err, blog.ErrNotFound):
		return "", err
	}
	return target, nil
}

type blockListCommand struct {
	Kind     string        `help:"domain, actor, word or regex." enum:"domain,actor,word,regex," default:"" placeholder:"KIND"`
	Severity blog.Severity `help:"block, silence or allow." enum:"block,silence,allow," default:"" placeholder:"SEVERITY"`
}

func (c *blockListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		q := blog.BlockQuery{Severity: c.Severity}
		if c.Kind != "" {
			q.Kinds = []string{c.Kind}
		}
		found, _, err := a.blog.BlockList(ctx, q)
		if err != nil {
			return err
		}
		rows := make([]block, 0, len(found))
		for _, b := range found {
			rows = append(rows, printableBlock(b))
		}
		return list(env, rows, []string{"SINCE", "KIND", "SEVERITY", "VALUE", "REASON"}, func(r block) []string {
			return []string{shortTime(&r.Created), r.Kind, string(r.Severity), r.Value, r.Reason}
		})
	})
}

// imported is what became of a block list, as commands print it.
type imported struct {
	Taken    []importedRow           `json:"taken"`
	Skipped  []blog.BlocklistProblem `json:"skipped"`
	Problems []blog.BlocklistProblem `json:"problems"`
	Preview  bool                    `json:"preview"`
}

type importedRow struct {
	Line     int           `json:"line"`
	Domain   string        `json:"domain"`
	Severity blog.Severity `json:"severity"`
	Known    bool          `json:"known"`
	blog.Affected
}

type blockImportCommand struct {
	File    string `arg:"" help:"CSV as Mastodon exports it, or one domain a line; - reads standard input."`
	Preview bool   `help:"Only show what would be done."`
}

func (c *blockImportCommand) run(ctx context.Context, env environment) error {
	file, err := c.open(env)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return with(ctx, env, func(a *app) error {
		var found blog.Blocklist
		if c.Preview {
			found, err = a.blog.PreviewBlocklist(ctx, file)
		} else {
			found, err = a.blog.ImportBlocklist(ctx, uuid.Nil, file)
		}
		if err != nil {
			return explain(err)
		}
		return reportImport(env, found, c.Preview)
	})
}

func (c *blockImportCommand) open(env environment) (io.ReadCloser, error) {
	if c.File == "-" {
		return io.NopCloser(env.in), nil
	}
	return os.Open(c.File)
}

func reportImport(env environment, found blog.Blocklist, preview bool) error {
	out := imported{
		Taken: []importedRow{}, Preview: preview,
		Skipped: append([]blog.BlocklistProblem{}, found.Skipped...), Problems: append([]blog.BlocklistProblem{}, found.Problems...),
	}
	for _, r := range found.Rows {
		out.Taken = append(out.Taken, importedRow{r.Line, r.Value, r.Severity, r.Known(), r.Affected})
	}
	if env.json {
		return env.document(out)
	}
	for _, p := range append(out.Problems, out.Skipped...) {
		why := explain(&blog.Invalid{Field: fmt.Sprintf("line %d", p.Line), Problem: p.Reason, Detail: p.Detail})
		fmt.Fprintln(env.err, why)
	}
	said := "Taken"
	if preview {
		said = "Would be taken"
		for _, r := range out.Taken {
			fmt.Fprintf(env.out, "%s\t%s\t%d followers\t%d comments\n", r.Severity, r.Domain, r.Followers, r.Comments)
		}
	}
	_, err := fmt.Fprintf(env.out, "%s: %d. Not understood: %d. Nothing to do: %d.\n", said, len(out.Taken), len(out.Problems), len(out.Skipped))
	return err
}

type blockExportCommand struct{}

func (blockExportCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		if !env.json {
			return a.blog.ExportBlocklist(ctx, env.out)
		}
		return (&blockListCommand{Kind: blog.BlockDomain}).run(ctx, env)
	})
}
