package postgres

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"kabar/internal/blog"
	"kabar/internal/federation"
)

// shows is a comment that came in with pictures and emoji.
func shows(by blog.Actor, a blog.Article, pictures, emojis []string) federation.NewComment {
	c := commentBy(by, a, 1)
	c.Attachments = nil
	for _, p := range pictures {
		c.Attachments = append(c.Attachments, blog.Attachment{URL: p, Type: "image/png"})
	}
	for i, e := range emojis {
		c.Emojis = append(c.Emojis, blog.Emoji{Shortcode: fmt.Sprintf("e%d", i), URL: e})
	}
	return federation.NewComment{Comment: c, Done: federation.Done{Outcome: "comment", At: at(1)}}
}

// claimed returns the addresses of the next files to copy, in order.
func claimed(t *testing.T, s *Store, after time.Duration) []string {
	t.Helper()
	found, err := s.ClaimRemoteMedia(t.Context(), time.Now().Add(after), time.Minute, 100)
	check(t, err)
	urls := []string{}
	for _, m := range found {
		urls = append(urls, m.URL)
	}
	slices.Sort(urls)
	return urls
}

// copyAll writes copies of files, named after their addresses.
func copyAll(t *testing.T, s *Store, urls ...string) {
	t.Helper()
	var done []RemoteMedia
	for _, u := range urls {
		done = append(done, RemoteMedia{ID: remoteMediaID(u), Bytes: 10, Copy: blog.RemoteFile{
			Name: u + ".webp", Type: "image/webp", Width: 3, Height: 2, Blurhash: "L", Placeholder: u + "-tiny.webp",
		}})
	}
	check(t, s.SetRemoteMedia(t.Context(), done))
}

func block(t *testing.T, s *Store, domain, severity string) {
	t.Helper()
	s.exec(t, `insert into blocks (kind, value, severity, created) values ('domain', $1, $2, now())`, domain, severity)
}

func files(t *testing.T, s *Store, urls ...string) []string {
	t.Helper()
	found, err := s.RemoteFiles(t.Context(), urls)
	check(t, err)
	names := []string{}
	for u, f := range found {
		if f.Name != u+".webp" {
			t.Errorf("%s: got %+v", u, f)
		}
		names = append(names, u)
	}
	slices.Sort(names)
	return names
}

// TestRemoteMedia follows files from a comment to the page.
func TestRemoteMedia(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, budi := talk(t, s)
	const two, one, smile = "https://m.test/1.png", "https://m.test/2.png", "https://m.test/smile.png"
	first, second := shows(ana, a, []string{one, two}, []string{smile}), shows(budi, a, []string{two}, []string{smile, smile})
	check(t, s.AddComments(t.Context(), first, second))
	check(t, s.AddComments(t.Context(), first)) // it comes twice
	differ(t, "claims", []string{one, smile}, claimed(t, s, 0))
	differ(t, "two of a server are enough", 0, len(claimed(t, s, 0)))
	heard := hear(s)
	copyAll(t, s, one, smile)
	differ(t, "pages", []string{blog.PageArticle(a.ID)}, *heard)
	differ(t, "the next", []string{two}, claimed(t, s, 0))
	differ(t, "files", []string{one, smile}, files(t, s, one, two, smile, "https://m.test/unknown"))
	found, err := s.RemoteFiles(t.Context(), []string{one})
	check(t, err)
	differ(t, "a file", blog.RemoteFile{
		Name: one + ".webp", Type: "image/webp", Width: 3, Height: 2, Blurhash: "L", Placeholder: one + "-tiny.webp",
	}, found[one])

	check(t, s.SetRemoteMedia(t.Context(), []RemoteMedia{{ID: remoteMediaID(two), Next: time.Now().Add(time.Hour)}}))
	differ(t, "before the next try", 0, len(claimed(t, s, 59*time.Minute)))
	again, err := s.ClaimRemoteMedia(t.Context(), time.Now().Add(61*time.Minute), time.Minute, 1)
	check(t, err)
	differ(t, "the next try", []RemoteMedia{{ID: remoteMediaID(two), URL: two, Tries: 1}}, again)
	check(t, s.ReleaseRemoteMedia(t.Context(), again))
	differ(t, "given back", []string{two}, claimed(t, s, 61*time.Minute))
	check(t, s.SetRemoteMedia(t.Context(), []RemoteMedia{{ID: remoteMediaID(two)}}))
	differ(t, "given up", 0, len(files(t, s, two))+len(claimed(t, s, 1000*time.Hour)))
}

