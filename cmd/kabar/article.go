package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"kabar/internal/blog"
	"kabar/internal/markup"
)

// article is one article as commands print it.
type article struct {
	ID        string      `json:"id"`  // of its object; "" for a draft
	URL       string      `json:"url"` // page address
	Title     string      `json:"title"`
	Status    blog.Status `json:"status"`
	Published *time.Time  `json:"published"`
	Updated   *time.Time  `json:"updated"`
	Likes     int         `json:"likes"`
	Boosts    int         `json:"boosts"`
	Comments  int         `json:"comments"`
}

func (a *app) printable(ctx context.Context, list ...blog.Article) ([]article, error) {
	site, err := a.blog.Site(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]article, 0, len(list))
	for _, one := range list {
		rows = append(rows, article{
			one.ObjectURI, site.Address().Page(one.Slug), one.Title, one.Status, stamp(one.Published), stamp(one.Updated),
			one.Likes, one.Boosts, one.Comments,
		})
	}
	return rows, nil
}

// reference is what publish and edit print in JSON.
type reference struct {
	ID  string `json:"id"`
	URL string `json:"url"`
}

func (a *app) report(ctx context.Context, env environment, one blog.Article, done string) error {
	site, err := a.blog.Site(ctx)
	if err != nil {
		return err
	}
	r := reference{one.ObjectURI, site.Address().Page(one.Slug)}
	return env.object(r, done+" "+r.URL)
}

type articlePublishCommand struct {
	File  string `arg:"" name:"file.md" help:"Markdown with front matter; - reads standard input."`
	Draft bool   `help:"Save as a draft only."`
}

func (c *articlePublishCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		input, by, err := a.readFile(ctx, env, c.File, blog.Article{})
		if err != nil {
			return explain(err)
		}
		saved, err := a.blog.Save(ctx, by, blog.Save{Input: input, Publish: !c.Draft})
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, explain(err))
		}
		if c.Draft {
			return a.report(ctx, env, saved, "Saved as a draft:")
		}
		return a.report(ctx, env, saved, "Published:")
	})
}

type articleEditCommand struct {
	URL     string `arg:"" help:"Page address, object id or slug."`
	File    string `arg:"" name:"file.md" help:"Markdown with front matter; - reads standard input."`
	Publish bool   `help:"Publish what is a draft."`
}

func (c *articleEditCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		old, err := a.findArticle(ctx, c.URL)
		if err != nil {
			return err
		}
		input, by, err := a.readFile(ctx, env, c.File, old)
		if err != nil {
			return explain(err)
		}
		saved, err := a.blog.Save(ctx, by, blog.Save{ID: old.ID, Input: input, Publish: c.Publish || old.Status == blog.Published})
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, explain(err))
		}
		return a.report(ctx, env, saved, "Saved:")
	})
}

type articleDeleteCommand struct {
	URL string `arg:"" help:"Page address, object id or slug."`
}

func (c *articleDeleteCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		old, err := a.findArticle(ctx, c.URL)
		if err != nil {
			return err
		}
		if err := a.blog.Delete(ctx, uuid.Nil, old.ID); err != nil {
			return err
		}
		return a.report(ctx, env, old, "Deleted:")
	})
}

type articleListCommand struct {
	All   bool   `help:"Drafts and deleted ones too."`
	Limit uint32 `default:"50" help:"How many, newest first."`
}

func (c *articleListCommand) run(ctx context.Context, env environment) error {
	return with(ctx, env, func(a *app) error {
		q := blog.ArticleQuery{Limit: int(c.Limit)}
		if c.All {
			q.Statuses = []blog.Status{blog.Draft, blog.Published, blog.Deleted}
		}
		found, err := a.blog.Articles(ctx, q)
		if err != nil {
			return err
		}
		rows, err := a.printable(ctx, found...)
		if err != nil {
			return err
		}
		return list(env, rows, []string{"PUBLISHED", "STATUS", "COMMENTS", "LIKES", "BOOSTS", "TITLE", "ADDRESS"}, func(r article) []string {
			return []string{
				shortTime(r.Published), string(r.Status), fmt.Sprint(r.Comments), fmt.Sprint(r.Likes), fmt.Sprint(r.Boosts), r.Title, r.URL,
			}
		})
	})
}

// findArticle is the article that an address names, a draft too.
func (a *app) findArticle(ctx context.Context, address string) (blog.Article, error) {
	found, err := a.findEver(ctx, address)
	if err == nil && found.Status == blog.Deleted {
		return found, fmt.Errorf("%s is deleted; kabar article publish brings it back at its address", address)
	}
	return found, err
}

