package blog

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/google/uuid"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"kabar/internal/markup"
)

// maxSlug is the longest slug, in bytes.
const maxSlug = 80

// reserved are first path segments that no article may have.
var reserved = map[string]bool{
	"-": true, ".well-known": true, "ap": true, "api": true, "archive": true, "authors": true, "feed.atom": true, "feed.json": true, "feed.rss": true,
	"favicon.ico": true, "follow": true, "livez": true, "media": true, "nodeinfo": true, "readyz": true,
	"manifest.webmanifest": true, "opensearch.xml": true, "robots.txt": true, "search": true, "setup": true, "sitemap.xml": true, "static": true, "studio": true, "tags": true,
}

// MakeSlug makes a slug of a text: lower case, letters and digits of any
// script, words joined by hyphens, at most 80 bytes. It may be "".
func MakeSlug(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r) && b.Len() > 0 && lastIsLatin(b.String()):
			// An accent on a Latin letter is dropped; other scripts need theirs.
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’':
		default:
			gap = true
		}
	}
	return clipSlug(norm.NFC.String(b.String()))
}

func lastIsLatin(s string) bool {
	c := s[len(s)-1]
	return c < 0x80
}

// clipSlug cuts at a hyphen where one is near, never inside a letter.
func clipSlug(s string) string {
	if len(s) <= maxSlug {
		return s
	}
	cut := maxSlug
	for cut > 0 && s[cut]&0xC0 == 0x80 {
		cut--
	}
	if i := strings.LastIndexByte(s[:cut+1], '-'); i > maxSlug/2 {
		cut = i
	}
	return strings.Trim(s[:cut], "-")
}

// pickSlug returns the slug for an article: the one asked for, or one made
// from the title or the day, numbered until it is free.
func (s *Service) pickSlug(ctx context.Context, in DraftInput, a Article) (string, error) {
	if in.Slug != "" {
		return s.askedSlug(ctx, in.Slug, a.ID)
	}
	if a.Slug != "" {
		return a.Slug, nil
	}
	base := MakeSlug(in.Title)
	if base == "" {
		base = MakeSlug(a.Excerpt)
	}
	if base == "" {
		base = s.Now().UTC().Format("2006-01-02")
	}
	for n := 1; n < 1000; n++ {
		slug := base
		if n > 1 {
			slug = clipSlug(base) + "-" + strconv.Itoa(n)
		}
		if reserved[slug] {
			continue
		}
		taken, err := s.SlugTaken(ctx, slug, a.ID)
		if err != nil {
			return "", fmt.Errorf("pick slug: %w", err)
		}
		if !taken {
			return slug, nil
		}
	}
	return base + "-" + a.ID.String(), nil
}

func (s *Service) askedSlug(ctx context.Context, asked string, article uuid.UUID) (string, error) {
	slug := MakeSlug(asked)
	if slug == "" || reserved[slug] {
		return "", &Invalid{Field: "slug", Problem: "slug-reserved", Detail: asked}
	}
	taken, err := s.SlugTaken(ctx, slug, article)
	if err != nil {
		return "", fmt.Errorf("check slug: %w", err)
	}
	if taken {
		return "", &Invalid{Field: "slug", Problem: "slug-taken", Detail: slug}
	}
	return slug, nil
}

// TagKey folds a tag to the form that is looked up: without #, composed,
// lower case.
func TagKey(tag string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimPrefix(strings.TrimSpace(tag), "#")))
}

// TagKeys folds tags and drops empty and repeated ones; order is kept.
func TagKeys(tags []string) []string {
	keys := make([]string, 0, len(tags))
	for _, tag := range mergeTags(tags) {
		keys = append(keys, TagKey(tag))
	}
	return keys
}

// mergeTags joins lists of tags; the first spelling of each wins.
func mergeTags(lists ...[]string) []string {
	seen := map[string]bool{}
	merged := []string{}
	for _, list := range lists {
		for _, tag := range list {
			tag = strings.TrimPrefix(strings.TrimSpace(markup.Visible(tag)), "#")
			if key := TagKey(tag); key != "" && !seen[key] {
				seen[key] = true
				merged = append(merged, tag)
			}
		}
	}
	return merged
}

func checkLanguage(tag string) error {
	if t, err := language.Parse(tag); err != nil || t == language.Und {
		return &Invalid{Field: "language", Problem: "language", Detail: tag}
	}
	return nil
}
