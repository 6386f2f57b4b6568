package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// jsonFeed is JSON Feed 1.1.
type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Home        string       `json:"home_page_url"`
	Self        string       `json:"feed_url"`
	Description string       `json:"description,omitempty"`
	Next        string       `json:"next_url,omitempty"`
	Icon        string       `json:"icon,omitempty"`
	Authors     []jsonPerson `json:"authors"`
	Language    string       `json:"language"`
	Hubs        []jsonHub    `json:"hubs,omitempty"`
	Items       []jsonEntry  `json:"items"`
}

type jsonPerson struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonHub struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type jsonEntry struct {
	ID          string       `json:"id"`
	URL         string       `json:"url"`
	Title       string       `json:"title,omitempty"`
	HTML        string       `json:"content_html,omitempty"`
	Text        string       `json:"content_text,omitempty"`
	Summary     string       `json:"summary,omitempty"`
	Image       string       `json:"image,omitempty"`
	Published   string       `json:"date_published"`
	Modified    string       `json:"date_modified"`
	Authors     []jsonPerson `json:"authors,omitempty"`
	Tags        []string     `json:"tags,omitempty"`
	Language    string       `json:"language,omitempty"`
	Attachments []jsonFile   `json:"attachments,omitempty"`
}

type jsonFile struct {
	URL   string `json:"url"`
	Type  string `json:"mime_type"`
	Title string `json:"title,omitempty"`
	Bytes int64  `json:"size_in_bytes,omitempty"`
}

func (d document) json() ([]byte, error) {
	f := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: d.Title, Home: d.Home, Self: d.Self, Description: d.Subtitle, Next: d.Next,
		Icon: d.Icon, Authors: []jsonPerson{{d.Owner.Name, d.Owner.URL}}, Language: d.Language, Items: []jsonEntry{},
	}
	if d.Hub != "" {
		f.Hubs = []jsonHub{{"WebSub", d.Hub}}
	}
	for _, e := range d.Entries {
		f.Items = append(f.Items, e.json())
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(f); err != nil {
		return nil, fmt.Errorf("write feed: %w", err)
	}
	return b.Bytes(), nil
}

func (e entry) json() jsonEntry {
	j := jsonEntry{
		ID: e.ID, URL: e.URL, Title: clean(e.Title), HTML: clean(e.HTML), Summary: clean(e.Summary), Tags: e.Tags, Language: e.Language,
		Published: stamp(e.Published), Modified: stamp(e.Updated),
	}
	if j.HTML == "" {
		j.Text, j.Summary = j.Summary, "" // one of both contents is required
	}
	for _, p := range e.Authors {
		j.Authors = append(j.Authors, jsonPerson(p))
	}
	if c := e.Cover; c != nil {
		j.Image = c.URL
		j.Attachments = []jsonFile{{c.URL, c.Type, c.Alt, c.Bytes}}
	}
	return j
}
