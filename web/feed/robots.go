package feed

import (
	"net/http"
	"strings"

	"kabar/internal/blog"
	"kabar/web/page"
	"kabar/web/templates"
)

// training are programs that gather texts to train models, or answer from
// them, by the names that their makers say they look for in robots.txt. As
// published by those makers in November 2026.
var training = []string{
	"AI2Bot", "Ai2Bot-Dolma", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ChatGPT-User",
	"Claude-SearchBot", "Claude-User", "ClaudeBot", "cohere-ai", "cohere-training-data-crawler", "Diffbot", "DuckAssistBot",
	"FacebookBot", "Google-CloudVertexBot", "Google-Extended", "GPTBot", "img2dataset", "Kangaroo Bot", "meta-externalagent",
	"Meta-ExternalFetcher", "MistralAI-User", "OAI-SearchBot", "omgili", "omgilibot", "PanguBot", "Perplexity-User", "PerplexityBot",
	"PetalBot", "Timpibot", "VelenPublicWebCrawler", "Webzio-Extended", "YouBot",
}

// closed are paths that are for nobody's index: forms, and what is private.
var closed = []string{
	templates.StudioPath, templates.SetupPath, templates.FollowPath, templates.InteractPath, templates.SearchPath + "?",
	"/-/respond/", templates.LivePath,
}

// robots says whom the owner lets in (RFC 9309).
func (p *Part) robots(w http.ResponseWriter, r *http.Request) error {
	page.Shows(r, blog.PageSite)
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	var b strings.Builder
	if site.Crawlers == blog.CrawlersSearch {
		for _, name := range training {
			b.WriteString("User-agent: " + name + "\n")
		}
		b.WriteString("Disallow: /\n\n")
	}
	b.WriteString("User-agent: *\n")
	if site.Crawlers == blog.CrawlersNone {
		b.WriteString("Disallow: /\n")
	} else {
		for _, path := range closed {
			b.WriteString("Disallow: " + path + "\n")
		}
	}
	if site.Found() {
		b.WriteString("\nSitemap: " + site.Origin + templates.SitemapPath + "\n")
	}
	write(w, "text/plain; charset=utf-8", []byte(b.String()))
	return nil
}
