package main_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kabar/activitypub/aptest"
	"kabar/internal/pgtest"
	"kabar/internal/program"
)

// illustrated puts a small picture into the house.
func illustrated(t *testing.T, h *house) {
	t.Helper()
	var out bytes.Buffer
	must(t, png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))))
	h.file("a.png", out.String())
}

// TestBackup backs a blog up while it is written to, loses all of it, and has it
// again: pages, pictures, accounts, keys, followers, and what waited to be done.
func TestBackup(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if a := h.commandIn("rahasia-sekali-42", "account", "create", "ratri", "--email", "ratri@kabar.test", "--role", "owner", "--password-file", "-"); a.Code != 0 {
		t.Fatal(a)
	}
	running := h.serve()
	server := follower(t, h)
	illustrated(t, h)
	article := h.publish("Dengan gambar", "![Gambar](a.png)")
	_, err := server.Wait(t.Context(), aptest.About("Create", article.ID))
	must(t, err)
	_, err = server.Person("bob").Reply(t.Context(), article.ID, "Jawaban pertama")
	must(t, err)
	eventually(t, "the reply stands", func() bool { return strings.Contains(get(t, article.URL).Body, "Jawaban pertama") })

	var writing sync.WaitGroup
	writing.Go(func() {
		for i := range 20 {
			if _, err := server.Person("bob").Reply(t.Context(), article.ID, fmt.Sprint("Jawaban ", i)); err != nil {
				t.Error(err)
			}
		}
	})
	archive := filepath.Join(program.Folder(t), "kabar.backup")
	made := ask[struct{ Rows, Media int }](h, "backup", archive)
	writing.Wait()
	if made.Rows < 20 || made.Media < 1 {
		t.Errorf("it says that there are %d rows and %d files", made.Rows, made.Media)
	}
	running.signal(15)
	running.wait()
	refusals(t, h, archive)

	must(t, os.RemoveAll(h.dir))
	must(t, os.MkdirAll(h.dir, 0o755))
	if a := h.command("restore", archive); a.Code != 0 {
		t.Fatal(a)
	}
	if a := h.command("doctor", "--recount"); !strings.Contains(a.Out, "all that is counted agrees, and nothing is lost") {
		t.Errorf("what is counted: %s", a.Out)
	}
	h.serve()
	page := get(t, article.URL)
	if !strings.Contains(page.Body, "Jawaban pertama") {
		t.Error("the reply is not there")
	}
	for _, picture := range mediaOf(page.Body) {
		if got := get(t, h.url+picture); got.Status != 200 {
			t.Errorf("%s: %d", picture, got.Status)
		}
	}
	signIn(t, h.url, "rahasia-sekali-42")
	after := h.publish("Sesudahnya", "Isi.")
	if _, err := server.Wait(t.Context(), aptest.About("Create", after.ID)); err != nil {
		t.Error(err)
	}
}

// refusals are what must not go on, and changes nothing.
func refusals(t *testing.T, h *house, archive string) {
	t.Helper()
	whole, err := os.ReadFile(archive)
	must(t, err)
	if info, err := os.Stat(archive); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %s, %v", info.Mode(), err)
	}
	cut := filepath.Join(filepath.Dir(archive), "cut.backup")
	must(t, os.WriteFile(cut, whole[:len(whole)-100], 0o600))
	fresh := newHouse(t, "KABAR_URL="+h.url)
	for _, tt := range []struct {
		name string
		h    *house
		args []string
		says string
	}{
		{"it is there", h, []string{"backup", archive}, "--force"},
		{"nowhere to write", h, []string{"backup", "/nonexistent/kabar.backup"}, "no such file"},
		{"a blog is there", h, []string{"restore", archive}, "restored into nothing"},
		{"cut short", fresh, []string{"restore", cut}, "damaged"},
		{"no backup", fresh, []string{"restore", "/etc/passwd"}, "no backup of Kabar"},
		{"none", fresh, []string{"restore", "/nonexistent"}, "no such file"},
		{"another address", newHouse(t), []string{"restore", archive}, "set KABAR_URL=" + h.url},
		{"another key", newHouse(t, "KABAR_URL="+h.url, "KABAR_SECRET_KEY="+h.command("secret", "new").Out), []string{"restore", archive}, "which is not the one here"},
	} {
		if a := tt.h.command(tt.args...); a.Code != 1 || !strings.Contains(a.Err, tt.says) {
			t.Errorf("%s: %d, %s", tt.name, a.Code, a.Err)
		}
	}
	if a := fresh.command("restore", "--check", archive); a.Code != 0 || !strings.Contains(a.Out, "is whole") {
		t.Errorf("check: %v", a)
	}
	if left, err := os.ReadDir(filepath.Join(fresh.dir)); err != nil || len(left) > 0 {
		t.Errorf("what was refused has left %v, %v", left, err)
	}
	if a := h.command("backup", "--force", archive); a.Code != 0 {
		t.Errorf("again: %v", a)
	}
	must(t, os.WriteFile(archive, whole, 0o600))
}

// TestBackupElsewhere takes a backup through standard output, from a named
// database into another.
func TestBackupElsewhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "KABAR_DATABASE_URL="+pgtest.URL(t))
	article := h.publish("Satu", "Isi.")
	archive := h.command("backup", "-")
	if archive.Code != 0 {
		t.Fatal(archive.Err)
	}
	other := newHouse(t, "KABAR_DATABASE_URL="+emptyDatabase(t), "KABAR_URL="+h.url)
	file := filepath.Join(program.Folder(t), "kabar.backup")
	must(t, os.WriteFile(file, []byte(archive.Out), 0o600))
	for _, spoil := range []bool{true, false} { // a restore that fails may be done again
		data := []byte(archive.Out)
		if spoil {
			must(t, os.WriteFile(filepath.Join(other.dir, "media"), nil, 0o600)) // no folder can be there
		} else {
			must(t, os.Remove(filepath.Join(other.dir, "media")))
		}
		must(t, os.WriteFile(file, data, 0o600))
		if a := other.command("restore", file); (a.Code == 0) == spoil {
			t.Fatalf("spoilt %t: %v", spoil, a)
		}
	}
	type entry struct{ URL, Title string }
	if got := ask[[]entry](other, "article", "list"); len(got) != 1 || got[0].URL != article.URL {
		t.Errorf("there is %v", got)
	}
}
