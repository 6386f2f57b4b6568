package httpsig

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	gofed "github.com/go-fed/httpsig"
)

// check holds the signature to the policy.
func (c *cavage) check(r *http.Request, body []byte, p Policy) error {
	if !slices.Contains([]string{"", algHS2019, algRSA, algEd25519}, c.algorithm) {
		return refuse(ReasonAlgorithm, fmt.Sprintf("%q is not accepted", c.algorithm))
	}
	if err := c.checkCoverage(r, body); err != nil {
		return err
	}
	if err := p.checkHost(r.Host); err != nil {
		return err
	}
	if err := c.checkClock(r, p); err != nil {
		return err
	}
	if !hasBody(r.Method, body) {
		return nil
	}
	digest, err := headerValue(r, "digest")
	if err != nil {
		return err
	}
	return checkDigest(digest, body)
}

func (c *cavage) checkCoverage(r *http.Request, body []byte) error {
	for i, name := range c.covered {
		if i >= maxCovered || slices.Contains(c.covered[:i], name) || name == "signature" {
			return refuse(ReasonMalformed, fmt.Sprintf("%q covered twice, or it cannot be", name))
		}
	}
	required := []string{gofed.RequestTarget, "host"}
	if hasBody(r.Method, body) {
		required = append(required, "digest")
	}
	if !slices.Contains(c.covered, created) {
		required = append(required, "date")
	}
	return checkCovered(c.covered, required...)
}

// signed is the time of signing, once checkClock has judged it.
func (c *cavage) signed(r *http.Request) time.Time {
	if slices.Contains(c.covered, "date") {
		at, _ := http.ParseTime(r.Header.Get("Date"))
		return at
	}
	seconds, _ := strconv.ParseFloat(c.created, 64)
	return time.Unix(int64(seconds), 0)
}

// checkClock judges every time that is signed, and an expiry even if it is
// not: a signer only ever states its own limit.
func (c *cavage) checkClock(r *http.Request, p Policy) error {
	if slices.Contains(c.covered, "date") {
		at, err := http.ParseTime(r.Header.Get("Date"))
		if err != nil || len(r.Header.Values("Date")) != 1 {
			return refuse(ReasonClock, "no date that can be read")
		}
		if err := p.checkSigned(at); err != nil {
			return err
		}
	}
	if slices.Contains(c.covered, created) {
		// Section 2.3: not with the algorithms that were before it.
		if strings.HasPrefix(c.algorithm, "rsa") {
			return refuse(ReasonAlgorithm, "(created) with "+c.algorithm)
		}
		if err := checkTime(c.created, p.checkSigned); err != nil {
			return err
		}
	}
	if c.expires != "" || slices.Contains(c.covered, expires) {
		return checkTime(c.expires, p.checkExpires)
	}
	return nil
}

// checkTime reads seconds since 1970, a fraction allowed, and judges them.
func checkTime(text string, judge func(time.Time) error) error {
	whole, _, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || seconds < 0 || seconds > maxUnix {
		return refuse(ReasonClock, fmt.Sprintf("%q is no time", text))
	}
	return judge(time.Unix(seconds, 0))
}

// maxUnix is the end of the year 9999: later times overflow a duration's sum.
const maxUnix = 253402300799
