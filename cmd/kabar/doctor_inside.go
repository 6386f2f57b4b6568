package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"kabar/internal/delivery"
	"kabar/internal/media"
)

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

// checkDurability looks whether what PostgreSQL says to be written is.
func (d *doctor) checkDurability(ctx context.Context) (string, error) {
	off, err := d.store.UnsafeSettings(ctx)
	if err != nil {
		return "", err
	}
	if len(off) > 0 {
		return "", fmt.Errorf("PostgreSQL has %s off: what Kabar has answered for is lost when the machine fails; "+
			"set it to on in postgresql.conf", off[0])
	}
	return "what is written outlives a crash", nil
}

// checkConnections looks whether the pool of each node fits into the database.
func (d *doctor) checkConnections(ctx context.Context) (string, error) {
	use, err := d.store.Connections(ctx)
	if err != nil {
		return "", err
	}
	pool := int(d.store.Pool().Config().MaxConns)
	if use.Allowed < pool+5 {
		return "", fmt.Errorf("PostgreSQL allows %d connections and a node of Kabar wants %d: raise max_connections, or add pool_max_conns=%d to KABAR_DATABASE_URL",
			use.Allowed, pool+5, max(use.Allowed-5, 2))
	}
	if use.Used > use.Allowed*9/10 {
		return "", fmt.Errorf("%d of the %d connections of PostgreSQL are taken: raise max_connections, or lower pool_max_conns in KABAR_DATABASE_URL of each node",
			use.Used, use.Allowed)
	}
	return fmt.Sprintf("%d of %d taken; a node takes up to %d", use.Used, use.Allowed, pool+5), nil
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

const (
	leastFree  = 1 << 30 // bytes
	leastShare = 20      // one part in so many, on disks where that is less
)

// checkDisk looks whether there is room.
func (d *doctor) checkDisk(context.Context) (string, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(d.config.DataDir, &fs); err != nil {
		return "", fmt.Errorf("KABAR_DATA_DIR: %s: %w", d.config.DataDir, err)
	}
	free, all := fs.Bavail*uint64(fs.Bsize), fs.Blocks*uint64(fs.Bsize) //nolint:gosec // sizes are not negative
	if free < min(leastFree, all/leastShare) {
		return "", fmt.Errorf("%d MB are free below %s: make room, or PostgreSQL stops when the disk is full", free>>20, d.config.DataDir)
	}
	return fmt.Sprintf("%d MB free", free>>20), nil
}

// checkMediaStore looks whether pictures can be kept.
func (d *doctor) checkMediaStore(ctx context.Context) (string, error) {
	if bucket, ok := d.media.(*media.Bucket); ok {
		return "the bucket " + d.config.S3.Bucket + " at " + d.config.S3.Endpoint, bucket.Check(ctx)
	}
	if err := unix.Access(d.config.MediaDir(), unix.W_OK); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s cannot be written (%w): let it belong to the user that runs kabar serve", d.config.MediaDir(), err)
	}
	return d.config.MediaDir() + " can be written", nil
}

// checkProxies looks whether the proxy that must be there is believed, and
// nobody else.
func (d *doctor) checkProxies(context.Context) (string, error) {
	for _, p := range d.config.TrustedProxies {
		if p.Bits() == 0 {
			return "", fmt.Errorf("KABAR_TRUSTED_PROXIES: %s is everybody, so anybody can pretend to come from any address: name the proxy alone", p)
		}
	}
	switch {
	case d.config.Secure() && !d.config.HTTPS() && len(d.config.TrustedProxies) == 0:
		return "", errors.New("KABAR_URL is https and Kabar serves plain HTTP, so a proxy is in front, but KABAR_TRUSTED_PROXIES names none: " +
			"all readers count as one, and one of them can lock out the others; set it to the proxy's address, such as 127.0.0.1")
	case len(d.config.TrustedProxies) == 0:
		return "none is needed", nil
	}
	return fmt.Sprintf("%v are believed", d.config.TrustedProxies), nil
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

// longDue is how long something may be due before somebody should have taken it.
const longDue = 10 * time.Minute

func (d *doctor) checkQueues(ctx context.Context) (string, error) {
	queues, err := d.store.Queues(ctx, time.Now())
	if err != nil {
		return "", err
	}
	words := ""
	for _, q := range queues {
		if !q.Oldest.IsZero() && time.Since(q.Oldest) > longDue {
			return "", fmt.Errorf("something is due in the queue of %s since %s and nobody takes it: is a node with the role all or worker running? Its log says more",
				q.Name, shortTime(&q.Oldest))
		}
		words += fmt.Sprintf(", %d %s", q.Waiting, q.Name)
	}
	return "waiting: " + words[2:], nil
}

// checkDeliveries looks whether anything leaves this machine.
func (d *doctor) checkDeliveries(ctx context.Context) (string, error) {
	now := time.Now()
	sum, err := d.store.DeliverySummary(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return "", err
	}
	troubles, err := d.store.Troubles(ctx, now, 3)
	if err != nil {
		return "", err
	}
	if sum.Delivered == 0 && len(troubles) > 0 {
		return "", fmt.Errorf("nothing was delivered for a day; %s says: %s. May this machine open connections to port 443 of others, and resolve their names?",
			troubles[0].Host, lastWords(troubles[0]))
	}
	words := fmt.Sprintf("%d in the last day, %d failed", sum.Delivered, sum.Failed)
	if len(troubles) > 0 {
		words += "; some servers do not answer (kabar delivery list)"
	}
	return words, nil
}

func lastWords(t delivery.Trouble) string {
	if t.LastError != "" {
		return t.LastError
	}
	return fmt.Sprint("status ", t.LastStatus)
}

// checkRecount looks whether all that is counted is what counting gives.
func (d *doctor) checkRecount(ctx context.Context) (string, error) {
	wrong, err := d.store.Recount(ctx)
	if err != nil {
		return "", err
	}
	if len(wrong) == 0 {
		return "all that is counted agrees, and nothing is lost", nil
	}
	words := make([]string, len(wrong))
	for i, m := range wrong {
		words[i] = fmt.Sprintf("%s: %d, such as %s", m.What, m.Rows, m.Example)
	}
	return "", fmt.Errorf("%s. This is a fault of Kabar, or somebody changed the database: please report it with these lines",
		strings.Join(words, "; "))
}
