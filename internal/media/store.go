package media

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"time"
)

// Store keeps files under names that Name makes. All methods may be called at the same time.
type Store interface {
	// Put stores data. Storing the same name again changes nothing.
	Put(name string, data []byte) error
	// Open returns a stored file, or an error that is fs.ErrNotExist.
	Open(name string) (File, error)
	// Exists reports whether a name is stored.
	Exists(name string) (bool, error)
	// Delete removes a file; one that is not there is no error.
	Delete(name string) error
	// Names calls do for every stored file, until it returns an error.
	Names(do func(name string) error) error
	// Close gives back what the Store holds; no other method may be called after it.
	Close() error
}

// File is an open file of a Store.
type File interface {
	io.ReadSeekCloser
	ModTime() time.Time
}

// types are the kinds of file that are stored, by the ending of their name.
var types = map[string]string{
	".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png",
	".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg",
	".ogg": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac",
	".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf",
}

var nameForm = regexp.MustCompile(`^[0-9a-f]{64}\.(webp|jpg|png|mp4|webm|ogv|ogg|mp3|m4a|wav|flac|woff2?|ttf|otf)$`)

// Name returns the name of content: its SHA-256 in hexadecimal, and an ending that tells its kind.
func Name(data []byte, ending string) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]) + ending
}

// Holds tells whether data is what the name of a file says.
func Holds(name string, data []byte) bool {
	return nameForm.MatchString(name) && name == Name(data, path.Ext(name))
}

// ContentType returns the media type of a stored file by its name, "" if it is no name.
func ContentType(name string) string {
	if !nameForm.MatchString(name) {
		return ""
	}
	return types[path.Ext(name)]
}

// Folder is a Store in a directory. Nothing outside of the directory can be reached through it.
type Folder struct{ root *os.Root }

// OpenFolder opens a directory as a Store and makes it if it is not there.
func OpenFolder(directory string) (*Folder, error) {
	if err := os.MkdirAll(directory, 0o750); err != nil {
		return nil, fmt.Errorf("media: make folder: %w", err)
	}
	root, err := os.OpenRoot(directory)
	if err != nil {
		return nil, fmt.Errorf("media: open folder: %w", err)
	}
	return &Folder{root}, nil
}

// Close implements Store.
func (f *Folder) Close() error { return f.root.Close() }

// place returns where a name is stored: 256 directories keep each of them short.
func place(name string) (string, error) {
	if !nameForm.MatchString(name) {
		return "", ErrBadName
	}
	return name[:2] + "/" + name, nil
}

// Put implements Store. The file appears under its name when it is complete and on disk.
func (f *Folder) Put(name string, data []byte) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	if _, err := f.root.Stat(at); err == nil {
		return nil
	}
	if err := f.root.MkdirAll(name[:2], 0o750); err != nil {
		return fmt.Errorf("media: make folder: %w", err)
	}
	draft := name[:2] + "/." + rand.Text()
	if err := f.write(draft, data); err != nil {
		_ = f.root.Remove(draft) // the error that counts is the first
		return fmt.Errorf("media: store %s: %w", name, err)
	}
	if err := f.root.Rename(draft, at); err != nil {
		return fmt.Errorf("media: store %s: %w", name, err)
	}
	return nil
}

func (f *Folder) write(at string, data []byte) error {
	file, err := f.root.OpenFile(at, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// folderFile is a File on disk.
type folderFile struct {
	*os.File
	modified time.Time
}

func (f folderFile) ModTime() time.Time { return f.modified }

// Open implements Store.
func (f *Folder) Open(name string) (File, error) {
	at, err := place(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	file, err := f.root.Open(at)
	if err != nil {
		return nil, fmt.Errorf("media: open %s: %w", name, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("media: open %s: %w", name, err), file.Close())
	}
	return folderFile{file, info.ModTime()}, nil
}

// Exists implements Store.
func (f *Folder) Exists(name string) (bool, error) {
	at, err := place(name)
	if err != nil {
		return false, nil //nolint:nilerr // what cannot be a name is not stored
	}
	_, err = f.root.Stat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Names implements Store.
func (f *Folder) Names(do func(name string) error) error {
	return fs.WalkDir(f.root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !nameForm.MatchString(entry.Name()) {
			return err
		}
		return do(entry.Name())
	})
}

// Delete implements Store.
func (f *Folder) Delete(name string) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	if err := f.root.Remove(at); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("media: delete: %w", err)
	}
	return nil
}
