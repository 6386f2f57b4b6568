package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/auth"
	"kabar/internal/blog"
)

// account is one account as commands print it.
type account struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Role      blog.Role  `json:"role"`
	Created   time.Time  `json:"created"`
	LastLogin *time.Time `json:"last_login"`
}

func printable(a blog.Account) account {
	return account{a.ID, a.Name, a.Email, a.Role, a.Created, stamp(a.LastLogin)}
}

// passwordFlag says where a new password comes from: never from the command
// line itself, which other users of the machine can read.
type passwordFlag struct {
	PasswordFile string `name:"password-file" placeholder:"FILE" help:"File with the password; - or nothing reads one line from standard input."`
}

func (f passwordFlag) hash(ctx context.Context, env environment) (string, error) {
	password, err := f.read(env)
	if err != nil {
		return "", fmt.Errorf("read password: %w", err)
	}
	if err := auth.CheckPassword(password); err != nil {
		return "", err
	}
	return auth.Hash(ctx, password)
}

func (f passwordFlag) read(env environment) (string, error) {
	if f.PasswordFile != "" && f.PasswordFile != "-" {
		b, err := os.ReadFile(f.PasswordFile)
		return strings.TrimRight(string(b), "\r\n"), err
	}
	line, err := bufio.NewReader(env.in).ReadString('\n')
	if errors.Is(err, io.EOF) && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

type accountCreateCommand struct {
	Name  string `arg:"" help:"Name to sign in with."`
	Email string `help:"E-mail address."`
	Role  string `enum:"owner,editor,author,moderator" default:"author" help:"What the account may do: ${enum}."`
	passwordFlag
}

func (c *accountCreateCommand) run(ctx context.Context, env environment) error {
	hash, err := c.hash(ctx, env)
	if err != nil {
		return err
	}
	return with(ctx, env, func(a *app) error {
		made, err := a.blog.CreateAccount(ctx, uuid.Nil, blog.Account{
			Name: c.Name, Email: c.Email, Role: blog.Role(c.Role), Password: hash,
		})
		if err != nil {
			return explain(err)
		}
		return env.object(printable(made), fmt.Sprintf("Made the account %s (%s).", made.Name, made.Role))
	})
}

type accountPasswordCommand struct {
	Name string `arg:"" help:"Name of the account."`
	passwordFlag
}

func (c *accountPasswordCommand) run(ctx context.Context, env environment) error {
	hash, err := c.hash(ctx, env)
	if err != nil {
		return err
	}
	return with(ctx, env, func(a *app) error {
		who, err := a.blog.AccountByName(ctx, c.Name)
		if err != nil {
			return fmt.Errorf("account %s: %w; kabar account list shows the names", c.Name, err)
		}
		if err := a.blog.SetPassword(ctx, uuid.Nil, who.ID, hash); err != nil {
			return err
		}
		return env.object(printable(who), fmt.Sprintf("%s has a new password; all sessions of theirs ended.", who.Name))
	})
}

type accountListCommand struct{}

func (accountListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		accounts, err := a.blog.Accounts(ctx)
		if err != nil {
			return err
		}
		rows := make([]account, 0, len(accounts))
		for _, who := range accounts {
			rows = append(rows, printable(who))
		}
		return list(env, rows, []string{"NAME", "ROLE", "E-MAIL", "LAST SIGN-IN"}, func(r account) []string {
			return []string{r.Name, string(r.Role), r.Email, shortTime(r.LastLogin)}
		})
	})
}
