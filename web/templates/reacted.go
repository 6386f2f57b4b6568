package templates

import (
	"html/template"
	"net/url"
	"strings"
)

// reacted is a Reaction in words.
type reacted struct {
	*Frame
	Reaction
}

func newReacted(f *Frame, reactions []Reaction) []reacted {
	list := make([]reacted, len(reactions))
	for i, r := range reactions {
		list[i] = reacted{f, r}
	}
	return list
}

func newReactedTo(f Frame, reactions []Reaction) []reacted { return newReacted(&f, reactions) }

// newEmojis are those of the reactions that are an emoji.
func newEmojis(f Frame, reactions []Reaction) []reacted {
	var list []reacted
	for _, r := range newReacted(&f, reactions) {
		if !r.Faced() {
			list = append(list, r)
		}
	}
	return list
}

// Faced reports whether those who did it are shown by their faces.
func (r reacted) Faced() bool { return r.Kind != "emoji" }

// Sign is the emoji, or the symbol of the kind.
func (r reacted) Sign() template.HTML {
	if r.Faced() {
		return icon(r.Kind)
	}
	return r.Emoji
}

// Class is the microformat of somebody who did it.
func (r reacted) Class() string {
	return map[string]string{"like": "u-like h-cite", "boost": "u-repost h-cite"}[r.Kind]
}

// Others is how many did it besides those who are shown.
func (r reacted) Others() int { return max(r.Count-len(r.People), 0) }

// By says that somebody did it.
func (r reacted) By(p Person) string { return r.T("face."+r.Kind, p.DisplayName()) }

// Names are those of the people who are shown.
func (r reacted) Names() string {
	names := make([]string, len(r.People))
	for i, p := range r.People {
		names[i] = p.DisplayName()
	}
	return strings.Join(names, ", ")
}

// Page is where all who did it are.
func (r reacted) Page(all string) string {
	query := url.Values{"kind": {r.Kind}}
	if r.Name != "" {
		query.Set("content", r.Name)
	}
	return all + "?" + query.Encode()
}

// names are those of people with their emoji, each in a direction of its own.
func (r reacted) names(people []Person, between string) template.HTML {
	w := newWriter(*r.Frame)
	for i, p := range people {
		if i > 0 {
			w.text(between)
		}
		w.raw(`<bdi>`)
		w.name(p)
		w.raw(`</bdi>`)
	}
	return w.html()
}

// crowd is a facepile in words.
type crowd struct {
	Names      template.HTML
	Rest, More string
}

// Crowd says who did it: the first two names, then how many others. The page of
// all is linked when not all are shown.
func (r reacted) Crowd(all string) crowd {
	said := "people." + map[string]string{"like": "liked", "boost": "boosted", "quote": "quoted"}[r.Kind]
	named := r.People[:min(2, len(r.People))]
	rest := r.Count - len(named)
	if rest <= 0 {
		return crowd{Names: r.names(named, " "+r.T("list.and")+" "), Rest: r.T(said)}
	}
	c := crowd{Names: r.names(named, ", "), Rest: r.T(said+".others", rest)}
	if len(named) == 0 {
		c.Rest = r.T(said+".only", rest)
	}
	if r.Others() > 0 {
		c.More = r.Page(all)
	}
	return c
}
