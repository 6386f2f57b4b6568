package faults

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"kabar/internal/pgserver"
	"kabar/internal/program"
)

// session is a connection that no setting of the trial's changes.
func (tr *trial) session() (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(tr.t.Context(), 10*time.Second)
	defer cancel()
	return pgx.Connect(ctx, tr.database)
}

// recover returns when the program serves again. One that ended is started, as
// a supervisor does.
func (tr *trial) recover() {
	tr.t.Helper()
	for limit := time.Now().Add(2 * program.Patience); ; wait(200 * time.Millisecond) {
		if closed(tr.program().Ended()) {
			tr.start()
		}
		if fine(tr.url + "/readyz") {
			return
		}
		if time.Now().After(limit) {
			tr.t.Errorf("it does not recover:\n%s", tail(tr.program().Output(), 4000))
			return
		}
	}
}

// killPostgres kills the private database: the whole of it, or a session, upon
// which it restarts itself.
func killPostgres(p *play) {
	for n := range moments() {
		p.further(1 + p.rnd.IntN(10))
		wait(p.upTo(40 * time.Millisecond))
		kill := p.killPostmaster
		if n%2 == 1 {
			kill = p.killSession
		}
		if err := kill(); err != nil {
			p.problem("kill PostgreSQL: %v", err)
		}
		p.recover()
	}
}

