package faults

import (
	"fmt"
	"net"
	"net/http"
	"time"

	"kabar/activitypub/aptest"
	"kabar/internal/program"
)

// asks is how the test looks whether the program is ready.
var asks = &http.Client{Timeout: 10 * time.Second}

// fine tells whether an address answers 200.
func fine(address string) bool {
	res, err := asks.Get(address)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// lines puts a proxy before every server, and one before the blog.
func lines(tr *trial) {
	tr.t.Helper()
	listen := program.FreePort(tr.t)
	before := func(address, real string) *proxy {
		p := newProxy(tr.t, address, tr.rnd, func() (net.Conn, error) { return net.Dial("tcp", real) })
		tr.lines = append(tr.lines, p)
		return p
	}
	tr.url = "http://" + before("127.0.0.1:0", listen).Addr().String()
	tr.set("KABAR_URL="+tr.url, "KABAR_LISTEN="+listen)
	tr.options = func(i int) aptest.Options {
		real := program.FreePort(tr.t)
		return aptest.Options{Addr: real, Host: before(fmt.Sprintf("127.2.0.%d:0", i+1), real).Addr().String(), OwnInboxes: i == 0}
	}
}

// badLines lets a fifth of the segments be lost, and the others take a second
// each way; then they break.
func badLines(p *play) {
	for range moments() {
		p.further(1 + p.rnd.IntN(10))
		p.forecast(weather{latency: time.Second, loss: 0.2})
		wait(10*time.Second + p.upTo(5*time.Second))
		for _, line := range p.lines {
			line.cut()
		}
		p.forecast(weather{})
	}
}

func (tr *trial) forecast(w weather) {
	for _, line := range tr.lines {
		line.set(w)
	}
}

// misbehave lets every server be bad at receiving in its own way, in turns.
func misbehave(p *play) {
	ways := []aptest.Behaviour{
		{Status: http.StatusInternalServerError, Times: 2},
		{Status: http.StatusTooManyRequests, RetryAfter: "1", Times: 2},
		{Hang: true, Times: 1},
		{Status: http.StatusAccepted, Body: make([]byte, 100), Drip: 300 * time.Millisecond, Times: 1},
		{Reset: true, Times: 2},
		{Status: http.StatusAccepted, Body: []byte("{"), Short: 1000, Times: 2},
		{Status: http.StatusBadGateway, Short: 10, Times: 1},
	}
	for turn := range moments() {
		for i, s := range p.world.Servers() {
			s.Misbehave(ways[(i+turn*3)%len(ways)])
		}
		p.arrivals(10)
		for _, s := range p.world.Servers() {
			s.Behave()
		}
		p.further(10)
	}
}
