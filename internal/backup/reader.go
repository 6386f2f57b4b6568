package backup

import (
	"archive/tar"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// documentSize bounds the documents in an archive.
const documentSize = 64 << 20

// Check reads an archive to its end and compares every entry with its sum.
// Errors: ErrNone, ErrNewer, ErrDamaged, and those of r.
func Check(r io.Reader) (Manifest, Sums, error) {
	var found Sums
	m, err := Read(r, Visitor{Sums: func(s Sums) error { found = s; return nil }})
	return m, found, err
}

// Visitor is told what is in an archive, in the order of its entries; nil
// functions pass over it.
type Visitor struct {
	Manifest func(Manifest) error
	// Table gets all of a table; r ends with it.
	Table  func(name string, r io.Reader) error
	Media  func(name string, size int64, r io.Reader) error
	Secret func(text []byte) error
	// Sums comes last, when all of it was compared.
	Sums func(Sums) error
}

// Read visits an archive. What a Visitor made of it is worth something only if
// no error is returned.
func Read(r io.Reader, v Visitor) (Manifest, error) {
	decompressor, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
	if err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNone, err)
	}
	defer decompressor.Close()
	a := &reader{tar: tar.NewReader(decompressor), visitor: v, sums: map[string]string{}}
	if err := a.begin(); err != nil {
		return Manifest{}, err
	}
	for a.header != nil && a.header.Name != sumsName {
		if err := a.visit(); err != nil {
			return a.manifest, err
		}
	}
	return a.manifest, a.end()
}

// reader stands before an entry, which it has the header of.
type reader struct {
	tar      *tar.Reader
	visitor  Visitor
	manifest Manifest
	sums     map[string]string
	header   *tar.Header // nil at the end
}

func (a *reader) next() error {
	header, err := a.tar.Next()
	if errors.Is(err, io.EOF) {
		a.header = nil
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if _, twice := a.sums[header.Name]; twice || header.Typeflag != tar.TypeReg {
		return fmt.Errorf("%w: %q", ErrDamaged, header.Name)
	}
	a.header = header
	return nil
}

func (a *reader) begin() error {
	if err := a.next(); err != nil || a.header == nil || a.header.Name != manifestName {
		return errors.Join(ErrNone, err)
	}
	if err := a.document(&a.manifest); err != nil {
		return errors.Join(ErrNone, err)
	}
	if a.manifest.Format > Format {
		return ErrNewer
	}
	if a.visitor.Manifest != nil {
		if err := a.visitor.Manifest(a.manifest); err != nil {
			return err
		}
	}
	return nil
}

// document reads the entry as JSON and goes on to the next.
func (a *reader) document(v any) error {
	if a.header.Size > documentSize {
		return fmt.Errorf("%w: %s is too large", ErrDamaged, a.header.Name)
	}
	raw, err := a.all()
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// all reads the entry and goes on to the next.
func (a *reader) all() (raw []byte, err error) {
	err = a.pass(func(r io.Reader) error {
		raw, err = io.ReadAll(r)
		return err
	})
	return raw, err
}

// pass gives the entry to do, notes its sum with what do has left, and goes on
// to the next.
func (a *reader) pass(do func(io.Reader) error) error {
	sum := sha256.New()
	entry := &damage{io.TeeReader(a.tar, sum)}
	if err := do(entry); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, entry); err != nil {
		return err
	}
	a.sums[a.header.Name] = hex.EncodeToString(sum.Sum(nil))
	return a.next()
}

// damage marks what cannot be read.
type damage struct{ io.Reader }

// Read implements io.Reader.
func (d *damage) Read(p []byte) (int, error) {
	n, err := d.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return n, err
}

func (a *reader) visit() error {
	name := a.header.Name
	if table, ok := tableName(name); ok {
		return a.table(table)
	}
	if file, ok := mediaName(name); ok && a.visitor.Media != nil {
		size := a.header.Size
		return a.pass(func(r io.Reader) error { return a.visitor.Media(file, size, r) })
	}
	if name == secretName && a.visitor.Secret != nil && a.header.Size < documentSize {
		raw, err := a.all()
		if err != nil {
			return err
		}
		return a.visitor.Secret(raw)
	}
	return a.pass(func(io.Reader) error { return nil })
}

// tableName is the table that an entry is a part of.
func tableName(entry string) (table string, ok bool) {
	rest, ok := strings.CutPrefix(entry, databasePath)
	table, _, parts := strings.Cut(rest, "/")
	return table, ok && parts
}

func mediaName(entry string) (name string, ok bool) { return strings.CutPrefix(entry, mediaPath) }

// table visits the parts of a table, which stand one after the other.
func (a *reader) table(name string) error {
	if a.visitor.Table == nil {
		return a.pass(func(io.Reader) error { return nil })
	}
	all, into := io.Pipe()
	read := make(chan error, 1)
	go func() {
		err := a.visitor.Table(name, all)
		_ = all.CloseWithError(cmp.Or(err, io.ErrClosedPipe)) // never fails; who writes stops
		read <- err
	}()
	err := a.parts(name, into)
	_ = into.CloseWithError(err) // never fails
	if taken := <-read; taken != nil {
		return taken
	}
	return err
}

func (a *reader) parts(table string, into io.Writer) error {
	for a.header != nil {
		if name, ok := tableName(a.header.Name); !ok || name != table {
			return nil
		}
		if err := a.pass(func(r io.Reader) error { _, err := io.Copy(into, r); return err }); err != nil {
			return err
		}
	}
	return nil
}

// end compares what was read with the last entry.
func (a *reader) end() error {
	if a.header == nil {
		return fmt.Errorf("%w: it was cut short", ErrDamaged)
	}
	read := maps.Clone(a.sums)
	var sums Sums
	if err := a.document(&sums); err != nil {
		return err
	}
	if a.header != nil {
		return fmt.Errorf("%w: something follows its end", ErrDamaged)
	}
	if !maps.Equal(read, sums.Entries) {
		return fmt.Errorf("%w: it is not what was written", ErrDamaged)
	}
	if a.visitor.Sums != nil {
		return a.visitor.Sums(sums)
	}
	return nil
}
