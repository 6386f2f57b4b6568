package main_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kabar/internal/program"
)

// balancer is a program in front of several nodes, with the configuration that
// docs/deploy tells people to use.
type balancer struct {
	program string
	file    string
	// here brings the file to this machine: other addresses, no encryption.
	here func(text, address string, nodes []string) string
	args func(dir, file string) []string
}

var balancers = []balancer{
	{"nginx", "nginx.conf", nginxHere, func(dir, file string) []string { return []string{"-p", dir, "-c", file} }},
	{"caddy", "Caddyfile.nodes", caddyHere, func(_, file string) []string {
		return []string{"run", "--adapter", "caddyfile", "--config", file}
	}},
}

// nginxHere puts the file where Debian includes it, into the block "http".
func nginxHere(text, address string, nodes []string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, "ssl_certificate") {
			kept.WriteString(line)
		}
	}
	server := strings.NewReplacer("listen 443 ssl", "listen "+address, "10.0.0.11:8080", nodes[0], "10.0.0.12:8080", nodes[1]).Replace(kept.String())
	return `daemon off; worker_processes 1; pid nginx.pid; error_log stderr warn;
events { worker_connections 1024; }
http {
	access_log off;
	client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
` + server + "}\n"
}

func caddyHere(text, address string, nodes []string) string {
	return "{\n\tadmin off\n\tauto_https off\n}\n" +
		strings.NewReplacer("blog.example {", "http://"+address+" {\n\tbind 127.0.0.1", "10.0.0.11:8080", nodes[0], "10.0.0.12:8080", nodes[1]).Replace(text)
}

// start runs it at an address in front of nodes until the test ends.
func (b balancer) start(t *testing.T, address string, nodes ...string) {
	t.Helper()
	path, err := exec.LookPath(b.program)
	if err != nil {
		t.Skip(b.program + " is not installed")
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "deploy", b.file))
	must(t, err)
	dir := program.Folder(t)
	file := filepath.Join(dir, b.file)
	must(t, os.WriteFile(file, []byte(b.here(string(text), address, nodes)), 0o600))
	cmd := exec.Command(path, b.args(dir, file)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	must(t, cmd.Start())
	t.Cleanup(func() {
		must(t, cmd.Process.Signal(syscall.SIGTERM))
		_ = cmd.Wait() // the signal ends it
		if t.Failed() {
			t.Logf("%s said: %s", b.program, &said)
		}
	})
	eventually(t, b.program+" listens", func() bool {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}
