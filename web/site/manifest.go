package site

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"kabar/internal/blog"
	"kabar/internal/media"
	"kabar/web/page"
	"kabar/web/templates"
)

// manifest describes the blog to browsers that put it on a home screen (W3C
// Web Application Manifest).
type manifest struct {
	Name        string         `json:"name"`
	Short       string         `json:"short_name"`
	Description string         `json:"description,omitempty"`
	Language    string         `json:"lang"`
	Direction   string         `json:"dir"`
	ID          string         `json:"id"`
	Start       string         `json:"start_url"`
	Scope       string         `json:"scope"`
	Display     string         `json:"display"`
	Background  string         `json:"background_color"`
	Theme       string         `json:"theme_color"`
	Icons       []manifestIcon `json:"icons"`
}

type manifestIcon struct {
	Address string `json:"src"`
	Type    string `json:"type"`
	Sizes   string `json:"sizes"`
	Purpose string `json:"purpose,omitempty"`
}

// drawnIcons are the sizes of the drawn logo, for home screens.
var drawnIcons = []int{180, 192, 512}

func (p *Part) manifest(w http.ResponseWriter, r *http.Request) error {
	page.Shows(r, blog.PageSite)
	site, err := p.Page.Site(r)
	if err != nil {
		return err
	}
	icons, err := p.icons(r, site)
	if err != nil {
		return err
	}
	ground, _ := site.Theme.PageColours()
	body, err := json.Marshal(manifest{
		Name: site.Title, Short: blog.Clip(site.Title, 12), Description: site.Description, Language: site.Language,
		Direction: templates.Dir(site.Language), ID: "/", Start: "/", Scope: "/", Display: "minimal-ui",
		Background: ground, Theme: ground, Icons: icons,
	})
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/manifest+json")
	h.Set("Cache-Control", page.Public)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who asked has gone; nobody is left to tell
	return nil
}

// icons are the owner's, or the drawn logo in each size.
func (p *Part) icons(r *http.Request, site blog.Site) ([]manifestIcon, error) {
	if site.Icon != "" {
		m, err := p.Page.Blog.Media(r.Context(), site.Icon)
		if err != nil {
			return nil, fmt.Errorf("manifest: %w", err)
		}
		size := strconv.Itoa(m.Width) + "x" + strconv.Itoa(m.Height)
		return []manifestIcon{{mediaPath(m.Name), media.ContentType(m.Name), size, ""}}, nil
	}
	var icons []manifestIcon
	for _, size := range drawnIcons {
		text := strconv.Itoa(size)
		icons = append(icons, manifestIcon{iconPath(size), "image/png", text + "x" + text, "any maskable"})
	}
	return icons, nil
}

func iconPath(size int) string { return "/-/icon-" + strconv.Itoa(size) + ".png" }
