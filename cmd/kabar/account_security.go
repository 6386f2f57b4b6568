package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kabar/internal/auth"
	"kabar/internal/blog"
	"kabar/internal/mail"
	"kabar/web/templates"
)

// auth is who may enter the Studio; sessions are nil for commands.
func (a *app) auth(sessions *auth.Sessions) *auth.Service {
	s := auth.New(a.store, sessions, time.Now)
	s.Origin = a.config.URL
	s.Letters = &mail.Alerts{Blog: a.blog, Sender: a.mail, Page: templates.StudioSecurityPath}
	return s
}

type accountSecurityCommand struct {
	Name              string `arg:"" help:"Name of the account."`
	ResetSecondFactor bool   `help:"Take authenticator app, passkeys and recovery codes off, and end all sessions."`
	EndSessions       bool   `help:"End all sessions."`
}

// security is how an account is kept safe, as commands print it.
type security struct {
	Name          string    `json:"name"`
	App           bool      `json:"app"`
	Passkeys      []passkey `json:"passkeys"`
	RecoveryCodes int       `json:"recovery_codes"` // that are left
	Sessions      []session `json:"sessions"`
}

type passkey struct {
	Name    string     `json:"name"`
	Created time.Time  `json:"created"`
	Used    *time.Time `json:"used"`
	Copied  bool       `json:"copied"`
}

type session struct {
	Device  string    `json:"device"`
	Network string    `json:"network"`
	Method  string    `json:"method"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
}

func (c *accountSecurityCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		who, err := a.blog.AccountByName(ctx, c.Name)
		if err != nil {
			return fmt.Errorf("account %s: %w; kabar account list shows the names", c.Name, err)
		}
		s := a.auth(nil)
		if c.ResetSecondFactor {
			err = s.Reset(ctx, who)
		} else if c.EndSessions {
			err = s.EndAll(ctx, who)
		}
		if err != nil {
			return err
		}
		have, err := securityOf(ctx, s, who)
		if err != nil {
			return err
		}
		return env.object(have, have.String())
	})
}

func securityOf(ctx context.Context, s *auth.Service, who blog.Account) (security, error) {
	have := security{Name: who.Name, Passkeys: []passkey{}, Sessions: []session{}}
	f, err := s.Factors(ctx, who.ID)
	if err != nil {
		return have, err
	}
	have.App, have.RecoveryCodes = f.App, f.Codes
	keys, err := s.Passkeys(ctx, who.ID)
	if err != nil {
		return have, err
	}
	for _, k := range keys {
		have.Passkeys = append(have.Passkeys, passkey{k.Name, k.Created, stamp(k.Used), k.Copied})
	}
	list, err := s.SignInsOf(ctx, who.ID)
	for _, in := range list {
		have.Sessions = append(have.Sessions, session{in.Device, in.Network, string(in.Method), in.Created, in.Seen})
	}
	return have, err
}

// String says it in lines.
func (s security) String() string {
	var b strings.Builder
	app := "no"
	if s.App {
		app = "yes"
	}
	fmt.Fprintf(&b, "%s\nauthenticator app: %s\nrecovery codes left: %d\npasskeys: %d", s.Name, app, s.RecoveryCodes, len(s.Passkeys))
	for _, k := range s.Passkeys {
		fmt.Fprintf(&b, "\n  %s, last used %s", k.Name, shortTime(k.Used))
	}
	fmt.Fprintf(&b, "\nsessions: %d", len(s.Sessions))
	for _, in := range s.Sessions {
		fmt.Fprintf(&b, "\n  %s %s, %s, last seen %s", in.Device, in.Network, in.Method, shortTime(&in.Seen))
	}
	return b.String()
}