// TestRemoteMediaWhenAsked fetches what readers do not see when it is looked
// at, and never what is of a blocked server.
func TestRemoteMediaWhenAsked(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	address := func(name string) string { return "https://" + name + ".test/x.png" }
	list := map[string]func(c *federation.NewComment){
		"shown": func(*federation.NewComment) {}, "spam": func(c *federation.NewComment) { c.State = blog.Spam },
		"hidden":   func(c *federation.NewComment) { c.State = blog.Hidden },
		"waiting":  func(c *federation.NewComment) { c.State = blog.Waiting },
		"private":  func(c *federation.NewComment) { c.Visibility = blog.Direct },
		"unplaced": func(c *federation.NewComment) { c.ArticleID = uuid.Nil },
		"document": func(c *federation.NewComment) { c.Attachments[0].Type = "application/pdf" },
		"x.bad":    func(*federation.NewComment) {},
	}
	var all []string
	for name, change := range list {
		c := shows(ana, a, []string{address(name)}, nil)
		c.ObjectURI = "https://" + name + ".example/1"
		change(&c)
		check(t, s.AddComments(t.Context(), c))
		all = append(all, address(name))
	}
	block(t, s, "bad.test", "block")
	differ(t, "at once", []string{address("shown"), address("waiting")}, claimed(t, s, 0))
	differ(t, "nothing yet", 0, len(files(t, s, all...)))
	differ(t, "when asked for", []string{address("hidden"), address("private"), address("spam"), address("unplaced")}, claimed(t, s, 0))
}

func TestRemoteMediaOfNamesAndReactions(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	const smile, cup = "https://m.test/smile.png", "https://m.test/cup.png"
	heard := hear(s)
	id, err := s.SaveRemoteActor(t.Context(), federation.RemoteActor{
		URI: "https://c.test/users/cici", Type: "Person", Handle: "cici", Domain: "c.test", Name: "Cici :smile:",
		Emojis: []blog.Emoji{{Shortcode: "smile", URL: smile}},
	})
	check(t, err)
	check(t, s.AddReactions(t.Context(), federation.NewReaction{
		ID: newID(), Kind: "emoji", Actor: ana.ID, Place: federation.Place{ArticleID: a.ID, ObjectURI: a.ObjectURI},
		ActivityURI: "https://a.test/r/1", Content: ":cup:", EmojiURL: cup, Done: federation.Done{At: at(1)},
	}))
	differ(t, "reaction", []string{cup}, s.column(t, `select emoji_url from reactions`))
	differ(t, "claims", []string{cup, smile}, claimed(t, s, 0))
	*heard = nil
	copyAll(t, s, cup, smile)
	want := []string{blog.PageActor(id), blog.PageArticle(a.ID)}
	slices.Sort(*heard)
	differ(t, "pages", want, *heard)

	cici, err := s.Actor(t.Context(), id)
	check(t, err)
	differ(t, "name", []blog.Emoji{{Shortcode: "smile", URL: smile}}, cici.Emojis)
	*heard = nil
	_, err = s.SaveRemoteActor(t.Context(), federation.RemoteActor{
		URI: "https://c.test/users/cici", Type: "Person", Handle: "cici", Domain: "c.test", Name: "Cici :smile:",
	})
	check(t, err)
	differ(t, "pages without the emoji", []string{blog.PageActor(id)}, *heard)
	differ(t, "uses", []string{cup}, s.column(t, `select url from remote_media join remote_media_uses on id = media_id`))
}

