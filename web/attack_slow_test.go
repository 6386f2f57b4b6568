package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"kabar/activitypub/aptest"
)

// TestAttackSlowLines holds many connections open in every way there is; readers and
// other servers do not notice, and the slow are cut off.
func TestAttackSlowLines(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{bodyTime: 5 * time.Second})
	host := strings.TrimPrefix(f.origin, "http://")
	begin := func(text string) net.Conn {
		conn, err := net.Dial("tcp", host)
		check(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		_, err = io.WriteString(conn, text)
		check(t, err)
		return conn
	}
	form := "POST /-/respond/" + f.article.ID.String() + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nname="
	inbox := "POST /ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/activity+json\r\nContent-Length: 1000\r\n\r\n{"
	kinds := map[string]string{"header": "GET / HTTP/1.1\r\nHost: " + host + "\r\nX-A: ", "form": form, "inbox": inbox}
	slow := map[string]net.Conn{}
	for range 60 {
		for kind, text := range kinds {
			slow[kind] = begin(text)
		}
		// A reader who reads nothing of pages that no cache answers.
		begin(strings.Repeat("GET /kabar-baik?x=1 HTTP/1.1\r\nHost: "+host+"\r\n\r\n", 50))
	}
	for i := range 5 {
		start := time.Now()
		if a := f.get(fmt.Sprintf("/search?q=x%d", i)); a.StatusCode != http.StatusOK {
			t.Errorf("a page meanwhile: %d", a.StatusCode)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("a page took %s", took)
		}
	}
	f.take(f.home.Person("ann"), aptest.Doc{"type": "Like", "object": f.article.ObjectURI})
	var cut sync.WaitGroup
	for kind, conn := range slow {
		cut.Go(func() {
			check(t, conn.SetReadDeadline(time.Now().Add(60*time.Second)))
			if _, err := io.Copy(io.Discard, conn); err != nil && strings.Contains(err.Error(), "timeout") {
				t.Errorf("a slow %s is not cut off", kind)
			}
		})
	}
	cut.Wait()
}

// TestAttackBacklog is what others see when more waits than can be done.
func TestAttackBacklog(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	f.outgrow(3)
	ann := f.home.Person("ann")
	statuses := map[int]int{}
	for i := range 10 {
		res := f.send(ann, f.says(ann, fmt.Sprintf(like, i)))
		statuses[res.Status]++
		if res.Status == http.StatusServiceUnavailable && res.Header.Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
	}
	if statuses[202] != 4 || statuses[503] != 6 {
		t.Errorf("with room for three and one: %v", statuses)
	}
	if a := f.get("/search?q=x"); a.StatusCode != 200 {
		t.Errorf("a page meanwhile: %d", a.StatusCode)
	}
	if a := f.get("/studio", "Cookie", f.owner()); a.StatusCode != 200 {
		t.Errorf("the Studio meanwhile: %d", a.StatusCode)
	}
	f.work() // what was acknowledged has its effect, and there is room again
	for i := range 10 {
		if i%3 == 0 {
			f.work()
		}
		if res := f.send(ann, f.says(ann, fmt.Sprintf(like, i))); res.Status != http.StatusAccepted {
			t.Errorf("tried again: %d", res.Status)
		}
	}
	f.settled()
}
