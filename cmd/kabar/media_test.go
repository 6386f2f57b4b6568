package main_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kabar/internal/pgtest"
	"kabar/internal/program"
	"kabar/internal/s3test"
)

// mediaOf are the pictures that a page shows.
func mediaOf(page string) (found []string) {
	for _, part := range strings.Split(page, `"`) {
		if strings.HasPrefix(part, "/-/media/") && !strings.Contains(part, " ") {
			found = append(found, part)
		}
	}
	return found
}

// TestMediaInS3 publishes a picture into a folder, moves the media to S3 and
// back, and has it in a backup of each.
func TestMediaInS3(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	illustrated(t, h)
	article := h.publish("Dengan gambar", "![Gambar](a.png)")
	if a := h.command("media", "copy", "s3"); a.Code != 2 || !strings.Contains(a.Err, "set KABAR_S3_ENDPOINT") {
		t.Errorf("without settings: %d, %s", a.Code, a.Err)
	}
	h.env = append(h.env, server.Env()...)
	type copied struct{ Copied, There int }
	first := ask[copied](h, "media", "copy", "s3")
	if again := ask[copied](h, "media", "copy", "s3"); first.Copied == 0 || again != (copied{0, first.Copied}) {
		t.Errorf("copied %v, then %v", first, again)
	}
	must(t, os.RemoveAll(filepath.Join(h.dir, "media")))

	running := h.serve()
	pictures := mediaOf(get(t, article.URL).Body)
	if len(pictures) == 0 {
		t.Fatal("the page has no picture")
	}
	bodies := map[string]string{}
	for _, p := range pictures {
		answer := get(t, h.url+p)
		if bodies[p] = answer.Body; answer.Status != 200 || answer.Body == "" {
			t.Errorf("%s: %d", p, answer.Status)
		}
	}
	before := len(server.Keys())
	var other bytes.Buffer
	must(t, png.Encode(&other, image.NewGray(image.Rect(0, 0, 50, 20))))
	h.file("b.png", other.String())
	h.publish("Dengan gambar lagi", "![Lain](b.png)")
	if len(server.Keys()) <= before {
		t.Error("a new picture did not come into the bucket")
	}
	if left, err := os.ReadDir(filepath.Join(h.dir, "media")); err == nil && len(left) > 0 {
		t.Errorf("it came into the folder: %v", left)
	}
	if a := h.command("doctor"); !strings.Contains(a.Out, "the bucket kabar at "+server.URL) {
		t.Errorf("doctor: %s", a.Out)
	}
	archive := filepath.Join(program.Folder(t), "kabar.backup")
	if made := ask[struct{ Media int }](h, "backup", archive); made.Media != len(server.Keys()) {
		t.Errorf("%d files are in the backup, and %d in the bucket", made.Media, len(server.Keys()))
	}
	running.signal(15)
	running.wait()

	second := s3test.Start(t)
	restored := newHouse(t, append([]string{"KABAR_URL=" + h.url, "KABAR_LISTEN=" + h.host, "KABAR_DATABASE_URL=" + emptyDatabase(t)}, second.Env()...)...)
	if a := restored.command("restore", archive); a.Code != 0 {
		t.Fatal(a)
	}
	if got, want := strings.Join(second.Keys(), "\n"), strings.Join(server.Keys(), "\n"); got != want {
		t.Errorf("restored are\n%s\nand not\n%s", got, want)
	}
	back := ask[copied](restored, "media", "copy", "folder")
	if back.Copied != len(server.Keys()) {
		t.Errorf("back come %v", back)
	}
	restored.env = restored.env[:len(restored.env)-len(second.Env())]
	running = restored.serve()
	for p, want := range bodies {
		if got := get(t, h.url+p); got.Status != 200 || got.Body != want {
			t.Errorf("%s: %d, and not the same bytes", p, got.Status)
		}
	}
	running.signal(15)
	running.wait()
}

// TestMediaCopyDamaged leaves out what is not what it says, and copies the rest.
func TestMediaCopyDamaged(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	h := newHouse(t, append([]string{"KABAR_DATABASE_URL=" + pgtest.URL(t)}, server.Env()...)...)
	bad := strings.Repeat("0", 64) + ".png"
	server.Set("00/"+bad, []byte("torn"))
	illustrated(t, h)
	h.publish("Dengan gambar", "![Gambar](a.png)")
	a := h.command("media", "copy", "folder")
	if a.Code != 1 || !strings.Contains(a.Err, bad+" is not what its name says") {
		t.Errorf("%d, %s", a.Code, a.Err)
	}
	files, err := filepath.Glob(filepath.Join(h.dir, "media", "*", "*"))
	must(t, err)
	if len(files) != len(server.Keys())-1 {
		t.Errorf("%d of %d files came", len(files), len(server.Keys()))
	}
}

// TestMediaStorageWrong starts with storage that refuses, which is an error,
// and with storage that is down, which passes.
func TestMediaStorageWrong(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	database := "KABAR_DATABASE_URL=" + pgtest.URL(t)
	h := newHouse(t, append([]string{database}, server.Env()...)...)
	illustrated(t, h)
	article := h.publish("Dengan gambar", "![Gambar](a.png)")
	for setting, says := range map[string]string{
		"KABAR_S3_BUCKET=nothing":   "correct KABAR_S3_BUCKET",
		"KABAR_S3_SECRET_KEY=wrong": "KABAR_S3_SECRET_KEY",
	} {
		wrong := *h
		wrong.env = append(append([]string(nil), h.env...), setting)
		if a := wrong.command("serve"); a.Code != 1 || !strings.Contains(a.Err, says) {
			t.Errorf("%s: %d, %s", setting, a.Code, a.Err)
		}
	}
	server.Fail(func(*http.Request) int { return 500 })
	running := h.serve()
	page := get(t, article.URL)
	pictures := mediaOf(page.Body)
	if page.Status != 200 || len(pictures) == 0 {
		t.Fatalf("the page: %d, %d pictures", page.Status, len(pictures))
	}
	if got := get(t, h.url+pictures[0]); got.Status != 503 {
		t.Errorf("its picture, with the storage down: %d", got.Status)
	}
	server.Fail(nil)
	if got := get(t, h.url+pictures[0]); got.Status != 200 {
		t.Errorf("its picture, with the storage up again: %d", got.Status)
	}
	running.signal(15)
	running.wait()
}
