package backup

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func manifest() Manifest {
	return Manifest{
		Format: Format, Version: "1.2.3", Schema: 21, Origin: "https://blog.example", Made: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
		Tables: []Table{{"articles", []string{"id", "title"}}, {"empty", []string{"id"}}}, Sequences: map[string]int64{"inbound_id_seq": 7},
	}
}

// rows are more than one part of an archive holds.
var rows = strings.Repeat("0123456789\tabc\n", partSize/10)

func archive(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, manifest())
	check(t, err)
	check(t, w.Table("articles", func(w io.Writer) (int64, error) {
		_, err := io.Copy(w, strings.NewReader(rows))
		return 419430, err
	}))
	check(t, w.Table("empty", func(io.Writer) (int64, error) { return 0, nil }))
	check(t, w.Media("aa.webp", 5, strings.NewReader("image")))
	check(t, w.Secret([]byte("the key")))
	_, err = w.Close()
	check(t, err)
	return out.Bytes()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestArchive gives back what was written.
func TestArchive(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	keep := func(name string, r io.Reader) error {
		raw, err := io.ReadAll(r)
		got[name] = string(raw)
		return err
	}
	var sums Sums
	m, err := Read(bytes.NewReader(archive(t)), Visitor{
		Table:  keep,
		Media:  func(name string, _ int64, r io.Reader) error { return keep("media "+name, r) },
		Secret: func(text []byte) error { return keep("secret", bytes.NewReader(text)) },
		Sums:   func(s Sums) error { sums = s; return nil },
	})
	check(t, err)
	if diff := cmp.Diff(manifest(), m); diff != "" {
		t.Errorf("manifest: %s", diff)
	}
	want := map[string]string{"articles": rows, "media aa.webp": "image", "secret": "the key"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries differ: %d bytes of articles", len(got["articles"]))
	}
	if sums.Media() != 1 || sums.Rows["articles"] != 419430 || len(sums.Entries) != 4 {
		t.Errorf("sums: %d entries, %v", len(sums.Entries), sums.Rows)
	}
}

// TestDamaged takes no archive that is not whole.
func TestDamaged(t *testing.T) {
	t.Parallel()
	whole := archive(t)
	if _, _, err := Check(bytes.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 1
	tests := []struct {
		name string
		in   []byte
		want error
	}{
		{"nothing", nil, ErrNone},
		{"something else", []byte("-- PostgreSQL database dump"), ErrNone},
		{"cut in the middle", whole[:len(whole)/2], ErrDamaged},
		{"without its end", whole[:len(whole)-20], ErrDamaged},
		{"one bit", flipped, ErrDamaged},
		{"more than one", append(bytes.Clone(whole), whole...), nil},
	}
	for _, tt := range tests {
		_, _, err := Check(bytes.NewReader(tt.in))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

// TestVisitorFails ends the reading with the visitor's error.
func TestVisitorFails(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	for name, v := range map[string]Visitor{
		"manifest": {Manifest: func(Manifest) error { return full }},
		"table":    {Table: func(string, io.Reader) error { return full }},
		"half":     {Table: func(_ string, r io.Reader) error { _, _ = io.CopyN(io.Discard, r, 100); return full }},
		"media":    {Media: func(string, int64, io.Reader) error { return full }},
		"sums":     {Sums: func(Sums) error { return full }},
	} {
		if _, err := Read(bytes.NewReader(archive(t)), v); !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzRead takes what it wrote, and nothing else as whole.
func FuzzRead(f *testing.F) {
	var out bytes.Buffer
	w, err := NewWriter(&out, manifest())
	check(f, err)
	check(f, w.Media("aa.webp", 5, strings.NewReader("image")))
	_, err = w.Close()
	check(f, err)
	f.Add(out.Bytes())
	f.Add([]byte("\x28\xb5\x2f\xfd"))
	f.Fuzz(func(t *testing.T, in []byte) {
		_, sums, err := Check(bytes.NewReader(in))
		if err == nil && len(sums.Entries) == 0 {
			t.Error("an archive of nothing is whole")
		}
	})
}
