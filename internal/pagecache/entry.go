package pagecache

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// entry is a page ready to be sent in two forms.
type entry struct {
	status      int
	tag         string // entity tag without quotes and form
	plain, gzip form
	read        uint64 // count of invalidations before the data was read
	tags        []*tag
}

// form is one encoding of a page. Its header values are shared by all answers:
// their slices are full, so that a later Add copies them.
type form struct {
	header http.Header
	body   []byte
}

func (e *entry) size() int { return len(e.plain.body) + len(e.gzip.body) + 2048 }

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func prepare(p Page) (*entry, error) {
	sum := sha256.Sum256(p.Body)
	e := &entry{status: p.Status, tag: hex.EncodeToString(sum[:12])}
	if e.status == 0 {
		e.status = http.StatusOK
	}
	packed, err := compress(p.Body)
	if err != nil {
		return nil, err
	}
	e.plain = newForm(p, p.Body, e.tag)
	e.gzip = newForm(p, packed, e.tag+"-gz")
	e.gzip.header["Content-Encoding"] = []string{"gzip"}
	return e, nil
}

func compress(body []byte) ([]byte, error) {
	w := compressors.Get().(*gzip.Writer)
	defer compressors.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(body); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return slices.Clip(b.Bytes()), nil
}

// newForm makes the headers of one encoding. Each has a strong entity tag of
// its own (RFC 9110, section 8.8.3.3).
func newForm(p Page, body []byte, tag string) form {
	h := http.Header{
		"Content-Type":  {"text/html; charset=utf-8"},
		"Cache-Control": {"no-cache"},
		"Vary":          {"Accept, Accept-Encoding, Accept-Language, Cookie"},
	}
	for name, values := range p.Header {
		h[name] = slices.Clip(slices.Clone(values))
	}
	h["Etag"] = []string{`"` + tag + `"`}
	h["Content-Length"] = []string{strconv.Itoa(len(body))}
	return form{h, body}
}

func (e *entry) write(w http.ResponseWriter, r *http.Request) {
	f := &e.plain
	if AcceptsGzip(r.Header) {
		f = &e.gzip
	}
	maps.Copy(w.Header(), f.header)
	if e.status == http.StatusOK && e.known(r.Header) {
		for _, name := range []string{"Content-Length", "Content-Type", "Content-Encoding"} {
			delete(w.Header(), name)
		}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(e.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.body) // the reader has gone; nobody is left to tell
	}
}

// known reports whether the reader has this page in either form: the
// comparison is weak (RFC 9110, section 13.1.2).
func (e *entry) known(h http.Header) bool {
	for _, line := range h["If-None-Match"] {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
			if tag == "*" || strings.TrimSuffix(tag, "-gz") == e.tag {
				return true
			}
		}
	}
	return false
}

// AcceptsGzip reports whether gzip may be sent in answer to a request with these
// headers; q=0 refuses it (RFC 9110, section 12.5.3).
func AcceptsGzip(h http.Header) bool {
	for _, line := range h["Accept-Encoding"] {
		for part := range strings.SplitSeq(line, ",") {
			coding, q, weighted := strings.Cut(strings.TrimSpace(part), ";")
			if coding = strings.TrimSpace(coding); coding != "gzip" && coding != "*" {
				continue
			}
			weight, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(q), "q="), 64)
			return !weighted || (err == nil && weight > 0)
		}
	}
	return false
}
