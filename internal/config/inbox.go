package config

import "fmt"

// Inbox is how much is taken from other servers; 0 is no limit.
type Inbox struct {
	PerActor  int `name:"inbox-per-actor" env:"KABAR_INBOX_PER_ACTOR" default:"300" help:"Activities that one actor may send in a minute."`
	PerServer int `name:"inbox-per-server" env:"KABAR_INBOX_PER_SERVER" default:"1000" help:"Activities that one server may send in a minute."`
	NewActors int `name:"inbox-new-actors" env:"KABAR_INBOX_NEW_ACTORS" default:"200" help:"Actors not known before that one server may bring in an hour."`
	Waiting   int `name:"inbox-waiting" env:"KABAR_INBOX_WAITING" default:"100000" help:"Activities that may wait to be processed before senders are asked to come later."`
}

func (c *Config) checkInbox() error {
	for _, s := range []struct {
		setting string
		value   int
	}{
		{"KABAR_INBOX_PER_ACTOR", c.Inbox.PerActor},
		{"KABAR_INBOX_PER_SERVER", c.Inbox.PerServer},
		{"KABAR_INBOX_NEW_ACTORS", c.Inbox.NewActors},
		{"KABAR_INBOX_WAITING", c.Inbox.Waiting},
	} {
		if s.value < 0 {
			return fmt.Errorf("%s: %d is less than nothing: set how many, or 0 for no limit", s.setting, s.value)
		}
	}
	return nil
}
