// Package backup is the archive that kabar backup writes: a tar file,
// compressed by zstd, with the database of one moment and all media.
//
//	manifest.json            what it is of, and the tables with their columns
//	database/TABLE/000001    what PostgreSQL's COPY writes in text format, in parts
//	media/NAME               files of the media store
//	secret.key               the key of the private keys, if Kabar made it itself
//	sums.json                the SHA-256 of every entry before it, and the rows of every table
//
// The last entry makes it whole: an archive that was cut short has none.
package backup

import (
	"errors"
	"time"
)

// Format is the version of the archive's form.
const Format = 1

// Names of entries.
const (
	manifestName = "manifest.json"
	sumsName     = "sums.json"
	databasePath = "database/"
	mediaPath    = "media/"
	secretName   = "secret.key"
)

var (
	// ErrDamaged is the error for an archive that is not as it was written.
	ErrDamaged = errors.New("the archive is damaged")
	// ErrNone is the error for a file that is no archive of Kabar.
	ErrNone = errors.New("this is no backup of Kabar")
	// ErrNewer is the error for an archive of a later form.
	ErrNewer = errors.New("the backup was made by a newer Kabar: restore it with that version")
)

// Manifest says what an archive is of.
type Manifest struct {
	Format    int              `json:"format"`
	Version   string           `json:"version"` // of the program
	Schema    int64            `json:"schema"`  // number of the last migration
	Origin    string           `json:"origin"`
	SecretKey string           `json:"secret_key"` // id of the key that private keys are sealed with
	Made      time.Time        `json:"made"`
	Tables    []Table          `json:"tables"`
	Sequences map[string]int64 `json:"sequences"` // last values
}

// Table is a table with the columns that are in the archive, in their order.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

// Sums are what was written.
type Sums struct {
	Entries map[string]string `json:"entries"` // SHA-256 in hexadecimal, by name
	Rows    map[string]int64  `json:"rows"`    // by table
}

// Media is how many files of the media store there are.
func (s Sums) Media() (n int) {
	for name := range s.Entries {
		if _, ok := mediaName(name); ok {
			n++
		}
	}
	return n
}
