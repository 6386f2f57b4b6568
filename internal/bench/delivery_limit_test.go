package bench

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
)

// limit is the least that a delivery costs: one RSA-2048 signature and one POST
// of the same bytes over a cold TLS connection.
type limit struct {
	world   *aptest.World
	key     *rsa.PrivateKey
	inboxes []string
	body    []byte
	width   int // the concurrency that gives the most
}

// newLimit posts what the system delivered last.
func newLimit(b *testing.B, w *aptest.World, s *system, inboxes []string) *limit {
	b.Helper()
	signer, err := w.Servers()[0].Instance().Signer()
	check(b, err)
	l := &limit{world: w, key: signer.Private.(*rsa.PrivateKey), inboxes: inboxes}
	check(b, s.store.Pool().QueryRow(context.Background(), `select json from activities order by created desc limit 1`).Scan(&l.body))
	most := 0.0
	for _, width := range []int{2, 8, 32, 128} {
		if rate := l.rate(b, width); rate > most {
			most, l.width = rate, width
		}
	}
	return l
}

// rate posts to every inbox once.
func (l *limit) rate(b *testing.B, width int) float64 {
	b.Helper()
	start := time.Now()
	l.postAll(b, width)
	took := time.Since(start)
	for _, server := range l.world.Servers() {
		server.Forget()
	}
	return rate(len(l.inboxes), took)
}

func (l *limit) postAll(b *testing.B, width int) {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: l.world.Roots(), DynamicRecordSizingDisabled: true},
		MaxIdleConns:    2 * hosts, WriteBufferSize: 16 << 10,
	}
	defer transport.CloseIdleConnections()
	work := make(chan string)
	var senders sync.WaitGroup
	for range width {
		senders.Go(func() {
			for inbox := range work {
				if err := l.post(transport, inbox); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, inbox := range l.inboxes {
		work <- inbox
	}
	close(work)
	senders.Wait()
}

func (l *limit) post(transport *http.Transport, inbox string) error {
	digest := sha256.Sum256(l.body)
	signature, err := rsa.SignPKCS1v15(nil, l.key, crypto.SHA256, digest[:])
	if err != nil {
		return err
	}
	r, err := http.NewRequest(http.MethodPost, inbox, bytes.NewReader(l.body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", activitypub.ContentType)
	r.Header.Set("Signature", base64.StdEncoding.EncodeToString(signature))
	res, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		return fmt.Errorf("%s: %s", inbox, res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body)
	return err
}