// TestSweepRemoteMedia removes copies, and the files that nothing refers to.
func TestSweepRemoteMedia(t *testing.T) {
	t.Parallel()
	const one, two, three, four = "https://m.test/1.png", "https://m.test/2.png", "https://m.test/3.png", "https://m.test/4.png"
	everything := MediaBounds{Bytes: 1000}
	tests := []struct {
		name  string
		in    MediaBounds
		setup func(t *testing.T, s *Store, first, second blog.Comment)
		gone  []string // of the copies
		again []string // fetched anew when asked for
	}{
		{"nothing", everything, func(*testing.T, *Store, blog.Comment, blog.Comment) {}, nil, nil},
		{"deleted comment", everything, func(t *testing.T, s *Store, first, _ blog.Comment) {
			check(t, s.DeleteObject(t.Context(), federation.Deletion{URI: first.ObjectURI}, federation.Done{At: at(9)}))
		}, []string{one}, nil},
		{"deleted author", everything, func(t *testing.T, s *Store, first, _ blog.Comment) {
			check(t, s.DeleteActor(t.Context(), first.Actor.URI, federation.Done{At: at(9)}))
		}, []string{one}, nil},
		{"edited", everything, func(t *testing.T, s *Store, first, _ blog.Comment) {
			after := federation.NewComment{Comment: first}
			after.Attachments, after.Edited = first.Attachments[1:], at(9)
			_, err := s.EditComment(t.Context(), after)
			check(t, err)
		}, []string{one}, nil},
		{"unused", MediaBounds{Bytes: 1000, Unused: time.Now().Add(-time.Hour)}, func(t *testing.T, s *Store, _, _ blog.Comment) {
			s.exec(t, `update remote_media set used = now() - interval '2 days' where url = $1`, two)
		}, []string{two}, []string{two}},
		{"over the bound", MediaBounds{Bytes: 20}, func(t *testing.T, s *Store, _, _ blog.Comment) {
			s.exec(t, `update remote_media set used = now() - interval '2 days' where url = $1`, three)
		}, []string{three}, []string{three}},
		{"blocked where they are", everything, func(t *testing.T, s *Store, _, _ blog.Comment) {
			block(t, s, "m.test", "block")
		}, []string{one, two, three}, nil},
		{"blocked who told of them", everything, func(t *testing.T, s *Store, _, _ blog.Comment) {
			block(t, s, "a.test", "block")
		}, []string{one}, nil},
		{"silenced", everything, func(t *testing.T, s *Store, _, _ blog.Comment) {
			block(t, s, "m.test", "silence")
		}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStore(t)
			a, ana, budi := talk(t, s)
			first, second := shows(ana, a, []string{one, two}, nil), shows(budi, a, []string{two, three}, nil)
			check(t, s.AddComments(t.Context(), first))
			check(t, s.AddComments(t.Context(), second, shows(budi, a, []string{four}, nil)))
			copyAll(t, s, one, two, three)
			tt.setup(t, s, first.Comment, second.Comment)
			heard := hear(s)
			removed := []string{}
			_, err := s.SweepRemoteMedia(t.Context(), tt.in, func(name string) error {
				removed = append(removed, name)
				return nil
			})
			check(t, err)
			var want []string
			for _, u := range tt.gone {
				want = append(want, u+"-tiny.webp", u+".webp")
			}
			slices.Sort(removed)
			differ(t, "removed", append([]string{}, want...), removed)
			if tt.again != nil {
				differ(t, "pages", []string{blog.PageArticle(a.ID)}, *heard)
			}
			left := slices.DeleteFunc([]string{one, two, three}, func(u string) bool { return slices.Contains(tt.gone, u) })
			differ(t, "left", left, files(t, s, one, two, three))
			differ(t, "miscounts", map[string]int{}, wrongs(t, s))
			differ(t, "again", append([]string{}, tt.again...), slices.DeleteFunc(claimed(t, s, 0), func(u string) bool { return u == four }))
		})
	}
}

