package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/config"
)

// setting is one entry of the settings, as the command line names it.
type setting struct {
	name string
	get  func(blog.Site) string
	set  func(*blog.Site, string) error // nil = fixed
}

// text is a setting that is a text.
func text(name string, field func(*blog.Site) *string) setting {
	return setting{
		name: name,
		get:  func(s blog.Site) string { return *field(&s) },
		set:  func(s *blog.Site, value string) error { *field(s) = value; return nil },
	}
}

// flag is a setting that is true or false.
func flag(name string, field func(*blog.Site) *bool) setting {
	return setting{
		name: name,
		get:  func(s blog.Site) string { return strconv.FormatBool(*field(&s)) },
		set: func(s *blog.Site, value string) error {
			on, err := strconv.ParseBool(value)
			if err != nil {
				return usageError{fmt.Errorf("%s is true or false, not %q", name, value)}
			}
			*field(s) = on
			return nil
		},
	}
}

var settings = append([]setting{
	{name: "origin", get: func(s blog.Site) string { return s.Origin }},
	{name: "handle_domain", get: func(s blog.Site) string { return s.HandleDomain }, set: setHandleDomain},
	text("title", func(s *blog.Site) *string { return &s.Title }),
	text("description", func(s *blog.Site) *string { return &s.Description }),
	text("handle", func(s *blog.Site) *string { return &s.Handle }),
	text("actor_type", func(s *blog.Site) *string { return &s.ActorType }),
	text("language", func(s *blog.Site) *string { return &s.Language }),
	text("time_zone", func(s *blog.Site) *string { return &s.TimeZone }),
	text("mode", func(s *blog.Site) *string { return &s.Mode }),
	text("icon", func(s *blog.Site) *string { return &s.Icon }),
	flag("signed_get", func(s *blog.Site) *bool { return &s.SignedGET }),
	flag("discoverable", func(s *blog.Site) *bool { return &s.Discoverable }),
	flag("indexable", func(s *blog.Site) *bool { return &s.Indexable }),
	{name: "fields", get: fieldsText, set: setFields},
	text("comments.policy", func(s *blog.Site) *string { return (*string)(&s.Comments.Policy) }),
	number("comments.close_days", func(s *blog.Site) *int { return &s.Comments.CloseDays }),
	flag("comments.web", func(s *blog.Site) *bool { return &s.Comments.Web }),
	flag("comments.web_hold", func(s *blog.Site) *bool { return &s.Comments.WebHold }),
	text("quotes.policy", func(s *blog.Site) *string { return (*string)(&s.QuotePolicy) }),
	flag("feeds.full", func(s *blog.Site) *bool { return &s.Feeds.Full }),
	number("feeds.entries", func(s *blog.Site) *int { return &s.Feeds.Entries }),
	text("feeds.hub", func(s *blog.Site) *string { return &s.Feeds.Hub }),
	text("crawlers", func(s *blog.Site) *string { return (*string)(&s.Crawlers) }),
	flag("newsletter.on", func(s *blog.Site) *bool { return &s.Newsletter.On }),
	flag("newsletter.full", func(s *blog.Site) *bool { return &s.Newsletter.Full }),
	number("newsletter.delay", func(s *blog.Site) *int { return &s.Newsletter.Delay }),
	number("newsletter.rate", func(s *blog.Site) *int { return &s.Newsletter.Rate }),
	number("newsletter.day", func(s *blog.Site) *int { return &s.Newsletter.Day }),
	number("newsletter.hour", func(s *blog.Site) *int { return &s.Newsletter.Hour }),
	text("newsletter.sender", func(s *blog.Site) *string { return &s.Newsletter.Sender }),
	text("newsletter.reply_to", func(s *blog.Site) *string { return &s.Newsletter.ReplyTo }),
	text("newsletter.footer", func(s *blog.Site) *string { return &s.Newsletter.Footer }),
	flag("search.comments", func(s *blog.Site) *bool { return &s.Search.Comments }),
	text("theme.ground", func(s *blog.Site) *string { return &s.Theme.Ground }),
	text("theme.dye", func(s *blog.Site) *string { return &s.Theme.Dye }),
	text("theme.action", func(s *blog.Site) *string { return &s.Theme.Light.Action }),
	text("theme.action_dark", func(s *blog.Site) *string { return &s.Theme.Dark.Action }),
	text("theme.mark", func(s *blog.Site) *string { return &s.Theme.Light.Mark }),
	text("theme.mark_dark", func(s *blog.Site) *string { return &s.Theme.Dark.Mark }),
	text("theme.footer", func(s *blog.Site) *string { return &s.Theme.Footer }),
	flag("theme.accept", func(s *blog.Site) *bool { return &s.Theme.Accept }),
	text("accounts.second_factor", func(s *blog.Site) *string { return (*string)(&s.Accounts.SecondFactor) }),
	flag("allow_list", func(s *blog.Site) *bool { return &s.AllowList }),
	number("spam.wait", func(s *blog.Site) *int { return &s.Spam.Wait }),
	number("spam.spam", func(s *blog.Site) *int { return &s.Spam.Spam }),
}, spamRules()...)

