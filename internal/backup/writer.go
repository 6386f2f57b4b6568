package backup

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/klauspost/compress/zstd"
)

// partSize is how much of a table is in one entry: tar wants to know sizes
// before, and nothing here is held in memory whole.
const partSize = 4 << 20

// Writer writes an archive; make it with NewWriter. It is for one goroutine.
type Writer struct {
	tar  *tar.Writer
	zstd *zstd.Encoder
	sums Sums
	made time.Time
}

// NewWriter begins an archive with its manifest, in which Format is set.
func NewWriter(w io.Writer, m Manifest) (*Writer, error) {
	compressor, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	a := &Writer{
		tar: tar.NewWriter(compressor), zstd: compressor, made: m.Made,
		sums: Sums{Entries: map[string]string{}, Rows: map[string]int64{}},
	}
	m.Format = Format
	return a, a.document(manifestName, m)
}

func (a *Writer) document(name string, v any) error {
	raw, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		return err
	}
	return a.entry(name, int64(len(raw)), bytes.NewReader(raw))
}

func (a *Writer) entry(name string, size int64, r io.Reader) error {
	header := &tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: a.made, Format: tar.FormatPAX}
	if err := a.tar.WriteHeader(header); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	sum := sha256.New()
	if _, err := io.CopyN(io.MultiWriter(a.tar, sum), r, size); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	a.sums.Entries[name] = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// Table writes what copy gives, which returns the number of rows.
func (a *Writer) Table(name string, copy func(io.Writer) (rows int64, err error)) error {
	parts := &parts{archive: a, table: name}
	rows, err := copy(parts)
	if err == nil {
		err = parts.flush()
	}
	if err != nil {
		return fmt.Errorf("table %s: %w", name, err)
	}
	a.sums.Rows[name] = rows
	return nil
}

// parts cuts what is written into entries.
type parts struct {
	archive *Writer
	table   string
	number  int
	held    bytes.Buffer
}

// Write implements io.Writer.
func (p *parts) Write(data []byte) (int, error) {
	p.held.Write(data)
	if p.held.Len() < partSize {
		return len(data), nil
	}
	return len(data), p.flush()
}

func (p *parts) flush() error {
	if p.held.Len() == 0 {
		return nil
	}
	p.number++
	name := fmt.Sprintf("%s%s/%06d", databasePath, p.table, p.number)
	err := p.archive.entry(name, int64(p.held.Len()), &p.held)
	p.held.Reset()
	return err
}

// Media writes a file of the media store.
func (a *Writer) Media(name string, size int64, r io.Reader) error {
	return a.entry(mediaPath+name, size, r)
}

// Secret writes the file of the secret key.
func (a *Writer) Secret(text []byte) error {
	return a.entry(secretName, int64(len(text)), bytes.NewReader(text))
}

// Close ends the archive and returns what is in it. Without it the archive is
// not whole.
func (a *Writer) Close() (Sums, error) {
	if err := a.document(sumsName, a.sums); err != nil {
		return a.sums, err
	}
	if err := a.tar.Close(); err != nil {
		return a.sums, err
	}
	return a.sums, a.zstd.Close()
}
