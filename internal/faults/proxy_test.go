package faults

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"
)

// weather is what a proxy does to what goes through it.
type weather struct {
	latency time.Duration // each way
	loss    float64       // of segments; each costs the time until it is sent again
	stalled bool          // nothing passes
}

// Of TCP (RFC 6298): how soon a lost segment is sent again at first, and how
// long a segment is.
const (
	firstRetransmit = 200 * time.Millisecond
	segment         = 1448
)

// proxy passes on connections, as well as its weather lets it. It imitates what
// a bad line does to TCP: the stream arrives whole, in order and late.
type proxy struct {
	net.Listener
	dial func() (net.Conn, error)

	mu      sync.Mutex
	weather weather
	changed chan struct{}
	rnd     *rand.Rand
	conns   map[net.Conn]struct{}
	running sync.WaitGroup
}

// newProxy listens on address, "127.0.0.1:0" for any port.
func newProxy(t *testing.T, address string, rnd *rand.Rand, dial func() (net.Conn, error)) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", address)
	must(t, err)
	p := &proxy{
		Listener: l, dial: dial, changed: make(chan struct{}), conns: map[net.Conn]struct{}{},
		rnd: rand.New(rand.NewPCG(rnd.Uint64(), rnd.Uint64())), //nolint:gosec // to be repeated
	}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		p.Close()
		p.set(weather{})
		p.cut()
		p.running.Wait()
	})
	return p
}

func (p *proxy) accept() {
	for {
		in, err := p.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(in) })
	}
}

// serve connects, which takes a round trip, and passes on both ways.
func (p *proxy) serve(in net.Conn) {
	defer p.drop(in)
	p.keep(in)
	wait(p.late(1) + p.late(1))
	out, err := p.dial()
	if err != nil {
		return
	}
	defer p.drop(out)
	p.keep(out)
	var both sync.WaitGroup
	both.Go(func() { p.pass(in, out) })
	both.Go(func() { p.pass(out, in) })
	both.Wait()
}

// flight is what was read at once, and when it arrives.
type flight struct {
	bytes []byte
	at    time.Time
}

// pass moves one direction. Its end ends both: nobody here half-closes.
func (p *proxy) pass(from, to net.Conn) {
	flights := make(chan flight, 1024)
	var writing sync.WaitGroup
	writing.Go(func() {
		defer p.drop(to)
		for f := range flights {
			wait(time.Until(f.at))
			p.calm()
			if _, err := to.Write(f.bytes); err != nil {
				break
			}
		}
		p.drop(from)
		for range flights { // until the reader ends
		}
	})
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			segments := (n + segment - 1) / segment
			flights <- flight{append([]byte(nil), buffer[:n]...), time.Now().Add(p.late(segments))}
		}
		if err != nil {
			close(flights)
			break
		}
	}
	writing.Wait()
}

// late is how long so many segments take: a lost one is sent again after
// firstRetransmit, and twice that each time that it is lost again.
func (p *proxy) late(segments int) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	worst := time.Duration(0)
	for range segments {
		again, step := time.Duration(0), firstRetransmit
		for p.rnd.Float64() < p.weather.loss {
			again, step = again+step, 2*step
		}
		worst = max(worst, again)
	}
	return p.weather.latency + worst
}

// set changes the weather.
func (p *proxy) set(w weather) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.weather = w
	close(p.changed)
	p.changed = make(chan struct{})
}

// calm returns when nothing is stalled.
func (p *proxy) calm() {
	for {
		p.mu.Lock()
		stalled, changed := p.weather.stalled, p.changed
		p.mu.Unlock()
		if !stalled {
			return
		}
		<-changed
	}
}

// cut resets every connection.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0) // so that Close resets
		}
		c.Close()
	}
}

func (p *proxy) keep(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = struct{}{}
}

func (p *proxy) drop(c net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
	c.Close()
}

// wait waits, if there is anything to wait for.
func wait(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

// TestProxy looks whether what passes a bad line arrives whole and late, and
// whether a cut is felt.
func TestProxy(t *testing.T) {
	t.Parallel()
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer echo.Close()
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(c, c); c.Close() }()
		}
	}()
	p := newProxy(t, "127.0.0.1:0", random(t, 1), func() (net.Conn, error) { return net.Dial("tcp", echo.Addr().String()) })
	p.set(weather{latency: 20 * time.Millisecond, loss: 0.2})
	c, err := net.Dial("tcp", p.Addr().String())
	must(t, err)
	defer c.Close()
	sent := make([]byte, 64<<10)
	for i := range sent {
		sent[i] = byte(i / 7)
	}
	began := time.Now()
	go c.Write(sent) //nolint:errcheck // reading tells
	got := make([]byte, len(sent))
	_, err = io.ReadFull(c, got)
	must(t, err)
	if string(got) != string(sent) {
		t.Error("it arrived changed")
	}
	if took := time.Since(began); took < 80*time.Millisecond {
		t.Errorf("two ways there and back took %s", took)
	}
	p.cut()
	if _, err := c.Read(got); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("after a cut: %v", err)
	}
}
