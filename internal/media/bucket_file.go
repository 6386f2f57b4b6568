package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/minio/minio-go/v7"
)

// Open implements Store. The file is on its way already; what moves to another place in it asks again from there.
func (b *Bucket) Open(name string) (File, error) {
	at, err := place(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	f := &bucketFile{bucket: b, at: at}
	if err := f.ask(0); err != nil {
		return nil, err
	}
	return f, nil
}

// bucketFile is a File that comes over the network.
type bucketFile struct {
	bucket   *Bucket
	at       string
	size     int64
	modified time.Time
	offset   int64 // of the next Read
	body     io.ReadCloser
	came     int64 // the offset that body is at
	cancel   context.CancelFunc
}

// ask begins to read from an offset.
func (f *bucketFile) ask(offset int64) error {
	var options minio.GetObjectOptions
	if offset > 0 {
		if err := options.SetRange(offset, 0); err != nil {
			return fmt.Errorf("media: read %s: %w", f.at, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	core := minio.Core{Client: f.bucket.client}
	body, info, _, err := core.GetObject(ctx, f.bucket.name, f.at, options)
	if err != nil {
		cancel()
		return f.bucket.explain("read "+f.at, err)
	}
	if offset == 0 {
		f.size, f.modified = info.Size, info.LastModified
	}
	f.body, f.came, f.cancel = body, offset, cancel
	return nil
}

func (f *bucketFile) ModTime() time.Time { return f.modified }

// Read implements io.Reader. A server that falls silent is given up.
func (f *bucketFile) Read(p []byte) (int, error) {
	if f.offset >= f.size {
		return 0, io.EOF
	}
	if f.body == nil || f.came != f.offset {
		if err := errors.Join(f.Close(), f.ask(f.offset)); err != nil {
			return 0, err
		}
	}
	stalled := time.AfterFunc(bucketStall, f.cancel)
	n, err := f.body.Read(p)
	stalled.Stop()
	f.offset, f.came = f.offset+int64(n), f.came+int64(n)
	if errors.Is(err, io.EOF) && f.offset < f.size {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Seek implements io.Seeker and asks for nothing.
func (f *bucketFile) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += f.offset
	case io.SeekEnd:
		offset += f.size
	}
	if offset < 0 {
		return 0, fmt.Errorf("media: read %s: %w", f.at, fs.ErrInvalid)
	}
	f.offset = offset
	return offset, nil
}

// Close ends what is on its way.
func (f *bucketFile) Close() error {
	if f.body == nil {
		return nil
	}
	f.cancel()
	_ = f.body.Close() // it was only read
	f.body = nil
	return nil
}
