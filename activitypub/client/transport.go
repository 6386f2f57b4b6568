package client

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// writeBuffer takes most activities with their header, which then go in one
// write and one record.
const writeBuffer = 16 << 10

// newTransport returns a transport for many hosts with few requests each: one
// kept connection per host. HTTP/2 would cost more for single requests, and
// the proxy settings of the environment would lead round the address guard.
func newTransport(o Options) *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second, Resolver: o.Resolver}
	if !o.AllowPrivate {
		dialer.Control = guard(ssrf.New(ssrf.WithPorts(443)))
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext: dialer.DialContext,
		Protocols:   protocols,
		TLSClientConfig: &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            o.RootCAs,
			ClientSessionCache: tls.NewLRUClientSessionCache(4096),
			// Small records serve readers who show what has come so far.
			DynamicRecordSizingDisabled: true,
		},
		WriteBufferSize:        writeBuffer,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConns:           2000,
		MaxIdleConnsPerHost:    2,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// guard looks at the address that is about to be dialled, so that no name,
// redirect or change of DNS gets round it.
func guard(g *ssrf.Guardian) func(network, address string, _ syscall.RawConn) error {
	return func(network, address string, c syscall.RawConn) error {
		if err := g.Safe(network, address, c); err != nil {
			return fmt.Errorf("%w: %w", ErrBlockedAddress, err)
		}
		return nil
	}
}

// cause makes the error of a request shorter: net/http repeats the method and
// URL, which every caller here names already.
func cause(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && errors.Is(op.Err, ErrBlockedAddress) {
		return op.Err
	}
	return err
}
