package config

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestS3(t *testing.T) {
	t.Parallel()
	whole := []string{"--s3-bucket=kabar", "--s3-access-key=ID", "--s3-secret-key=SECRET"}
	with := func(more ...string) []string { return append(more, whole...) }
	full := S3{Endpoint: "https://s3.example", Bucket: "kabar", Region: "us-east-1", AccessKey: "ID", SecretKey: "SECRET"}
	local := full
	local.Endpoint, local.Region = "http://127.0.0.1:9000", "eu-1"
	tests := []struct {
		name  string
		in    []string
		want  S3
		wrong string
	}{
		{"none", nil, S3{Region: "us-east-1"}, ""},
		{"whole", with("--s3-endpoint=https://s3.example/"), full, ""},
		{"on this machine", with("--s3-endpoint=http://127.0.0.1:9000", "--s3-region=eu-1"), local, ""},
		{"no endpoint", whole, S3{}, "KABAR_S3_ENDPOINT: not set, but other settings of S3 are: set it, such as to https://s3.example, or take them away"},
		{"no scheme", with("--s3-endpoint=s3.example"), S3{}, "KABAR_S3_ENDPOINT: not an address such as https://s3.example; the bucket and the key have settings of their own"},
		{"with the bucket", with("--s3-endpoint=https://s3.example/kabar"), S3{}, "KABAR_S3_ENDPOINT: not an address such as https://s3.example; the bucket and the key have settings of their own"},
		{"with the key", with("--s3-endpoint=https://ID:SECRET@s3.example"), S3{}, "KABAR_S3_ENDPOINT: not an address such as https://s3.example; the bucket and the key have settings of their own"},
		{"open to all", with("--s3-endpoint=http://s3.example"), S3{}, "KABAR_S3_ENDPOINT: http is only for servers at loopback and private addresses, which s3.example is not"},
		{"no bucket", []string{"--s3-endpoint=https://s3.example"}, S3{}, "KABAR_S3_BUCKET: not set, but KABAR_S3_ENDPOINT is: name the bucket for the media"},
		{"no key", []string{"--s3-endpoint=https://s3.example", "--s3-bucket=kabar"}, S3{}, "KABAR_S3_ACCESS_KEY: not set, but KABAR_S3_ENDPOINT is: set the id of the key to the bucket"},
		{"two secrets", with("--s3-endpoint=https://s3.example", "--s3-secret-key-file=x"), S3{}, "KABAR_S3_SECRET_KEY and KABAR_S3_SECRET_KEY_FILE: set one of them"},
	}
	for _, tt := range tests {
		c, err := parse(t, tt.in...)
		if err != nil {
			if diff := cmp.Diff(tt.wrong, err.Error()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.name, diff)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, c.S3); diff != "" || tt.wrong != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestS3Secret(t *testing.T) {
	t.Parallel()
	file, empty := filepath.Join(t.TempDir(), "secret"), filepath.Join(t.TempDir(), "empty")
	for name, text := range map[string]string{file: "FROM A FILE\n", empty: "\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		in    S3
		want  string
		wrong string
	}{
		{S3{SecretKey: "SECRET"}, "SECRET", ""},
		{S3{SecretKeyFile: file}, "FROM A FILE", ""},
		{S3{SecretKeyFile: empty}, "", "KABAR_S3_SECRET_KEY_FILE: " + empty + " is empty"},
		{S3{SecretKeyFile: "/nonexistent"}, "", "KABAR_S3_SECRET_KEY_FILE: open /nonexistent: no such file or directory"},
	} {
		got, err := tt.in.Secret()
		wrong := ""
		if err != nil {
			wrong = err.Error()
		}
		if diff := cmp.Diff([]string{tt.want, tt.wrong}, []string{got, wrong}); diff != "" {
			t.Errorf("%+v (-want +got):\n%s", tt.in, diff)
		}
	}
}
