package faults

import (
	"net"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"kabar/activitypub/aptest"
	"kabar/internal/program"
)

// nameServer knows every name, as 127.0.0.1.
type nameServer struct {
	net.PacketConn
	mu    sync.Mutex
	mood  mood
	asked int
}

// mood is how a name server answers.
type mood struct {
	slow  time.Duration
	dead  bool             // not at all
	fails dnsmessage.RCode // not 0: with that
}

func newNameServer(t *testing.T) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	s := &nameServer{PacketConn: conn}
	var serving sync.WaitGroup
	serving.Go(func() { s.serve(&serving) })
	t.Cleanup(func() {
		s.Close()
		serving.Wait()
	})
	return s
}

func (s *nameServer) serve(running *sync.WaitGroup) {
	for {
		packet := make([]byte, 1500)
		n, from, err := s.ReadFrom(packet)
		if err != nil {
			return
		}
		running.Go(func() { s.answer(packet[:n], from) })
	}
}

func (s *nameServer) set(m mood) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mood = m
}

func (s *nameServer) answer(packet []byte, to net.Addr) {
	s.mu.Lock()
	m := s.mood
	s.asked++
	s.mu.Unlock()
	var query dnsmessage.Message
	if m.dead || query.Unpack(packet) != nil || len(query.Questions) != 1 {
		return
	}
	wait(m.slow)
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: query.ID, Response: true, RecursionAvailable: true, RCode: m.fails},
		Questions: query.Questions,
	}
	if q := query.Questions[0]; q.Type == dnsmessage.TypeA && m.fails == 0 {
		reply.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
			Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
		}}
	}
	if packed, err := reply.Pack(); err == nil {
		_, _ = s.WriteTo(packed, to) // who asked may have gone
	}
}

// named gives the servers names that only one name server knows.
func named(tr *trial) {
	tr.t.Helper()
	tr.names = newNameServer(tr.t)
	tr.set("KABAR_RESOLVER=" + tr.names.LocalAddr().String())
	tr.options = func(i int) aptest.Options {
		real := program.FreePort(tr.t)
		_, port, err := net.SplitHostPort(real)
		must(tr.t, err)
		return aptest.Options{Addr: real, Host: net.JoinHostPort("s"+strconv.Itoa(i)+".faults.test", port), OwnInboxes: i == 0}
	}
}

// badNames lets the name server be slow, dead, or fail. Connections that are
// kept need no name, so they are ended.
func badNames(p *play) {
	for _, m := range []mood{{slow: 2 * time.Second}, {dead: true}, {fails: dnsmessage.RCodeServerFailure}, {fails: dnsmessage.RCodeNameError}} {
		p.further(1 + p.rnd.IntN(10))
		p.names.set(m)
		for _, s := range p.world.Servers() {
			s.Misbehave(aptest.Behaviour{Reset: true, Times: 1})
		}
		wait(4*time.Second + p.upTo(4*time.Second))
		p.names.set(mood{})
		for _, s := range p.world.Servers() {
			s.Behave()
		}
	}
	p.names.mu.Lock()
	defer p.names.mu.Unlock()
	if p.names.asked < 10 {
		p.problem("the name server was asked %d times only", p.names.asked)
	}
}
