package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"kabar/internal/config"
)

// Bounds of talking to a bucket. minio-go tries again what fails on the way or at the server's side.
const (
	bucketTries = 3
	bucketAsk   = 30 * time.Second // for a question and its answer
	bucketPut   = 5 * time.Minute  // for a file on its way there
	bucketStall = 30 * time.Second // for the next piece of a file
)

// ErrBucketRefused is wrapped by errors of a bucket that stay until somebody changes the settings or the bucket.
var ErrBucketRefused = errors.New("the S3 storage refuses")

// Bucket is a Store in storage that speaks S3. Files are served by Kabar, so the bucket may stay private.
type Bucket struct {
	name      string
	client    *minio.Client
	transport *http.Transport
}

// OpenBucket prepares a bucket; nothing is asked of it yet. Its secret is read from its file, if it is in one.
func OpenBucket(settings config.S3) (*Bucket, error) {
	secret, err := settings.Secret()
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(settings.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("KABAR_S3_ENDPOINT: %w", err)
	}
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 10 * time.Second,
		ResponseHeaderTimeout: bucketAsk, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
		DisableCompression: true, // what is stored is what is read
	}
	client, err := minio.New(address.Host, &minio.Options{
		Creds: credentials.NewStaticV4(settings.AccessKey, secret, ""), Secure: address.Scheme == "https",
		Region: settings.Region, Transport: transport, MaxRetries: bucketTries,
	})
	if err != nil {
		return nil, fmt.Errorf("KABAR_S3_ENDPOINT: %w", err)
	}
	return &Bucket{settings.Bucket, client, transport}, nil
}

// Close implements Store.
func (b *Bucket) Close() error {
	b.transport.CloseIdleConnections()
	return nil
}

// Check looks whether the bucket is there and its files may be listed. An error that wraps ErrBucketRefused says what to
// change; any other may pass.
func (b *Bucket) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bucketAsk)
	defer cancel()
	for object := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{MaxKeys: 1, Recursive: true}) {
		return b.explain("list", object.Err)
	}
	return nil
}

// Put implements Store. The server compares what arrives with the hash that the name is, and a file is there whole or
// not at all.
func (b *Bucket) Put(name string, data []byte) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	if there, err := b.Exists(name); there || err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), bucketPut)
	defer cancel()
	core, hash := minio.Core{Client: b.client}, strings.TrimSuffix(name, path.Ext(name))
	_, err = core.PutObject(ctx, b.name, at, bytes.NewReader(data), int64(len(data)), "", hash, minio.PutObjectOptions{
		ContentType: ContentType(name), DisableContentSha256: true, // of pieces, as hash is of the whole
	})
	return b.explain("store "+name, err)
}

// Exists implements Store.
func (b *Bucket) Exists(name string) (bool, error) {
	at, err := place(name)
	if err != nil {
		return false, nil //nolint:nilerr // what cannot be a name is not stored
	}
	ctx, cancel := context.WithTimeout(context.Background(), bucketAsk)
	defer cancel()
	_, err = b.client.StatObject(ctx, b.name, at, minio.StatObjectOptions{})
	if err = b.explain("find "+name, err); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Delete implements Store.
func (b *Bucket) Delete(name string) error {
	at, err := place(name)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), bucketAsk)
	defer cancel()
	err = b.explain("delete "+name, b.client.RemoveObject(ctx, b.name, at, minio.RemoveObjectOptions{}))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Names implements Store.
func (b *Bucket) Names(do func(name string) error) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	for object := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Recursive: true}) {
		if object.Err != nil {
			return b.explain("list", object.Err)
		}
		name := object.Key[strings.LastIndexByte(object.Key, '/')+1:]
		if at, err := place(name); err != nil || at != object.Key {
			continue // not ours
		}
		if err := do(name); err != nil {
			return err
		}
	}
	return nil
}

// explain says what to do about an error of the storage.
func (b *Bucket) explain(what string, err error) error {
	var answer minio.ErrorResponse
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &answer) || answer.StatusCode >= http.StatusInternalServerError, answer.StatusCode == http.StatusTooManyRequests:
		return fmt.Errorf("media: %s: the S3 storage %s does not answer as it should: %w", what, b.client.EndpointURL(), err)
	}
	switch answer.Code {
	case "NoSuchKey":
		return fmt.Errorf("media: %s: %w", what, fs.ErrNotExist)
	case "NoSuchBucket":
		return fmt.Errorf("media: %s: %w: there is no bucket %s: make it, or correct KABAR_S3_BUCKET", what, ErrBucketRefused, b.name)
	case "InvalidAccessKeyId", "SignatureDoesNotMatch":
		return fmt.Errorf("media: %s: %w: correct KABAR_S3_ACCESS_KEY and KABAR_S3_SECRET_KEY (%w)", what, ErrBucketRefused, err)
	case "AccessDenied":
		return fmt.Errorf("media: %s: %w: let the key list, read, write and delete in the bucket %s (%w)", what, ErrBucketRefused, b.name, err)
	case "RequestTimeTooSkewed":
		return fmt.Errorf("media: %s: %w: set this machine's clock by NTP (%w)", what, ErrBucketRefused, err)
	}
	return fmt.Errorf("media: %s: %w: look at the settings KABAR_S3_… (%w)", what, ErrBucketRefused, err)
}
