// Package s3test is storage that speaks S3, for tests: buckets and objects in
// memory, over real HTTP, with every signature and every hash checked as the
// real ones do.
package s3test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What requests must be signed with.
const (
	Bucket    = "kabar"
	Region    = "us-east-1"
	AccessKey = "s3test"
	SecretKey = "s3test/secret+key" //nolint:gosec // of this package alone
)

// pageSize is small, so that lists have several pages.
const pageSize = 3

// Server is running storage with one bucket.
type Server struct {
	URL string

	mu      sync.Mutex
	objects map[string]object
	wrong   func(*http.Request) int
	asked   []string
}

type object struct {
	data     []byte
	kind     string
	modified time.Time
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{objects: map[string]object{}}
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Env are the settings of Kabar for this server.
func (s *Server) Env() []string {
	return []string{
		"KABAR_S3_ENDPOINT=" + s.URL, "KABAR_S3_BUCKET=" + Bucket, "KABAR_S3_REGION=" + Region,
		"KABAR_S3_ACCESS_KEY=" + AccessKey, "KABAR_S3_SECRET_KEY=" + SecretKey,
	}
}

// Fail answers requests for which do returns a status with that, and those for
// which it returns -1 by closing the connection. nil ends it.
func (s *Server) Fail(do func(*http.Request) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wrong = do
}

// Keys are the keys of all objects in the bucket, sorted.
func (s *Server) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.objects))
}

// Set puts an object into the bucket, past the protocol.
func (s *Server) Set(key string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.objects[key] = object{data, "application/octet-stream", time.Now()}
}

// Type is the content type of an object, "" if there is none.
func (s *Server) Type(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.objects[key].kind
}

// Asked are the method and path of all requests since it was last called.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	wrong := 0
	if s.wrong != nil {
		wrong = s.wrong(r)
	}
	s.asked = append(s.asked, r.Method+" "+r.URL.Path)
	s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil || wrong < 0:
		panic(http.ErrAbortHandler)
	case wrong > 0:
		refuse(w, wrong, "InternalError")
		return
	}
	if code := checkSignature(r, body); code != "" {
		refuse(w, http.StatusForbidden, code)
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case bucket != Bucket:
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case key == "":
		s.list(w, r)
	default:
		s.object(w, r, key, body)
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code)
}

func (s *Server) object(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, there := s.objects[key]
	switch r.Method {
	case http.MethodPut:
		s.objects[key] = object{body, r.Header.Get("Content-Type"), time.Now()}
		w.Header().Set("ETag", etag(body))
	case http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case http.MethodGet, http.MethodHead:
		if !there {
			refuse(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("Content-Type", o.kind)
		w.Header().Set("ETag", etag(o.data))
		http.ServeContent(w, r, "", o.modified, strings.NewReader(string(o.data)))
	default:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
	}
}

func etag(data []byte) string { return fmt.Sprintf("%q", hash(data)[:32]) }

type listed struct {
	Key          string
	LastModified string
	Size         int
	ETag         string
}

// list answers ListObjectsV2, in pages.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	answer := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
		Contents              []listed
	}{}
	after := r.URL.Query().Get("continuation-token")
	for _, key := range s.Keys() {
		if key <= after {
			continue
		}
		if len(answer.Contents) == pageSize {
			answer.IsTruncated, answer.NextContinuationToken = true, answer.Contents[pageSize-1].Key
			break
		}
		s.mu.Lock()
		o := s.objects[key]
		s.mu.Unlock()
		answer.Contents = append(answer.Contents, listed{key, o.modified.UTC().Format(time.RFC3339), len(o.data), etag(o.data)})
	}
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(answer); err != nil {
		panic(err)
	}
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// checkSignature returns what is wrong with a request's AWS4-HMAC-SHA256
// signature, as a code of S3; "" if nothing is. The hash of the body must be
// signed.
func checkSignature(r *http.Request, body []byte) string {
	fields, found := strings.CutPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
	if !found {
		return "AccessDenied"
	}
	parts := map[string]string{}
	for field := range strings.SplitSeq(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		parts[name] = value
	}
	sent := r.Header.Get("X-Amz-Date")
	at, err := time.Parse("20060102T150405Z", sent)
	if err != nil || time.Since(at).Abs() > 15*time.Minute {
		return "RequestTimeTooSkewed"
	}
	scope := strings.Join([]string{sent[:8], Region, "s3", "aws4_request"}, "/")
	if parts["Credential"] != AccessKey+"/"+scope {
		return "InvalidAccessKeyId"
	}
	if r.Header.Get("X-Amz-Content-Sha256") != hash(body) {
		return "XAmzContentSHA256Mismatch"
	}
	key := mac(mac(mac(mac([]byte("AWS4"+SecretKey), sent[:8]), Region), "s3"), "aws4_request")
	text := strings.Join([]string{"AWS4-HMAC-SHA256", sent, scope, hash([]byte(canonical(r, parts["SignedHeaders"])))}, "\n")
	if want := hex.EncodeToString(mac(key, text)); parts["Signature"] != want {
		return "SignatureDoesNotMatch"
	}
	return ""
}

// canonical is the request in the form that is signed.
func canonical(r *http.Request, signed string) string {
	var headers strings.Builder
	for name := range strings.SplitSeq(signed, ";") {
		value := strings.TrimSpace(r.Header.Get(name))
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		headers.WriteString(name + ":" + value + "\n")
	}
	query := strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20")
	return strings.Join([]string{r.Method, r.URL.EscapedPath(), query, headers.String(), signed, r.Header.Get("X-Amz-Content-Sha256")}, "\n")
}