func (tr *trial) killPostmaster() error {
	text, err := os.ReadFile(filepath.Join(tr.dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// killSession kills one of the program's sessions that is at work, or another.
func (tr *trial) killSession() error {
	conn, err := tr.session()
	for limit := time.Now().Add(program.Patience); err != nil && time.Now().Before(limit); conn, err = tr.session() {
		wait(100 * time.Millisecond) // it may still be recovering from the kill before
	}
	if err != nil {
		return err
	}
	defer conn.Close(context.Background())
	var pid int
	if err := conn.QueryRow(tr.t.Context(), `
		select pid from pg_stat_activity
		where pid <> pg_backend_pid() and application_name = 'kabar' order by state <> 'active', random() limit 1`).Scan(&pid); err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// outside gives the program a database that it does not run itself.
func outside(tr *trial) {
	tr.t.Helper()
	tr.startPostgres()
	tr.t.Cleanup(func() {
		if err := tr.server.Stop(context.Background()); err != nil {
			tr.t.Error(err)
		}
	})
	tr.database = tr.server.URL()
	tr.set("KABAR_DATABASE_URL=" + tr.database)
}

func (tr *trial) startPostgres() {
	tr.t.Helper()
	server, err := pgserver.Start(context.Background(), pgserver.Options{Dir: filepath.Join(tr.dir, "outside")})
	must(tr.t, err)
	tr.server = server
}

func restartPostgres(p *play) {
	for range moments() {
		p.further(1 + p.rnd.IntN(10))
		if err := p.server.Stop(context.Background()); err != nil {
			p.problem("stop PostgreSQL: %v", err)
		}
		wait(p.upTo(6 * time.Second))
		p.startPostgres()
		p.recover()
	}
}

// smallDisk puts the private database on a file system of its own.
func smallDisk(tr *trial) {
	tr.t.Helper()
	folder := filepath.Join(tr.dir, "postgres")
	must(tr.t, os.Mkdir(folder, 0o755))
	if err := syscall.Mount("kabar-faults", folder, "tmpfs", 0, "size=300m,mode=755"); err != nil {
		tr.t.Skipf("only root can make a small file system: %v", err)
	}
	tr.t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			tr.t.Error(err)
		}
	})
}

// fillDisk fills it, and takes it back after some seconds. Every other time the
// database wants room at once, and falls.
func fillDisk(p *play) {
	for n := range moments() {
		p.further(1 + p.rnd.IntN(10))
		ballast := filepath.Join(p.dir, "postgres", "ballast")
		if err := fill(ballast); !errors.Is(err, syscall.ENOSPC) {
			p.problem("fill the disk: %v", err)
		}
		if n%2 == 0 {
			if conn, err := p.session(); err == nil {
				_, _ = conn.Exec(p.t.Context(), `select pg_switch_wal()`) // it may fall over that
				_, _ = conn.Exec(p.t.Context(), `checkpoint`)
				conn.Close(context.Background())
			}
		}
		wait(2*time.Second + p.upTo(6*time.Second))
		if err := os.Remove(ballast); err != nil {
			p.problem("make room: %v", err)
		}
		p.recover()
	}
}

// fill writes until there is no room.
func fill(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for size := 1 << 20; ; {
		if _, err = file.Write(make([]byte, size)); err != nil && size > 512 {
			size /= 2
			continue
		}
		if err != nil {
			return err
		}
	}
}

// readOnly lets the database refuse what writes, as one does that was taken
// over by its standby.
func readOnly(p *play) {
	for range moments() {
		p.further(1 + p.rnd.IntN(10))
		p.setReadOnly("on")
		wait(2*time.Second + p.upTo(3*time.Second))
		p.setReadOnly("off")
		p.recover()
	}
}

func (p *play) setReadOnly(to string) {
	conn, err := p.session()
	if err != nil {
		p.problem("read-only: %v", err)
		return
	}
	defer conn.Close(context.Background())
	for _, statement := range []string{
		`set default_transaction_read_only = off`, `alter system set default_transaction_read_only = ` + to, `select pg_reload_conf()`,
	} {
		if _, err := conn.Exec(p.t.Context(), statement); err != nil {
			p.problem("%s: %v", statement, err)
		}
	}
}

// fewConnections gives the program a pool of four.
func fewConnections(tr *trial) {
	outside(tr)
	tr.set("KABAR_DATABASE_URL=" + tr.database + "&pool_max_conns=4")
}

// takeConnections ends the program's sessions and takes all there are; or lets
// them wait for a lock.
func takeConnections(p *play) {
	for n := range moments() {
		p.further(1 + p.rnd.IntN(10))
		if n%2 == 0 {
			p.takeAll()
		} else {
			p.lockAll()
		}
		p.recover()
	}
}

func (p *play) takeAll() {
	var mine []*pgx.Conn
	defer func() {
		for _, c := range mine {
			c.Close(context.Background())
		}
	}()
	over := time.Now().Add(3*time.Second + p.upTo(3*time.Second))
	for time.Now().Before(over) {
		c, err := p.session()
		if err != nil {
			wait(50 * time.Millisecond)
			continue
		}
		if mine = append(mine, c); len(mine) == 1 {
			_, _ = c.Exec(p.t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'kabar%'`) // tried all the same
		}
	}
}

func (p *play) lockAll() {
	conn, err := p.session()
	if err != nil {
		p.problem("lock: %v", err)
		return
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(p.t.Context(), `begin; lock table articles, inbound, hosts, comments in access exclusive mode`); err != nil {
		p.problem("lock: %v", err)
	}
	wait(3*time.Second + p.upTo(4*time.Second))
}

// lineToPostgres puts a proxy before the database.
func lineToPostgres(tr *trial) {
	tr.t.Helper()
	outside(tr)
	u, err := url.Parse(tr.database)
	must(tr.t, err)
	socket := filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432")
	tr.line = newProxy(tr.t, "127.0.0.1:0", tr.rnd, func() (net.Conn, error) { return net.Dial("unix", socket) })
	tr.set(fmt.Sprintf("KABAR_DATABASE_URL=postgres://kabar@%s/kabar?sslmode=disable", tr.line.Addr()))
}

// badLineToPostgres is slow, then stalls, then breaks.
func badLineToPostgres(p *play) {
	for range moments() {
		p.further(1 + p.rnd.IntN(10))
		p.line.set(weather{latency: 20 * time.Millisecond, loss: 0.05})
		wait(2 * time.Second)
		p.line.set(weather{stalled: true})
		wait(time.Second + p.upTo(3*time.Second))
		p.line.cut()
		wait(p.upTo(time.Second))
		p.line.set(weather{})
		p.line.cut()
		p.recover()
	}
}