// TestSweepKeepsSharedFiles: equal content has one name.
func TestSweepKeepsSharedFiles(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	const one = "https://m.test/1.png"
	for _, name := range []string{"avatar", "upload", "variant", "icon", "other"} {
		c := shows(ana, a, []string{"https://m.test/" + name}, nil)
		check(t, s.AddComments(t.Context(), c))
		check(t, s.SetRemoteMedia(t.Context(), []RemoteMedia{{
			ID: remoteMediaID("https://m.test/" + name), Copy: blog.RemoteFile{Name: name + ".webp", Placeholder: name + "-tiny.webp"},
		}}))
		check(t, s.DeleteObject(t.Context(), federation.Deletion{URI: c.ObjectURI}, federation.Done{At: at(9)}))
	}
	check(t, s.AddComments(t.Context(), shows(ana, a, []string{one}, nil)))
	check(t, s.SetRemoteMedia(t.Context(), []RemoteMedia{{ID: remoteMediaID(one), Copy: blog.RemoteFile{Name: "other.webp"}}}))
	s.exec(t, `update actors set avatar = 'avatar.webp' where handle = 'ana'`)
	check(t, s.InsertMedia(t.Context(), blog.Media{
		Name: "upload.webp", Type: "image/webp", Created: at(0), Variants: []blog.MediaVariant{{Name: "variant.webp"}},
	}))
	s.exec(t, `insert into settings (key, value) values ('t', '{"icon": "icon.webp"}')`)
	removed := []string{}
	gone, err := s.SweepRemoteMedia(t.Context(), MediaBounds{Bytes: 1000}, func(name string) error {
		removed = append(removed, name)
		return nil
	})
	check(t, err)
	slices.Sort(removed)
	differ(t, "removed", []string{
		"avatar-tiny.webp", "icon-tiny.webp", "other-tiny.webp", "upload-tiny.webp", "variant-tiny.webp",
	}, removed)
	differ(t, "gone", 5, gone)
}

// TestRemakeKeepsMedia: what is made again shows what it says now.
func TestRemakeKeepsMedia(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a, ana, _ := talk(t, s)
	c := shows(ana, a, []string{"https://m.test/1.png"}, nil)
	check(t, s.AddComments(t.Context(), c))
	list, err := s.OutdatedComments(t.Context(), 99, 10)
	check(t, err)
	again := list[0].Comment
	again.Policy, again.Type, again.Attachments = 99, "Question", []blog.Attachment{{URL: "https://m.test/2.png"}}
	again.Emojis = []blog.Emoji{{Shortcode: "x", URL: "https://m.test/x.png"}}
	check(t, s.RemakeComments(t.Context(), []blog.Comment{again}))
	got, err := s.Comment(t.Context(), c.ID)
	check(t, err)
	differ(t, "made again", []any{"Question", again.Emojis, again.Attachments}, []any{got.Type, got.Emojis, got.Attachments})
	differ(t, "uses", []string{"https://m.test/2.png", "https://m.test/x.png"}, s.column(t, `
		select url from remote_media join remote_media_uses on id = media_id order by url`))
}

// TestUseMediaAtOnce: many that show the same do not hold each other up.
func TestUseMediaAtOnce(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	results := make(chan error)
	const writers = 8
	for range writers {
		go func() {
			results <- s.tx(t.Context(), func(tx pgx.Tx) error {
				var uses []mediaUse
				for i := range 50 {
					uses = append(uses, mediaUse{newID(), fmt.Sprintf("https://m.test/%d", i), "a.test", true, true})
				}
				return useMedia(t.Context(), tx, uses)
			})
		}()
	}
	for range writers {
		check(t, <-results)
	}
	differ(t, "files and uses", []string{"50 400"}, s.column(t, `
		select (select count(*) from remote_media) || ' ' || (select count(*) from remote_media_uses)`))
}
