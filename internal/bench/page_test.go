package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
)

const (
	readers  = 32
	readTime = 3 * time.Second
)

// BenchmarkPage reads kept pages over and over, from the program and from
// nginx, which has the same bytes compressed on disk and writes no log.
func BenchmarkPage(b *testing.B) {
	if _, err := exec.LookPath("nginx"); err != nil {
		b.Skip("nginx is not installed")
	}
	p := newProgram(b)
	running, _ := p.start(b)
	few, many := p.discussed(b, 9), p.discussed(b, 500)
	for _, read := range []struct{ what, address, accept string }{
		{"article with 9 comments", few.URL, "text/html"},
		{"article with 500 comments", many.URL, "text/html"},
		{"the article's ActivityPub document", few.ID, activitypub.ContentType},
	} {
		body, encoding := get(b, read.address, read.accept)
		if encoding != "gzip" {
			b.Fatalf("%s comes with the encoding %q", read.what, encoding)
		}
		mirror := startNginx(b, body)
		var ours, theirs, ratios []float64
		for range rounds {
			limit, rate := load(b, mirror, read.accept), load(b, read.address, read.accept)
			ours, theirs, ratios = append(ours, rate), append(theirs, limit), append(ratios, rate/limit)
		}
		report(figure{
			what: read.what + ", kept, gzip, c=32", reached: fmt.Sprintf("%.2f of nginx, %.0f/s", median(ratios), median(ours)),
			limit: fmt.Sprintf("%.0f/s, nginx with gzip_static and no log, %d bytes", median(theirs), len(body)),
			least: "0.6", ok: median(ratios) >= 0.6,
		})
	}
	p.stop(b, running)
}

// discussed publishes an article and lets so many answers come to it: a tenth
// of them to the article, the others in branches below these.
func (p *program) discussed(b *testing.B, answers int) published {
	b.Helper()
	w, err := aptest.NewWorld(aptest.WorldOptions{SharedKey: true})
	check(b, err)
	b.Cleanup(w.Close)
	startServers(b, w, 7)
	a := p.publish(b, fmt.Sprintf("---\ntitle: Kopi pagi di Toraja, %d\ntags: [kopi]\n---\n", answers)+prose(900))
	said := make([]string, answers)
	for i := range said {
		parent := a.ID
		if i%10 > 0 {
			parent = said[i-i%10+(i%10-1)/3]
		}
		person := w.Servers()[i%7].Person(fmt.Sprintf("person%d", i%people))
		create := person.Compose(aptest.Note{Content: prose(40), InReplyTo: parent})
		said[i] = create["object"].(aptest.Doc)["id"].(string)
		sent, err := person.Send(context.Background(), create, p.origin+"/ap/inbox")
		check(b, err)
		if sent.Status() != http.StatusAccepted {
			b.Fatalf("reply answered %+v", sent.Answers)
		}
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		if page, _ := plain(b, a.URL); strings.Count(page, "u-comment") == answers {
			return a
		}
	}
	b.Fatalf("%d comments do not stand on the page", answers)
	return a
}

func plain(b *testing.B, address string) (string, error) {
	b.Helper()
	res, err := http.Get(address)
	check(b, err)
	defer res.Body.Close()
	var read bytes.Buffer
	_, err = read.ReadFrom(res.Body)
	return read.String(), err
}

// prose is so many words that compress about as well as real ones.
func prose(words int) string {
	const syllables = "ka ba ra to lu mi nga sa pe ti wi ja ko mu ne li da ho gu si"
	parts := strings.Fields(syllables)
	r := rand.New(rand.NewPCG(uint64(words), 1))
	var text strings.Builder
	for i := range words {
		for range 1 + r.IntN(3) {
			text.WriteString(parts[r.IntN(len(parts))])
		}
		text.WriteString(map[bool]string{true: ".\n\n", false: " "}[i%60 == 59])
	}
	return text.String()
}

const nginxConfig = `daemon off; worker_processes auto; pid %[1]s/nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
	access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
	client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	types { text/html html; }
	server { listen %[2]s; root %[1]s; gzip_static on; }
}
`

// startNginx serves the compressed page and returns its address.
func startNginx(b *testing.B, page []byte) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(b, err)
	check(b, listener.Close())
	dir := b.TempDir()
	check(b, os.Chmod(dir, 0o755))               //nolint:gosec // as root, nginx reads as another user
	check(b, os.Chmod(filepath.Dir(dir), 0o755)) //nolint:gosec // the same
	config := fmt.Sprintf(nginxConfig, dir, listener.Addr())
	check(b, os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(config), 0o600))
	check(b, os.WriteFile(filepath.Join(dir, "page.html"), nil, 0o644))     //nolint:gosec // the same
	check(b, os.WriteFile(filepath.Join(dir, "page.html.gz"), page, 0o644)) //nolint:gosec // the same
	cmd := exec.Command("nginx", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	cmd.Stderr = os.Stderr
	check(b, cmd.Start())
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	address := "http://" + listener.Addr().String() + "/page.html"
	check(b, awaitReady(address, 10*time.Second))
	return address
}

// load reads an address as fast as it goes and returns how often in a second.
func load(b *testing.B, address, accept string) float64 {
	b.Helper()
	if wrk, err := exec.LookPath("wrk"); err == nil {
		return loadByWrk(b, wrk, address, accept)
	}
	r, err := http.NewRequest(http.MethodGet, address, nil)
	check(b, err)
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("Accept", accept)
	var wire bytes.Buffer
	check(b, r.Write(&wire))
	var n atomic.Int64
	var clients sync.WaitGroup
	until := time.Now().Add(readTime)
	for range readers {
		clients.Go(func() {
			if err := read(r.URL.Host, wire.Bytes(), until, &n); err != nil {
				b.Error(err)
			}
		})
	}
	clients.Wait()
	return rate(int(n.Load()), readTime)
}

func read(host string, request []byte, until time.Time, n *atomic.Int64) error {
	conn, err := net.Dial("tcp", host)
	if err != nil {
		return err
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for time.Now().Before(until) {
		if err := exchange(conn, answers, request, http.StatusOK); err != nil {
			return err
		}
		n.Add(1)
	}
	return nil
}

var wrkRate = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)

func loadByWrk(b *testing.B, wrk, address, accept string) float64 {
	b.Helper()
	out, err := exec.Command(wrk, "-t1", fmt.Sprintf("-c%d", readers), fmt.Sprintf("-d%ds", int(readTime.Seconds())),
		"-H", "Accept-Encoding: gzip", "-H", "Accept: "+accept, address).Output()
	found := wrkRate.FindSubmatch(out)
	if err == nil && (found == nil || bytes.Contains(out, []byte("Non-2xx")) || bytes.Contains(out, []byte("Socket errors"))) {
		err = errors.New(string(out))
	}
	check(b, err)
	n, err := strconv.ParseFloat(string(found[1]), 64)
	check(b, err)
	return n
}
