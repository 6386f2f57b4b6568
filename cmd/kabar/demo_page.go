package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"kabar/internal/blog"
)

// looking fetches the page as a reader does and compares it with what was
// said.
func (p *play) looking() []step {
	return []step{
		{"the thread has nine responses, each below what it answers", p.thread},
		{"the counters count everybody once", p.counters},
		{"nothing deleted, private or forged is on it", p.absent},
		{"people's pictures are copies that are kept here", p.faces},
		{"each response says what its server runs", p.origins},
		{"no other server is asked for anything by it", p.ownOnly},
		{"the article's object leads on to the page, and the page to the object", p.bothWays},
		{"the author signs in to the Studio", p.signIn},
	}
}

// answered is what an address answered.
type answered struct {
	status   int
	location string
	body     string
}

// fetch reads an address as a reader does who knows Indonesian.
func (p *play) fetch(ctx context.Context, address, accept string) (answered, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answered{}, err
	}
	r.Header.Set("Accept", accept)
	r.Header.Set("Accept-Language", "id")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		return answered{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answered{res.StatusCode, res.Header.Get("Location"), string(body)}, err
}

func (p *play) document(ctx context.Context) (*goquery.Document, string, error) {
	got, err := p.fetch(ctx, p.page, "text/html")
	if err != nil {
		return nil, "", err
	}
	if got.status != http.StatusOK {
		return nil, "", fmt.Errorf("the page answers %d", got.status)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
	return doc, got.body, err
}

// said is a response as microformats tell it: its text below that of what it
// answers.
type said struct{ text, parent string }

func spoken(doc *goquery.Document) []said {
	text := func(c *goquery.Selection) string {
		return strings.TrimSpace(c.ChildrenFiltered("article").Find(".e-content").First().Text())
	}
	var found []said
	doc.Find(".h-entry .u-comment.h-cite").Each(func(_ int, c *goquery.Selection) {
		found = append(found, said{text(c), text(c.Parent().Closest(".u-comment.h-cite"))})
	})
	return found
}

func (p *play) thread(ctx context.Context) (string, error) {
	doc, _, err := p.document(ctx)
	if err != nil {
		return "", err
	}
	texts := map[string]string{"article": ""}
	for _, l := range conversation {
		texts[l.name] = l.text
	}
	found := spoken(doc)
	for _, l := range conversation {
		if want := (said{l.text, texts[l.parent]}); !slices.Contains(found, want) {
			return "", fmt.Errorf("%q does not stand where it belongs", brief(l.text))
		}
	}
	if len(found) != len(conversation) {
		return "", fmt.Errorf("it has %d responses", len(found))
	}
	deepest := doc.Find(strings.Repeat(".u-comment ", 5)).Length()
	if deepest == 0 {
		return "", errors.New("the deep answer is not nested")
	}
	if doc.Find(".u-comment details.warning").Length() != 1 {
		return "", errors.New("the content warning does not fold")
	}
	return "five levels, a content warning, an edited answer", nil
}

func (p *play) counters(ctx context.Context) (string, error) {
	doc, _, err := p.document(ctx)
	if err != nil {
		return "", err
	}
	entry := doc.Find("article.h-entry").First()
	for attr, want := range map[string]int{"data-likes": len(likers), "data-boosts": len(boosters)} {
		if got := entry.AttrOr(attr, ""); got != strconv.Itoa(want) {
			return "", fmt.Errorf("%s is %q instead of %d", attr, got, want)
		}
	}
	shown := doc.Find(".emojis").Text()
	for _, emoji := range emojis {
		if !strings.Contains(shown, emoji+" 1") {
			return "", fmt.Errorf("the reaction %s is not shown: %q", emoji, shown)
		}
	}
	return fmt.Sprintf("%d likes, %d boosts, %d emoji reactions", len(likers), len(boosters), len(emojis)), nil
}

func (p *play) absent(ctx context.Context) (string, error) {
	_, body, err := p.document(ctx)
	if err != nil {
		return "", err
	}
	for _, text := range []string{deletedText, privateText, forgedText, changedText, firstVersion} {
		if strings.Contains(body, text) {
			return "", fmt.Errorf("%q is", text)
		}
	}
	return "", nil
}

// faces looks for the picture of everybody who has one, and that it is served.
func (p *play) faces(ctx context.Context) (string, error) {
	if err := p.avatars.Idle(ctx); err != nil {
		return "", err
	}
	doc, _, err := p.document(ctx)
	if err != nil {
		return "", err
	}
	served := map[string]bool{}
	for _, img := range doc.Find(".u-comment .p-author img").EachIter() {
		address := strings.TrimPrefix(img.AttrOr("src", ""), p.config.URL)
		if !strings.HasPrefix(address, blog.MediaPath) || served[address] {
			continue
		}
		got, err := p.fetch(ctx, p.config.URL+address, "image/*")
		if err != nil {
			return "", err
		}
		if got.status != http.StatusOK {
			return "", fmt.Errorf("%s answers %d", address, got.status)
		}
		served[address] = true
	}
	if len(served) != len(followers) {
		return "", fmt.Errorf("%d of %d people have theirs", len(served), len(followers))
	}
	return fmt.Sprintf("%d", len(served)), nil
}

// origins looks for the software beside everybody's response.
func (p *play) origins(ctx context.Context) (string, error) {
	if err := p.software.Idle(ctx); err != nil {
		return "", err
	}
	doc, _, err := p.document(ctx)
	if err != nil {
		return "", err
	}
	var told []string
	for _, c := range doc.Find(".u-comment:not(.by-author)").EachIter() {
		_, software, found := strings.Cut(c.ChildrenFiltered("article").Find(".source").First().Text(), " via ")
		if !found {
			return "", fmt.Errorf("%s does not", c.AttrOr("id", ""))
		}
		told = append(told, strings.TrimSpace(software))
	}
	slices.Sort(told)
	return strings.Join(slices.Compact(told), ", "), nil
}

// ownOnly looks for what a browser would load from elsewhere.
func (p *play) ownOnly(ctx context.Context) (string, error) {
	doc, _, err := p.document(ctx)
	if err != nil {
		return "", err
	}
	foreign := ""
	doc.Find("img, script, link[rel=stylesheet], link[rel=icon], iframe, video, audio, source").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range []string{"src", "href", "srcset", "poster"} {
			address := s.AttrOr(attr, "")
			if strings.Contains(address, "//") && !strings.HasPrefix(address, p.config.URL+"/") {
				foreign = address
			}
		}
	})
	if foreign != "" {
		return "", fmt.Errorf("it loads %s", foreign)
	}
	return "", nil
}

func (p *play) bothWays(ctx context.Context) (string, error) {
	got, err := p.fetch(ctx, p.page, "application/activity+json")
	if err != nil {
		return "", err
	}
	if got.status != http.StatusSeeOther || got.location != p.article.ObjectURI {
		return "", fmt.Errorf("asked for ActivityPub the page answers %d, %q", got.status, got.location)
	}
	o, err := p.cast["lintang"].Server().Fetch(ctx, p.article.ObjectURI)
	if err != nil {
		return "", err
	}
	if o.Page() != p.page {
		return "", fmt.Errorf("the object's page is %s", o.Page())
	}
	return "", nil
}
