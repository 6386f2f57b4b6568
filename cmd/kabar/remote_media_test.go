package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub/aptest"
	"kabar/internal/blog"
	"kabar/internal/pgtest"
	"kabar/internal/postgres"
)

func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i) | 0xC0
	}
	img.Set(0, 0, color.Black)
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return b.Bytes()
}

// endless is an animation of many frames, each larger than the file.
func endless(t *testing.T) []byte {
	t.Helper()
	film := &gif.GIF{LoopCount: 0}
	for range 500 {
		film.Image = append(film.Image, image.NewPaletted(image.Rect(0, 0, 400, 300), color.Palette{color.White, color.Black}))
		film.Delay = append(film.Delay, 1)
	}
	var b bytes.Buffer
	must(t, gif.EncodeAll(&b, film))
	return b.Bytes()
}

// gallery is a note with files of its author's server.
func gallery(who *aptest.Person, parent string, files map[string]string) aptest.Note {
	var attached []any
	for path, kind := range files {
		attached = append(attached, aptest.Doc{"type": "Document", "mediaType": kind, "url": who.Server().URL() + path, "name": "Foto"})
	}
	return aptest.Note{InReplyTo: parent, Content: "Lihat :kopi:", Extra: aptest.Doc{"attachment": attached, "tag": []any{aptest.Doc{
		"type": "Emoji", "name": ":kopi:", "icon": aptest.Doc{"type": "Image", "url": who.Server().URL() + "/kopi.png"},
	}}}}
}

// TestRemoteMedia: what a reply brings along is copied and served by the blog,
// whatever else its server and others send.
func TestRemoteMedia(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+database)
	h.serve()
	article := h.publish("Kopi", "Isi.")
	store, err := postgres.Open(t.Context(), database)
	must(t, err)
	t.Cleanup(store.Close)
	c := newCrowd(t, h)
	mika, slow := c.people[0], c.people[1]

	// A server that drips holds up nobody but itself.
	drips := map[string]string{}
	for i := range 4 {
		path := fmt.Sprintf("/drip/%d.png", i)
		drips[path] = "image/png"
		slow.Server().Misbehave(aptest.Behaviour{Path: path, Body: picture(t, 50, 50), Drip: time.Hour})
	}
	_, err = slow.Post(t.Context(), gallery(slow, article.ID, drips))
	must(t, err)

	film := "\x00\x00\x00\x14ftypisom\x00\x00\x00\x00isom" + strings.Repeat("film", 100)
	server := mika.Server()
	want := map[string]string{}
	for _, f := range []struct {
		path, told string
		body       []byte
		kept       string // media type and size of the copy; "" = none
	}{
		{"/a.png", "image/png", picture(t, 1200, 600), "image/webp 800x400"},
		{"/endless.gif", "image/gif", endless(t), "image/webp 400x300"},
		{"/film.mp4", "video/mp4", []byte(film), "video/mp4 0x0"},
		{"/wrong.png", "text/html", picture(t, 40, 30), "image/webp 40x30"},
		{"/page.png", "image/png", []byte("<!doctype html><script>alert(1)</script>"), ""},
		{"/drawing.svg", "image/svg+xml", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), ""},
		{"/kopi.png", "image/png", picture(t, 128, 128), "image/webp 64x64"},
	} {
		address := server.Serve(f.path, f.told, f.body)
		want[address] = f.kept
	}
	server.Misbehave(aptest.Behaviour{Path: "/secret.png", Status: 302, Location: h.url + "/livez"})
	server.Misbehave(aptest.Behaviour{Path: "/large.png", Size: 64 << 20})
	note := gallery(mika, article.ID, map[string]string{
		"/a.png": "image/png", "/endless.gif": "image/gif", "/film.mp4": "video/mp4", "/wrong.png": "image/png",
		"/page.png": "image/png", "/drawing.svg": "image/svg+xml", "/secret.png": "image/png", "/large.png": "image/png",
	})
	_, err = mika.Post(t.Context(), note)
	must(t, err)
	want[server.URL()+"/secret.png"], want[server.URL()+"/large.png"] = "", ""
	addresses := []string{}
	for address := range want {
		addresses = append(addresses, address)
	}
	pending := func() (n int) {
		must(t, store.Pool().QueryRow(t.Context(), `
			select count(*) from remote_media where url = any ($1) and (next_at is not null or name = '' and tries = 0)`, addresses).Scan(&n))
		return n
	}
	eventually(t, "the files are noted", func() bool {
		var n int
		must(t, store.Pool().QueryRow(t.Context(), `select count(*) from remote_media where url = any ($1)`, addresses).Scan(&n))
		return n == len(addresses)
	})
	eventually(t, "every file is copied or given up", func() bool { return pending() == 0 })

	files, err := store.RemoteFiles(t.Context(), addresses)
	must(t, err)
	for address, kept := range want {
		got := ""
		if f, ok := files[address]; ok {
			got = fmt.Sprintf("%s %dx%d", f.Type, f.Width, f.Height)
		}
		if diff := cmp.Diff(kept, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", address, diff)
		}
	}
	a := files[server.URL()+"/a.png"]
	for _, name := range []string{a.Name, a.Placeholder} {
		p := get(t, h.url+blog.MediaPath+name)
		if p.Status != http.StatusOK || p.Header.Get("Content-Type") != "image/webp" {
			t.Errorf("%s: %d %s", name, p.Status, p.Header.Get("Content-Type"))
		}
	}
	wantPart(t, h.url+blog.MediaPath+files[server.URL()+"/film.mp4"].Name)
}

// wantPart asks for a part of a film, as players do.
func wantPart(t *testing.T, address string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	must(t, err)
	r.Header.Set("Range", "bytes=4-7")
	res, err := http.DefaultClient.Do(r)
	must(t, err)
	defer res.Body.Close()
	var b bytes.Buffer
	_, err = b.ReadFrom(res.Body)
	must(t, err)
	got := []any{
		res.StatusCode, b.String(), res.Header.Get("Content-Type"), res.Header.Get("X-Content-Type-Options"),
		res.Header.Get("Content-Security-Policy"),
	}
	if diff := cmp.Diff([]any{206, "ftyp", "video/mp4", "nosniff", "default-src 'none'; sandbox"}, got); diff != "" {
		t.Errorf("part of a film (-want +got):\n%s", diff)
	}
}
