package main

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
	"kabar/internal/delivery"
)

// finding is one line of what doctor saw.
type finding struct {
	Check string `json:"check"`
	OK    bool   `json:"ok"`
	Words string `json:"words"`
}

type doctorCommand struct{}

// run checks the set-up from outside in and fails when anything is wrong.
func (doctorCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		findings := (&doctor{app: a, env: env}).examine(ctx)
		err := list(env, findings, []string{"", "CHECK", "FINDING"}, func(f finding) []string {
			return []string{map[bool]string{true: "ok", false: "!!"}[f.OK], f.Check, f.Words}
		})
		bad := 0
		for _, f := range findings {
			if !f.OK {
				bad++
			}
		}
		if err == nil && bad > 0 {
			err = fmt.Errorf("%d of %d checks failed", bad, len(findings))
		}
		return err
	})
}

type doctor struct {
	*app
	env  environment
	site blog.Site
}

func (d *doctor) examine(ctx context.Context) []finding {
	checks := []struct {
		name string
		do   func(context.Context) (string, error)
	}{
		{"database", d.checkDatabase},
		{"clock", d.checkClock},
		{"origin", d.checkOrigin},
		{"actor", d.checkActor},
		{"queues", d.checkQueues},
		{"mail", d.checkMail},
	}
	var findings []finding
	for _, c := range checks {
		ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
		words, err := c.do(ctx)
		cancel()
		if err != nil {
			words = err.Error()
		}
		findings = append(findings, finding{Check: c.name, OK: err == nil, Words: words})
	}
	return findings
}

func (d *doctor) checkDatabase(ctx context.Context) (string, error) {
	site, err := d.blog.Site(ctx)
	if err != nil {
		return "", err
	}
	d.site = site
	if !site.Ready {
		return "", errors.New("there is no owner yet: open the set-up link that kabar serve prints, or use kabar account create")
	}
	return "reached; the blog is " + site.Title + ", @" + site.Acct(), nil
}

// checkClock compares with the database's clock: signatures are refused by
// other servers when the clock is an hour off, and one machine's clock cannot
// tell that of itself.
func (d *doctor) checkClock(ctx context.Context) (string, error) {
	theirs, err := d.store.ServerTime(ctx)
	if err != nil {
		return "", err
	}
	if off := time.Since(theirs).Abs(); off > time.Minute {
		return "", fmt.Errorf("this machine and the database differ by %s: set both by NTP", off.Round(time.Second))
	}
	return "agrees with the database's", nil
}

// checkOrigin asks the public address as anybody would.
func (d *doctor) checkOrigin(ctx context.Context) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.site.Origin+"/readyz", nil)
	if err != nil {
		return "", err
	}
	res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	if err != nil {
		return "", fmt.Errorf("%s does not answer: is kabar serve running, and the proxy in front of it? (%w)", d.site.Origin, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s/readyz answers %s", d.site.Origin, res.Status)
	}
	if res.TLS != nil {
		left := time.Until(res.TLS.PeerCertificates[0].NotAfter)
		if left < 7*24*time.Hour {
			return "", fmt.Errorf("the certificate ends in %s", left.Round(time.Hour))
		}
		return fmt.Sprintf("answers over TLS; the certificate holds %d days", int(left.Hours()/24)), nil
	}
	return "answers", nil
}

// checkActor finds the blog by its handle, as another server does before it
// follows.
func (d *doctor) checkActor(ctx context.Context) (string, error) {
	none := func(context.Context) (httpsig.Signer, error) {
		return httpsig.Signer{}, errors.New("not signed")
	}
	c := client.New(client.Options{
		UserAgent: userAgent(d.site.Origin), Signer: none,
		AllowPrivate: d.config.AllowPrivate || strings.HasPrefix(d.site.Origin, "http://"),
	})
	defer c.CloseIdle()
	jrd, err := c.WebFinger(ctx, d.site.Acct())
	if err != nil {
		return "", fmt.Errorf("WebFinger of @%s: %w", d.site.Acct(), err)
	}
	actor, err := d.blog.LocalActor(ctx, blog.BlogActor, "")
	if err != nil {
		return "", err
	}
	if jrd.Self() != actor.URI {
		return "", fmt.Errorf("WebFinger of @%s leads to %q instead of %s", d.site.Acct(), jrd.Self(), actor.URI)
	}
	return "@" + d.site.Acct() + " leads to " + actor.URI, nil
}

// checkMail signs in at the SMTP server, and sends nothing.
func (d *doctor) checkMail(ctx context.Context) (string, error) {
	if !d.mail.Configured() {
		return "not configured: no e-mail is sent (KABAR_SMTP_URL)", nil
	}
	if err := d.mail.Check(ctx); err != nil {
		return "", fmt.Errorf("KABAR_SMTP_URL: %w", err)
	}
	return d.mail.Server.Host + " lets us in; mail comes from " + d.config.MailFrom, nil
}

func (d *doctor) checkQueues(ctx context.Context) (string, error) {
	counts, err := d.store.DeliveryCounts(ctx, delivery.Query{})
	if err != nil {
		return "", err
	}
	oldest, err := d.store.OldestUntouched(ctx)
	if err != nil {
		return "", err
	}
	if !oldest.IsZero() && time.Since(oldest) > 10*time.Minute {
		return "", fmt.Errorf("an activity waits since %s: is a worker running?", shortTime(&oldest))
	}
	return fmt.Sprintf("%d deliveries wait, %d arrived, %d failed", counts[delivery.Waiting], counts[delivery.Delivered], counts[delivery.Failed]), nil
}
