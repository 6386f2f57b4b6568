package main

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/google/uuid"

	"kabar/activitypub/aptest"
	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/config"
	"kabar/web/templates"
)

// demoFiles are the article that the demo publishes, with its pictures.
//
//go:embed demo
var demoFiles embed.FS

type demoCommand struct {
	Exit bool     `env:"KABAR_DEMO_EXIT" help:"End when everything was shown, with status 1 if something did not hold."`
	Also []string `arg:"" optional:"" name:"file" help:"Further articles to publish, Markdown with front matter."`
}

// run shows the main job: a fresh blog, and people on other servers of this
// machine who follow it, get its article and answer.
func (c *demoCommand) run(ctx context.Context, env environment) (err error) {
	dir, err := os.MkdirTemp("", "kabar-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// The private database may run as another user, who has to pass.
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	conf, err := demoConfig(env.config, dir)
	if err != nil {
		return err
	}
	wanted := env.config.Listen
	env.config = conf
	p := &play{environment: env, dir: dir, password: rand.Text()}
	if conf.Listen != wanted {
		p.say("%s is taken; the demo uses %s.", wanted, conf.Listen)
	}
	p.say("Starting a fresh blog on %s, with a PostgreSQL of its own …", conf.URL)
	log := slog.New(slog.NewTextHandler(env.err, &slog.HandlerOptions{Level: slog.LevelError}))
	if p.server, err = startServer(ctx, conf, log, nil); err != nil {
		return err
	}
	defer p.stop(log)
	if p.world, err = aptest.NewWorld(aptest.WorldOptions{}); err != nil {
		return err
	}
	defer p.world.Close()
	return c.perform(ctx, p)
}

// perform runs the play and lets people look at it.
func (c *demoCommand) perform(ctx context.Context, p *play) error {
	if err := p.setUp(ctx); err != nil {
		return err
	}
	held := p.everything(ctx)
	if err := p.publishAlso(ctx, c.Also); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return nil // somebody has seen enough
	}
	p.say("")
	p.say("The article:  %s", p.page)
	p.say("The Studio:   %s%s  name: %s  password: %s", p.config.URL, templates.StudioPath, demoOwner, p.password)
	if c.Exit && !held {
		return errors.New("the demo: a step did not hold")
	}
	if c.Exit {
		return nil
	}
	p.say("Kabar keeps running. Ctrl-C ends it and removes everything.")
	return p.wait(ctx)
}

const demoOwner = "ratri"

// setUp makes the owner's account, as the page of the set-up link does.
func (p *play) setUp(ctx context.Context) error {
	hash, err := auth.Hash(ctx, p.password)
	if err != nil {
		return err
	}
	_, err = p.blog.CompleteSetup(ctx, blog.Setup{
		Owner: blog.Account{Name: demoOwner, Password: hash},
		Title: "Ruang Tengah", Handle: "ruangtengah", Language: "id", TimeZone: "Asia/Jakarta",
	})
	if err != nil {
		return err
	}
	_, err = p.blog.ChangeSite(ctx, uuid.Nil, func(s *blog.Site) error {
		s.Description = "Catatan tentang memimpin, mendengar, dan hidup di web yang saling terhubung."
		return nil
	})
	return err
}

// demoConfig is a blog of its own in dir that may talk to servers of this
// machine.
func demoConfig(from config.Config, dir string) (config.Config, error) {
	listen, err := freeAddress(from.Listen)
	if err != nil {
		return config.Config{}, err
	}
	c := config.Config{Listen: listen, DataDir: dir, AllowPrivate: true, Role: config.All}
	return c, c.Validate()
}

// freeAddress is the address, or the same with the next port that is free.
func freeAddress(address string) (string, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return "", err
	}
	for ; ; port++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if err == nil {
			defer l.Close()
			return l.Addr().String(), nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) {
			return "", fmt.Errorf("KABAR_LISTEN: %w", err)
		}
	}
}

// unpack writes the article and its pictures to a folder, and returns the
// name of the article's file.
func (p *play) unpack() (string, error) {
	err := fs.WalkDir(demoFiles, "demo", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := demoFiles.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(p.dir, strings.TrimPrefix(name, "demo/")), data, 0o600)
	})
	return filepath.Join(p.dir, "article.md"), err
}