// spamRules are the settings of the rules against spam, three each.
func spamRules() (list []setting) {
	for i, rule := range new(blog.SpamSettings).Rules() {
		name := "spam." + strings.ReplaceAll(rule.Name, "-", "_")
		field := func(s *blog.Site) *blog.SpamRule { return s.Spam.Rules()[i].SpamRule }
		list = append(list,
			flag(name+".on", func(s *blog.Site) *bool { return &field(s).On }),
			number(name+".limit", func(s *blog.Site) *int { return &field(s).Limit }),
			number(name+".points", func(s *blog.Site) *int { return &field(s).Points }),
		)
	}
	return list
}

// number is a setting that is a whole number.
func number(name string, field func(*blog.Site) *int) setting {
	return setting{
		name: name,
		get:  func(s blog.Site) string { return strconv.Itoa(*field(&s)) },
		set: func(s *blog.Site, value string) error {
			n, err := strconv.Atoi(value)
			if err != nil {
				return usageError{fmt.Errorf("%s is a number, not %q", name, value)}
			}
			*field(s) = n
			return nil
		},
	}
}

func setHandleDomain(s *blog.Site, value string) error {
	domain, err := config.ParseDomain(value)
	if err != nil {
		return usageError{fmt.Errorf("handle_domain: %w", err)}
	}
	s.HandleDomain = domain
	return nil
}

func fieldsText(s blog.Site) string {
	b, err := json.Marshal(append([]blog.Field{}, s.Fields...))
	if err != nil {
		return ""
	}
	return string(b)
}

func setFields(s *blog.Site, value string) error {
	var fields []blog.Field
	if err := json.Unmarshal([]byte(value), &fields); err != nil {
		return usageError{fmt.Errorf(`fields is JSON such as [{"name":"Web","value":"https://example.org"}]: %w`, err)}
	}
	s.Fields = fields
	return nil
}

func findSetting(name string) (setting, error) {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	i := slices.IndexFunc(settings, func(s setting) bool { return s.name == name })
	if i < 0 {
		names := make([]string, len(settings))
		for i, s := range settings {
			names[i] = s.name
		}
		return setting{}, usageError{fmt.Errorf("there is no setting %q: choose one of %s", name, strings.Join(names, ", "))}
	}
	return settings[i], nil
}

type settingsGetCommand struct {
	Names []string `arg:"" optional:"" name:"name" help:"Settings to print; all without one."`
}

func (c *settingsGetCommand) run(ctx context.Context, env environment) error {
	chosen := settings
	if len(c.Names) > 0 {
		chosen = nil
		for _, name := range c.Names {
			s, err := findSetting(name)
			if err != nil {
				return err
			}
			chosen = append(chosen, s)
		}
	}
	return with(ctx, env, func(a *app) error {
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		if env.json {
			values := map[string]string{}
			for _, s := range chosen {
				values[s.name] = s.get(site)
			}
			return env.document(values)
		}
		for _, s := range chosen {
			fmt.Fprintf(env.out, "%s=%s\n", s.name, s.get(site))
		}
		return nil
	})
}

type settingsSetCommand struct {
	Values []string `arg:"" name:"name=value" help:"Settings to change."`
}

func (c *settingsSetCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		if err := a.takeIcon(ctx, c.Values); err != nil {
			return err
		}
		site, err := a.blog.ChangeSite(ctx, uuid.Nil, func(s *blog.Site) error {
			for _, pair := range c.Values {
				if err := applySetting(s, pair); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return explain(err)
		}
		return env.object(site, "Saved.")
	})
}

// takeIcon stores the picture that icon=FILE names, and puts its name in the
// store there instead. What is in the store already may be named too.
func (a *app) takeIcon(ctx context.Context, pairs []string) error {
	for i, pair := range pairs {
		file, ok := strings.CutPrefix(pair, "icon=")
		if !ok || file == "" {
			continue
		}
		if _, err := a.blog.Media(ctx, file); err == nil {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("icon: %w", err)
		}
		site, err := a.blog.Site(ctx)
		if err != nil {
			return err
		}
		m, err := a.uploads().Add(ctx, uuid.Nil, filepath.Base(file), cmp.Or(site.Title, site.Handle), b)
		if err != nil {
			return fmt.Errorf("icon %s: %w", file, explain(err))
		}
		pairs[i] = "icon=" + m.Name
	}
	return nil
}

func applySetting(site *blog.Site, pair string) error {
	name, value, ok := strings.Cut(pair, "=")
	if !ok {
		return usageError{fmt.Errorf("%q is not NAME=VALUE", pair)}
	}
	s, err := findSetting(name)
	if err != nil {
		return err
	}
	if s.set == nil {
		return usageError{fmt.Errorf("%s cannot be changed: every id is made from it", s.name)}
	}
	return s.set(site, value)
}
