package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"time"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/config"
	"kabar/internal/metrics"
	"kabar/internal/pgserver"
	"kabar/internal/postgres"
)

// benchMeasureCommand compares filled blogs.
type benchMeasureCommand struct {
	Dirs   []string `arg:"" name:"dir" type:"existingdir" help:"Data directories of filled blogs, the smallest first."`
	Rounds int      `default:"15" help:"How often each is measured."`
	Most   float64  `default:"1.5" help:"How many times as long the last may take as the first."`
	Only   string   `help:"Measure only what has this in its name, as a regular expression."`
}

// benchFigure is how long something took in each blog, in milliseconds.
type benchFigure struct {
	Name  string    `json:"name"`
	Times []float64 `json:"ms"`
	Ratio float64   `json:"ratio"` // of the last to the first
}

// run takes turns, so that what else the machine does falls on all alike.
func (c *benchMeasureCommand) run(ctx context.Context, env environment) (err error) {
	only, err := regexp.Compile(c.Only)
	if err != nil {
		return usageError{fmt.Errorf("--only %s: give a regular expression: %w", c.Only, err)}
	}
	var blogs []*benched
	defer func() {
		for _, b := range blogs {
			b.node.close(context.WithoutCancel(ctx))
		}
	}()
	for _, dir := range c.Dirs {
		cfg := env.config
		cfg.DatabaseURL, cfg.DataDir, cfg.SecretKey, cfg.SecretKeyFile = "", dir, "", ""
		if err := cfg.Validate(); err != nil {
			return err
		}
		b, err := openBenched(ctx, cfg, slog.New(slog.NewTextHandler(env.err, &slog.HandlerOptions{Level: slog.LevelWarn})))
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		b.works = slices.DeleteFunc(b.works, func(w benchWork) bool { return !only.MatchString(w.name) })
		blogs = append(blogs, b)
	}
	if len(blogs[0].works) == 0 {
		return usageError{fmt.Errorf("--only %s: nothing that is measured has such a name", c.Only)}
	}
	figures, failed := c.measure(blogs, env.err)
	if err := list(env, figures, []string{"WHAT", "MS", "RATIO"}, func(f benchFigure) []string {
		return []string{f.Name, fmt.Sprintf("%.2f", f.Times), fmt.Sprintf("%.2f", f.Ratio)}
	}); err != nil {
		return err
	}
	return errors.Join(failed, c.verdict(figures))
}

// measure goes on after what fails, and returns that too.
func (c *benchMeasureCommand) measure(blogs []*benched, progress io.Writer) (figures []benchFigure, failed error) {
	for i := range blogs[0].works {
		took, err := c.take(blogs, i)
		if err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		f := benchFigure{Name: blogs[0].works[i].name}
		for _, times := range took {
			slices.Sort(times)
			f.Times = append(f.Times, times[len(times)/2])
		}
		f.Ratio = f.Times[len(f.Times)-1] / max(f.Times[0], 0.001)
		figures = append(figures, f)
		fmt.Fprintf(progress, "%s\t%.2f\t%.2f\n", f.Name, f.Times, f.Ratio)
	}
	return figures, failed
}

// take does one work in all blogs by turns, and returns how long it took in each.
func (c *benchMeasureCommand) take(blogs []*benched, work int) ([][]float64, error) {
	took := make([][]float64, len(blogs))
	for round := range c.Rounds + 1 {
		for at, b := range blogs {
			begun := time.Now()
			if err := b.works[work].do(); err != nil {
				return nil, err
			}
			if round > 0 { // the first one warms up, and does what waits for it
				took[at] = append(took[at], float64(time.Since(begun).Microseconds())/1000)
			}
		}
	}
	return took, nil
}

// verdict leaves out what is too short to be told from chance.
func (c *benchMeasureCommand) verdict(figures []benchFigure) error {
	const shortest = 1 // ms
	var slow []error
	for _, f := range figures {
		if last := f.Times[len(f.Times)-1]; f.Ratio > c.Most && last-f.Times[0] > shortest {
			slow = append(slow, fmt.Errorf("%s takes %.1f times as long", f.Name, f.Ratio))
		}
	}
	return errors.Join(slow...)
}

// benched is a filled blog that answers without keeping pages and does nothing
// by itself.
type benched struct {
	node    *node
	handler http.Handler
	cookie  *http.Cookie // of the owner's session
	works   []benchWork
}

type benchWork struct {
	name string
	do   func() error
}

func openBenched(ctx context.Context, c config.Config, log *slog.Logger) (*benched, error) {
	a, err := openApp(ctx, c, log, pgserver.Open)
	if err != nil {
		return nil, err
	}
	b, err := newBenched(ctx, &node{app: a, metrics: metrics.New(version())})
	if err != nil {
		a.close(context.WithoutCancel(ctx))
		return nil, err
	}
	return b, nil
}

