package blog

import (
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"kabar/internal/i18n"
)

// maxFaces is how many people of a group are named or shown.
const maxFaces = 5

// NotificationGroup is what happened in one way to one article or comment,
// told as one: likes, boosts and follows.
type NotificationGroup struct {
	Notification         // the newest
	People       []Actor // who did it, each once, newest first, at most five
	Count        int     // how many people
	Unread       bool
}

// GroupNotifications makes groups of a list, and returns where the list goes
// on: at most so many groups are made. What is newer than seen is unread, and
// stands in no group with what is read.
func GroupNotifications(list []Notification, seen time.Time, most int) (groups []NotificationGroup, next Cursor) {
	type subject struct {
		kind             NotificationKind
		article, comment uuid.UUID
		unread           bool
	}
	at := map[subject]int{}
	counted := map[subject]map[uuid.UUID]bool{}
	for _, n := range list {
		of := subject{n.Kind, n.Article, n.Comment, n.At.After(seen)}
		i, known := at[of]
		if !known || !n.Kind.grouped() {
			if len(groups) == most {
				return groups, next
			}
			i = len(groups)
			at[of], counted[of] = i, map[uuid.UUID]bool{}
			groups = append(groups, NotificationGroup{Notification: n, Unread: of.unread})
		}
		next = n.Cursor()
		if counted[of][n.Actor.ID] {
			continue
		}
		counted[of][n.Actor.ID] = true
		groups[i].Count++
		if len(groups[i].People) < maxFaces {
			groups[i].People = append(groups[i].People, n.Actor)
		}
	}
	return groups, next
}

func (k NotificationKind) grouped() bool {
	return slices.Contains([]NotificationKind{NotifyLike, NotifyBoost, NotifyFollow}, k)
}

// Sentence says what happened, in a language of the interface.
func (g NotificationGroup) Sentence(lang string) string {
	key := "notice." + string(g.Kind)
	if g.Kind.grouped() && g.Comment != uuid.Nil {
		key += ".comment"
	}
	who := g.who(lang)
	if g.Kind == NotifySecurity {
		return i18n.T(lang, "alert."+g.From)
	}
	if g.Kind == NotifyReport {
		return i18n.T(lang, key, host(g.From))
	}
	if g.Article == uuid.Nil {
		return i18n.T(lang, key+".alone", who)
	}
	title := g.Title
	if title == "" {
		title = i18n.T(lang, "studio.untitled")
	}
	return i18n.T(lang, key, who, title)
}

// who names the newest two people and counts the others.
func (g NotificationGroup) who(lang string) string {
	if len(g.People) == 0 {
		return ""
	}
	name := g.People[0].Label()
	switch {
	case g.Count == 1:
		return name
	case g.Count == 2:
		return i18n.T(lang, "notice.two", name, g.People[1].Label())
	}
	return i18n.T(lang, "notice.others", g.Count-1, name)
}

// host is the server of an id.
func host(id string) string {
	u, err := url.Parse(id)
	if err != nil || u.Host == "" {
		return id
	}
	return u.Host
}
