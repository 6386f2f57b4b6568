package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"html"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"kabar/activitypub/aptest"
)

const (
	openPages   = 1000
	liveReplies = 1000
	livePause   = 10 * time.Millisecond // 100 a second
)

// BenchmarkLive sends signed replies at a steady rate while a thousand readers
// have the page open: from each 202 until the reply stands on each page.
func BenchmarkLive(b *testing.B) {
	p := newProgram(b)
	running, _ := p.start(b)
	w, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(b, err)
	defer w.Close()
	people := newPeople(b, w)
	a := p.publish(b, "---\ntitle: Kabar hari ini\n---\n"+prose(300))
	inbox := p.origin + "/ap/inbox"
	p.introduce(b, people, a, inbox)
	requests := sign(b, people, a.ID, inbox)[:liveReplies]
	address := streamOf(b, a.URL)
	pages := make([]*openPage, openPages)
	for i := range pages {
		pages[i] = open(b, p.listen, address)
	}
	accepted := steady(b, p.listen, requests)
	var waits []time.Duration
	missing := 0
	for _, page := range pages {
		for reply, at := range page.wait(liveReplies, 20*time.Second) {
			if at.IsZero() {
				missing++
				continue
			}
			waits = append(waits, at.Sub(accepted[reply]))
		}
	}
	p.stop(b, running)
	if len(waits) == 0 {
		b.Fatal("no open page heard of a reply")
	}

	slices.Sort(waits)
	half, late := waits[len(waits)/2], waits[len(waits)*99/100]
	b.ReportMetric(float64(half.Milliseconds()), "ms-median")
	b.ReportMetric(float64(late.Milliseconds()), "ms-p99")
	report(figure{
		what:    fmt.Sprintf("reply on an open page, %d readers, 100 replies/s", openPages),
		reached: fmt.Sprintf("%d ms for 99 of 100, %d ms median, %d missing", late.Milliseconds(), half.Milliseconds(), missing),
		least:   "1 s for 99 of 100", ok: late <= time.Second && missing == 0,
	})
}

// introduce makes everybody known by a first reply.
func (p *program) introduce(b *testing.B, people []*aptest.Person, a published, inbox string) {
	b.Helper()
	for _, person := range people {
		sent, err := person.Post(context.Background(), aptest.Note{Content: "hello", InReplyTo: a.ID, Inboxes: []string{inbox}})
		check(b, err)
		if sent.Status() != http.StatusAccepted {
			b.Fatalf("introduction answered %+v", sent.Answers)
		}
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if page, err := plain(b, a.URL); err == nil && bytes.Contains([]byte(page), []byte(fmt.Sprint(len(people)))) {
			return
		}
	}
	b.Fatal("the first replies do not stand on the page")
}

var liveAttribute = regexp.MustCompile(`data-live="([^"]+)"`)

// streamOf is the stream that a page names.
func streamOf(b *testing.B, address string) string {
	b.Helper()
	page, err := plain(b, address)
	check(b, err)
	found := liveAttribute.FindStringSubmatch(page)
	if found == nil {
		b.Fatal("the page names no stream")
	}
	return html.UnescapeString(found[1])
}

// openPage notes when it heard of which reply.
type openPage struct {
	mu    sync.Mutex
	heard [liveReplies]time.Time
	left  int
	all   chan struct{}
}

// open opens a stream and returns when it has begun.
func open(b *testing.B, server, address string) *openPage {
	b.Helper()
	conn, err := net.Dial("tcp", server)
	check(b, err)
	b.Cleanup(func() { conn.Close() })
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n\r\n", address, server)
	check(b, err)
	lines := bufio.NewReaderSize(conn, 64<<10)
	res, err := http.ReadResponse(lines, nil)
	check(b, err)
	if res.StatusCode != http.StatusOK {
		b.Fatalf("the stream answers %s", res.Status)
	}
	page := &openPage{left: liveReplies, all: make(chan struct{})}
	body := bufio.NewReaderSize(res.Body, 64<<10)
	go page.listen(body)
	return page
}

// listen reads the stream to its end.
func (p *openPage) listen(body *bufio.Reader) {
	for {
		line, err := body.ReadBytes('\n')
		if err != nil {
			return
		}
		p.hear(line, time.Now())
	}
}

var marker = []byte("Reply ")

// hear notes the replies that an event holds, by their texts.
func (p *openPage) hear(line []byte, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		i := bytes.Index(line, marker)
		if i < 0 {
			return
		}
		line = line[i+len(marker):]
		end := bytes.IndexByte(line, ':')
		if end < 0 {
			return
		}
		reply, err := strconv.Atoi(string(line[:end]))
		if err != nil || reply >= liveReplies || !p.heard[reply].IsZero() {
			continue
		}
		p.heard[reply] = at
		if p.left--; p.left == 0 {
			close(p.all)
		}
	}
}

// wait returns when each reply was heard of, after all were or the time is over.
func (p *openPage) wait(n int, longest time.Duration) []time.Time {
	select {
	case <-p.all:
	case <-time.After(longest):
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.heard[:n])
}

// steady posts requests one after the other, a hundred a second, and returns
// when each was answered.
func steady(b *testing.B, server string, requests [][]byte) []time.Time {
	b.Helper()
	conn, err := net.Dial("tcp", server)
	check(b, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	accepted := make([]time.Time, len(requests))
	tick := time.NewTicker(livePause)
	defer tick.Stop()
	for i, request := range requests {
		<-tick.C
		check(b, exchange(conn, answers, request, http.StatusAccepted))
		accepted[i] = time.Now()
	}
	return accepted
}
