package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"kabar/internal/blog"
)

// accountProfileCommand changes what it is given, and prints the profile.
type accountProfileCommand struct {
	Name      string  `arg:"" help:"Name of the account."`
	Display   *string `help:"Name that readers see."`
	Bio       *string `help:"A few sentences, plain text."`
	Website   *string `help:"Address of a website."`
	Fediverse *string `help:"Their own handle in the fediverse, user@host."`
	Avatar    *string `placeholder:"FILE" help:"Picture; empty takes it off."`
	Public    *bool   `negatable:"" help:"Has a page and may stand in bylines."`
}

// profile is what readers see of an account, as commands print it.
type profile struct {
	Name      string `json:"name"`
	Public    bool   `json:"public"`
	Display   string `json:"display"`
	Bio       string `json:"bio"`
	Avatar    string `json:"avatar"`
	Website   string `json:"website"`
	Fediverse string `json:"fediverse"`
	URL       string `json:"url"` // their page; "" for none
}

func (c *accountProfileCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		who, err := a.blog.AccountByName(ctx, c.Name)
		if err != nil {
			return fmt.Errorf("account %s: %w; kabar account list shows the names", c.Name, err)
		}
		if err := a.takeAvatar(ctx, who, c.Avatar); err != nil {
			return err
		}
		who, err = a.blog.ChangeProfile(ctx, uuid.Nil, who.ID, func(p *blog.Profile) {
			set(&p.Display, c.Display)
			set(&p.Bio, c.Bio)
			set(&p.Website, c.Website)
			set(&p.Fediverse, c.Fediverse)
			set(&p.Avatar, c.Avatar)
			set(&p.Public, c.Public)
		})
		if err != nil {
			return explain(err)
		}
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		p := profile{who.Name, who.Public, who.Display, who.Bio, who.Avatar, who.Website, who.Fediverse, ""}
		said := who.Label() + " has no public profile."
		if p.Public {
			p.URL = site.Address().Author(who.Name)
			said = who.Label() + ": " + p.URL
		}
		return env.object(p, said)
	})
}

// takeAvatar stores the picture of a file, and puts its name in the store there
// instead.
func (a *app) takeAvatar(ctx context.Context, who blog.Account, file *string) error {
	if file == nil || *file == "" {
		return nil
	}
	b, err := os.ReadFile(*file)
	if err != nil {
		return fmt.Errorf("avatar: %w", err)
	}
	m, err := a.uploads().Add(ctx, who.ID, filepath.Base(*file), who.Label(), b)
	if err != nil {
		return fmt.Errorf("avatar %s: %w", *file, explain(err))
	}
	*file = m.Name
	return nil
}