func newBenched(ctx context.Context, n *node) (*benched, error) {
	if err := n.wire(ctx, nil); err != nil {
		return nil, err
	}
	sample, err := n.store.Sample(ctx)
	if errors.Is(err, blog.ErrNotFound) {
		return nil, errors.New("this blog is not filled: kabar bench fill")
	}
	if err != nil {
		return nil, err
	}
	server := n.web()
	server.Page.Cache = nil
	b := &benched{node: n, handler: server.Handler()}
	if b.cookie, err = b.signIn(ctx); err != nil {
		return nil, err
	}
	for _, q := range benchRequests(sample) {
		b.works = append(b.works, benchWork{q.name, func() error { return b.ask(q) }})
	}
	b.works = append(b.works, b.jobs(ctx, sample)...)
	return b, nil
}

// signIn begins a session of the owner.
func (b *benched) signIn(ctx context.Context) (*http.Cookie, error) {
	accounts, err := b.node.store.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(accounts, func(a blog.Account) bool { return a.Role == blog.Owner })
	if i < 0 {
		return nil, errors.New("this blog has no owner: kabar bench fill")
	}
	m := b.node.maker()
	w := httptest.NewRecorder()
	m.Sessions.Middleware(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		err = m.Auth.Begin(r.Context(), accounts[i], auth.ByPassword, auth.Client{})
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	if err != nil {
		return nil, err
	}
	if cookies := w.Result().Cookies(); len(cookies) == 1 {
		return cookies[0], nil
	}
	return nil, errors.New("no session came of signing in")
}

// jobs are what is done again and again, and what asks for work. Nothing here
// reaches another server.
func (b *benched) jobs(ctx context.Context, f postgres.FillSample) []benchWork {
	n, now, long := b.node, time.Now(), time.Now().AddDate(-20, 0, 0)
	s := n.store
	return []benchWork{
		{"job: old activities", func() error { _, err := s.DeleteOldInbound(ctx, now.Add(-keepInbound)); return err }},
		{"job: expired deliveries", func() error { _, err := s.ExpireDeliveries(ctx, long); return err }},
		{"job: old deliveries", func() error { _, err := s.DeleteOldDeliveries(ctx, now.Add(-keepDeliveries)); return err }},
		{"job: sessions", func() error { _, err := s.DeleteExpiredSessions(ctx, now); return err }},
		{"job: forwards", func() error { _, err := s.DeleteOldForwards(ctx, now.Add(-keepForwards)); return err }},
		{"job: removed comments", func() error { _, err := s.BlankRemoved(ctx, now.Add(-blog.KeepRemoved)); return err }},
		{"job: old views", func() error { _, err := s.DeleteOldViews(ctx, now.Add(-blog.KeepViews)); return err }},
		{"job: day of the statistics", func() error { return n.moveViews(ctx, now) }},
		{"job: copies", func() error { return n.sweepCopies(ctx) }},
		{"job: visitors", func() error { return n.tellVisitors(ctx) }},
		{"job: plan forwards", func() error { return n.federation.PlanForwards(ctx) }},
		{"job: comments of an older policy", func() error { return n.federation.RemakeComments(ctx) }},
		{"job: unattached comments", func() error { _, err := s.ClaimUnattached(ctx, long, time.Minute, 50); return err }},
		{"job: digests", func() error { return n.digests().Send(ctx) }},
		{"job: search", func() error { return s.RefreshSearch(ctx) }},
		{"job: newsletter", func() error { return n.newsletter(ctx) }},
		{"claim: activities", func() error { _, err := s.ClaimInbound(ctx, long, time.Minute, 100); return err }},
		{"claim: hosts", func() error { _, err := s.ClaimHosts(ctx, long, 200, 10); return err }},
		{"claim: avatars", func() error { _, err := s.ClaimAvatars(ctx, long, time.Minute, 10); return err }},
		{"claim: software", func() error { _, err := s.ClaimServers(ctx, long, time.Minute, 10); return err }},
		{"metrics: queues", func() error { _, err := s.Queues(ctx, now); return err }},
		{"command: inbound list", func() error {
			_, err := s.InboundList(ctx, postgres.InboundQuery{Limit: 100})
			return err
		}},
		{"command: inbound list --outcome", func() error {
			_, err := s.InboundList(ctx, postgres.InboundQuery{Outcome: "boost", Limit: 100})
			return err
		}},
		{"record of a server", func() error { _, err := s.ServerRecord(ctx, f.Host); return err }},
	}
}
