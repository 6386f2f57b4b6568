package site

import (
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/i18n"
	"kabar/web/page"
)

// How old the form may be that is sent: people take their time, programs none.
const (
	formYoung = 3 * time.Second
	formOld   = 24 * time.Hour
)

// respondPurpose is what the stamp of a form is good for.
func respondPurpose(article uuid.UUID) string { return "respond " + article.String() }

// fresh is the stamp of a form that is shown now: the id of the comment to be,
// which tells the time and makes of a form sent twice one comment.
func (v *responding) fresh(p *Part) string {
	return v.seal.Token(respondPurpose(v.place.Article.ID), p.Page.Blog.NewID())
}

// refusedBy names the rule that a form broke, as its text does.
type refusedBy string

func (e refusedBy) Error() string { return "refused: " + string(e) }

// As makes it the error of its status, 422.
func (e refusedBy) As(target any) bool {
	status, ok := target.(*page.Status)
	if ok {
		*status = page.Status(http.StatusUnprocessableEntity)
	}
	return ok
}

func retryLater(w http.ResponseWriter, err error) {
	var often page.TooOften
	if errors.As(err, &often) {
		w.Header().Set("Retry-After", strconv.Itoa(int(often.Wait.Seconds())))
	}
}

func refusalText(err error) i18n.Message {
	var often page.TooOften
	if errors.As(err, &often) {
		return i18n.M("respond.too-often")
	}
	var rule refusedBy
	if errors.As(err, &rule) {
		return i18n.M("respond." + string(rule))
	}
	return i18n.M("problem.other", fmt.Sprint(err))
}

// refusal is why a form is not taken: blog.InvalidFields, refusedBy or page.TooOften.
// nil with an id in the comment lets it be sent, without one it was not looked
// at yet.
func (p *Part) refusal(r *http.Request, v *responding, c *blog.VisitorComment) error {
	from := page.ClientAddr(r)
	if err := p.responders.look(from); err != nil {
		return err
	}
	stamp := r.PostForm.Get("stamp")
	id, sealed := v.seal.Open(respondPurpose(c.Article), stamp)
	age := p.Page.Now().Sub(madeAt(id))
	good := sealed && age < formOld
	if good {
		v.form.Stamp = stamp // what is wrong with the rest costs no new wait
	}
	if r.PostForm.Get("subject") != "" {
		return refusedBy("trap")
	}
	if err := c.Check(); err != nil {
		return err
	}
	switch {
	case stamp == "", r.PostForm.Get("preview") != "":
		return nil
	case !good:
		return refusedBy("stale")
	case age < formYoung:
		return refusedBy("quick")
	}
	if err := p.responders.send(from, c.Email); err != nil {
		return err
	}
	c.ID = id
	return nil
}

// madeAt is the time in a UUIDv7 (RFC 9562, section 5.7).
func madeAt(id uuid.UUID) time.Time {
	seconds, nanos := id.Time().UnixTime()
	return time.Unix(seconds, nanos)
}

// How many comments are taken, on average and at once. Looks at one's text are
// counted apart from what is sent.
const (
	lookEvery, lookBurst   = 2 * time.Second, 30
	fromEvery, fromBurst   = time.Minute, 6
	emailEvery, emailBurst = 2 * time.Minute, 5
	allEvery, allBurst     = 2 * time.Second, 60
)

// responders bounds what visitors send: from one address, under one address of
// mail, and altogether. The zero value is ready for use.
type responders struct {
	once                       sync.Once
	looks, senders, mails, all page.Brake
}

func (b *responders) init() {
	b.once.Do(func() {
		b.looks.Every, b.looks.Burst = lookEvery, lookBurst
		b.senders.Every, b.senders.Burst = fromEvery, fromBurst
		b.mails.Every, b.mails.Burst = emailEvery, emailBurst
		b.all.Every, b.all.Burst = allEvery, allBurst
	})
}

func (b *responders) look(from netip.Addr) error {
	b.init()
	return pass(&b.looks, from)
}

func (b *responders) send(from netip.Addr, email string) error {
	b.init()
	if err := pass(&b.senders, from); err != nil {
		return err
	}
	if normal, err := blog.NormalEmail(email); err == nil {
		if err := b.mails.Pass(normal); err != nil {
			return err
		}
	}
	return b.all.Pass("")
}

// pass counts an address, but for those that may be a proxy's.
func pass(brake *page.Brake, from netip.Addr) error {
	if _, counts := page.Counted(from); !counts {
		return nil
	}
	return brake.PassFrom(from)
}