// findEver finds deleted ones as well, for what is left of them.
func (a *app) findEver(ctx context.Context, address string) (blog.Article, error) {
	found, err := a.blog.Find(ctx, address)
	switch {
	case found.ID != uuid.Nil:
		return found, nil
	case errors.Is(err, blog.ErrNotFound):
		return found, fmt.Errorf("there is no article %s; kabar article list --all shows the addresses", address)
	}
	return found, err
}

// readFile reads an article's file and takes the pictures along that it names
// by relative path. by is the author that the file names; uuid.Nil = none. What
// the file does not say about the conversation and the rest is as old has it.
func (a *app) readFile(
	ctx context.Context, env environment, name string, old blog.Article,
) (in blog.DraftInput, by uuid.UUID, err error) {
	source, err := readSource(env, name)
	if err != nil {
		return in, by, err
	}
	site, err := a.blog.Site(ctx)
	if err != nil {
		return in, by, err
	}
	doc, err := markup.ParseDocument(name, source, site.Location())
	if err != nil {
		return in, by, err
	}
	m := doc.FrontMatter
	if by, err = a.author(ctx, m.Author); err != nil {
		return in, by, fmt.Errorf("%s: %w", name, err)
	}
	in = blog.DraftInput{
		Title: m.Title, Summary: m.Summary, Markdown: doc.Body, Language: m.Language, Tags: m.Tags, Slug: m.Slug,
		Published: m.Published, CoverAlt: m.Cover.Alt, Policy: talk(m.Talk, old.Policy()),
	}
	if in.Details, err = a.details(ctx, name, doc, by, old); err != nil {
		return in, by, err
	}
	return in, by, a.takePictures(ctx, filepath.Dir(name), &in, m.Cover.File)
}

// talk is the policy of an article with what its file says; nil for nothing.
func talk(t markup.Talk, policy blog.ArticlePolicy) *blog.ArticlePolicy {
	if t == (markup.Talk{}) {
		return nil
	}
	policy.Comments = cmp.Or(blog.CommentPolicy(t.Comments), policy.Comments)
	policy.Web = cmp.Or(t.WebComments, policy.Web)
	policy.Quotes = cmp.Or(blog.QuotePolicy(t.Quotes), policy.Quotes)
	if t.CloseAfter != nil {
		policy.CloseDays = t.CloseAfter
	}
	return &policy
}

// author is the account of that name; uuid.Nil for none.
func (a *app) author(ctx context.Context, name string) (uuid.UUID, error) {
	if name == "" {
		return uuid.Nil, nil
	}
	account, err := a.blog.AccountByName(ctx, name)
	if errors.Is(err, blog.ErrNotFound) {
		return uuid.Nil, fmt.Errorf("there is no account %s; kabar account list shows the names", name)
	}
	return account.ID, err
}

func readSource(env environment, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(env.in, blog.MaxMarkdown+1))
	}
	return os.ReadFile(name)
}

// takePictures stores the pictures beside the text. One with another address
// is left to the reader's choice: it becomes a link.
func (a *app) takePictures(ctx context.Context, dir string, in *blog.DraftInput, cover string) error {
	rendered, err := markup.Render(in.Markdown, markup.Options{})
	if err != nil {
		return err
	}
	in.Files = map[string]string{}
	for _, image := range rendered.Images {
		if !relative(image.Src) || in.Files[image.Src] != "" {
			continue
		}
		if in.Files[image.Src], err = a.storePicture(ctx, dir, image.Src, image.Alt); err != nil {
			return err
		}
	}
	if cover == "" {
		return nil
	}
	// A cover that is named without words stands for the article as a whole.
	in.CoverAlt = cmp.Or(in.CoverAlt, in.Title)
	in.Cover, err = a.storePicture(ctx, dir, cover, in.CoverAlt)
	return err
}

func relative(src string) bool {
	return src != "" && !strings.HasPrefix(src, "/") && !strings.Contains(src, ":") && !strings.HasPrefix(src, "#")
}

func (a *app) storePicture(ctx context.Context, dir, src, description string) (string, error) {
	if strings.TrimSpace(description) == "" {
		return "", &blog.Invalid{Field: "markdown", Problem: "description-missing", Detail: src}
	}
	path, err := url.PathUnescape(src)
	if err != nil {
		path = src
	}
	b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
	if err != nil {
		return "", fmt.Errorf("picture %s: %w", src, err)
	}
	m, err := a.uploads().Add(ctx, uuid.Nil, filepath.Base(path), description, b)
	if err != nil {
		return "", fmt.Errorf("picture %s: %w", src, explain(err))
	}
	return m.Name, nil
}
