package httpsig

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/dunglas/httpsfv"
)

// sumOf hashes body with the algorithm of a digest header, in lower case. ok
// is false for one that is not accepted.
func sumOf(algorithm string, body []byte) (sum []byte, ok bool) {
	switch algorithm {
	case "sha-256":
		s := sha256.Sum256(body)
		return s[:], true
	case "sha-512":
		s := sha512.Sum512(body)
		return s[:], true
	}
	return nil, false
}

// digests compares what a digest header states with the body: at least one
// must be of an accepted algorithm, and all of those must be right.
type digests struct {
	body    []byte
	checked bool
}

func (d *digests) add(algorithm string, stated []byte) error {
	sum, ok := sumOf(strings.ToLower(algorithm), d.body)
	if !ok {
		return nil
	}
	if !bytes.Equal(sum, stated) {
		return refuse(ReasonDigest, algorithm+" is not that of the body")
	}
	d.checked = true
	return nil
}

func (d *digests) result() error {
	if !d.checked {
		return refuse(ReasonDigest, "no SHA-256 or SHA-512")
	}
	return nil
}

// checkDigest holds a Digest header (RFC 3230, section 4.3.2) to the body.
func checkDigest(header string, body []byte) error {
	d := digests{body: body}
	if len(header) > maxHeader {
		return refuse(ReasonMalformed, "Digest header too long")
	}
	for instance := range strings.SplitSeq(header, ",") {
		algorithm, value, _ := strings.Cut(strings.TrimSpace(instance), "=")
		stated, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return refuse(ReasonDigest, fmt.Sprintf("%q is not base64", value))
		}
		if err := d.add(algorithm, stated); err != nil {
			return err
		}
	}
	return d.result()
}

// checkContentDigest holds a Content-Digest header (RFC 9530, section 2) to
// the body.
func checkContentDigest(header []string, body []byte) error {
	dict, err := httpsfv.UnmarshalDictionary(header)
	if err != nil {
		return refuse(ReasonDigest, "Content-Digest is no dictionary")
	}
	d := digests{body: body}
	for _, algorithm := range dict.Names() {
		member, _ := dict.Get(algorithm)
		item, ok := member.(httpsfv.Item)
		if !ok {
			continue
		}
		stated, ok := item.Value.([]byte)
		if !ok {
			continue
		}
		if err := d.add(algorithm, stated); err != nil {
			return err
		}
	}
	return d.result()
}
