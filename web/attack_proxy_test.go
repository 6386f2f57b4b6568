package web_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// proxyConfig is that of the README, with connections to Kabar that are kept:
// what one request leaves behind on them would be taken for the next.
const proxyConfig = `daemon off; pid %[1]s/nginx.pid; error_log stderr emerg;
events { worker_connections 256; }
http {
	access_log off;
	client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
	upstream kabar { server %[3]s; keepalive 1; }
	server {
		listen %[2]s; client_max_body_size 20m; underscores_in_headers on; ignore_invalid_headers off;
		location / {
			proxy_pass http://kabar; proxy_http_version 1.1; proxy_request_buffering off;
			proxy_set_header Connection ""; proxy_set_header Host $host:$server_port;
			proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
		}
	}
}
`

// behindProxy is the address of an nginx in front of a fortress, whose origin
// is that address.
func behindProxy(t *testing.T) (f *fortress, proxy string) {
	t.Helper()
	if _, err := exec.LookPath("nginx"); err != nil {
		t.Skip("nginx is not installed: make nginx")
	}
	f = newFortress(t, defences{})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	proxy = l.Addr().String()
	check(t, l.Close())
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o777))               //nolint:gosec // as root, nginx works as another user
	check(t, os.Chmod(filepath.Dir(dir), 0o755)) //nolint:gosec // the same
	config := strings.ReplaceAll(proxyConfig, "$host:$server_port", strings.TrimPrefix(f.origin, "http://"))
	check(t, os.WriteFile(filepath.Join(dir, "nginx.conf"), fmt.Appendf(nil, config, dir, proxy, strings.TrimPrefix(f.origin, "http://")), 0o600))
	cmd := exec.Command("nginx", "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	cmd.Stderr = os.Stderr
	check(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	patience := time.Now().Add(20 * time.Second)
	for {
		conn, err := net.DialTimeout("tcp", proxy, time.Second)
		if err == nil {
			check(t, conn.Close())
			return f, proxy
		}
		if time.Now().After(patience) {
			t.Fatalf("nginx does not start: %v", err)
		}
	}
}

// smuggled are requests that two readers may take for one or for two. What is
// hidden in them asks for /robots.txt.
func smuggled(host string) map[string]string {
	const hidden = "GET /robots.txt HTTP/1.1\r\nHost: HOST\r\n\r\n"
	length := func(n int) string { return fmt.Sprintf("Content-Length: %d\r\n", n) }
	const post = "POST /follow HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	all := map[string]string{
		"length and chunks":           post + length(len(hidden)+5) + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunks and length":           post + "Transfer-Encoding: chunked\r\n" + length(4) + "\r\n0\r\n\r\n" + hidden,
		"two lengths":                 post + length(0) + length(len(hidden)) + "\r\n" + hidden,
		"a list of lengths":           post + "Content-Length: 0, 57\r\n\r\n" + hidden,
		"a signed length":             post + "Content-Length: +0\r\n\r\n" + hidden,
		"a hexadecimal length":        post + "Content-Length: 0x0\r\n\r\n" + hidden,
		"a length with an underscore": post + fmt.Sprintf("Content_Length: %d\r\n\r\n", len(hidden)) + hidden,
		"blank before the colon":      post + "Transfer-Encoding : chunked\r\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"tab before chunked":          post + "Transfer-Encoding:\tchunked\r\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"vertical tab":                post + "Transfer-Encoding: \vchunked\r\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"two encodings":               post + "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"an unknown encoding":         post + "Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n" + hidden,
		"a folded line":               post + "X-A: b\r\n Transfer-Encoding: chunked\r\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"a folded encoding":           post + "Transfer-Encoding:\r\n chunked\r\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"line ends without return":    post + "X-A: b\nTransfer-Encoding: chunked\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"a bare return":               post + "X-A: b\rTransfer-Encoding: chunked\r\n" + length(len(hidden)+5) + "\r\n0\r\n\r\n" + hidden,
		"a chunk's extension":         post + "Transfer-Encoding: chunked\r\n\r\n0;a=\"\r\n\r\n" + hidden,
		"a bare line end in a chunk":  post + "Transfer-Encoding: chunked\r\n\r\n1;a\nb\r\nx\r\n0\r\n\r\n" + hidden,
		"a chunk too large":           post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\nx\r\n0\r\n\r\n" + hidden,
		"a length on GET":             "GET /archive HTTP/1.1\r\nHost: HOST\r\n" + length(len(hidden)) + "\r\n" + hidden,
		"hop by hop":                  "GET /archive HTTP/1.1\r\nHost: HOST\r\nConnection: close, Content-Length\r\n" + length(len(hidden)) + "\r\n" + hidden,
		"an upgrade":                  "GET /archive HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n" + length(len(hidden)) + "\r\n" + hidden,
		"a trailer":                   post + "Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n0\r\nContent-Length: 57\r\n\r\n" + hidden,
		"an old version":              "POST /follow HTTP/1.0\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"an expectation":              post + length(len(hidden)) + "Expect: 100-continue\r\n\r\n" + hidden,
	}
	for name, text := range all {
		all[name] = strings.ReplaceAll(text, "HOST", host)
	}
	return all
}

// tell sends bytes to an address and reads until it falls silent.
func tell(t *testing.T, address, text string) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	check(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, text)
	check(t, err)
	check(t, conn.SetReadDeadline(time.Now().Add(300*time.Millisecond)))
	_, _ = io.Copy(io.Discard, conn) // whatever is answered: what it does to others counts
}

// TestAttackSmuggling hides requests in others, behind a proxy whose
// connections are shared: whoever comes next gets the answer to what they asked.
func TestAttackSmuggling(t *testing.T) {
	t.Parallel()
	f, proxy := behindProxy(t)
	for name, text := range smuggled(proxy) {
		tell(t, proxy, text)
		for range 2 {
			conn, err := net.Dial("tcp", proxy)
			check(t, err)
			_, err = fmt.Fprintf(conn, "GET /.well-known/nodeinfo HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", proxy)
			check(t, err)
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatalf("%s: the next one gets no answer: %v", name, err)
			}
			body, err := io.ReadAll(res.Body)
			check(t, err)
			check(t, conn.Close())
			if res.StatusCode != 200 || !strings.Contains(string(body), f.origin+"/nodeinfo/2.1") {
				t.Errorf("%s: the next one is answered %d %.100q", name, res.StatusCode, body)
			}
		}
	}
}

// TestAttackSmugglingDirectly counts the answers to each: two readers that
// disagree are not there, but nothing with two meanings may have two answers
// unless both readings are the same.
func TestAttackSmugglingDirectly(t *testing.T) {
	t.Parallel()
	f := newFortress(t, defences{})
	host := strings.TrimPrefix(f.origin, "http://")
	refused := map[string]bool{}
	for name, text := range smuggled(host) {
		conn, err := net.Dial("tcp", host)
		check(t, err)
		_, err = io.WriteString(conn, text)
		check(t, err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		check(t, err)
		refused[name] = res.StatusCode == 400 || res.StatusCode == 501
		check(t, conn.Close())
	}
	for _, name := range []string{
		"two lengths", "a list of lengths", "a signed length", "a hexadecimal length", "blank before the colon", "vertical tab", "two encodings",
		"an unknown encoding", "a bare return",
	} {
		if !refused[name] {
			t.Errorf("%s is not refused", name)
		}
	}
}
