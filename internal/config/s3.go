package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// S3 is where media are kept instead of in the data directory.
type S3 struct {
	Endpoint      string `name:"s3-endpoint" env:"KABAR_S3_ENDPOINT" placeholder:"https://…" help:"Keep media in storage that speaks S3, instead of in the data directory."`
	Bucket        string `name:"s3-bucket" env:"KABAR_S3_BUCKET" placeholder:"NAME" help:"Bucket for the media, which is there already."`
	Region        string `name:"s3-region" env:"KABAR_S3_REGION" default:"us-east-1" help:"Region of the bucket."`
	AccessKey     string `name:"s3-access-key" env:"KABAR_S3_ACCESS_KEY" placeholder:"ID" help:"Id of the key to the bucket."`
	SecretKey     string `name:"s3-secret-key" env:"KABAR_S3_SECRET_KEY" placeholder:"SECRET" help:"Secret of that key."`
	SecretKeyFile string `name:"s3-secret-key-file" env:"KABAR_S3_SECRET_KEY_FILE" placeholder:"FILE" help:"File of that secret."`
}

// Used tells whether there is one.
func (s S3) Used() bool { return s.Endpoint != "" }

// Secret is the secret of the key, which may be in a file.
func (s S3) Secret() (string, error) {
	if s.SecretKeyFile == "" {
		return s.SecretKey, nil
	}
	text, err := os.ReadFile(s.SecretKeyFile)
	if err != nil {
		return "", fmt.Errorf("KABAR_S3_SECRET_KEY_FILE: %w", err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", fmt.Errorf("KABAR_S3_SECRET_KEY_FILE: %s is empty", s.SecretKeyFile)
	}
	return secret, nil
}

// checkS3 brings the address to the form scheme://host.
func (c *Config) checkS3() error {
	s := &c.S3
	if !s.Used() {
		if s.Bucket+s.AccessKey+s.SecretKey+s.SecretKeyFile != "" {
			return errors.New("KABAR_S3_ENDPOINT: not set, but other settings of S3 are: set it, such as to https://s3.example, or take them away")
		}
		return nil
	}
	u, err := url.Parse(s.Endpoint) // its error would show a password
	if err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil ||
		u.Scheme != "https" && u.Scheme != "http" {
		return errors.New("KABAR_S3_ENDPOINT: not an address such as https://s3.example; the bucket and the key have settings of their own")
	}
	if u.Scheme == "http" && !private(u.Hostname()) {
		return fmt.Errorf("KABAR_S3_ENDPOINT: http is only for servers at loopback and private addresses, which %s is not", u.Host)
	}
	s.Endpoint = u.Scheme + "://" + u.Host
	switch {
	case s.Bucket == "":
		return errors.New("KABAR_S3_BUCKET: not set, but KABAR_S3_ENDPOINT is: name the bucket for the media")
	case s.AccessKey == "":
		return errors.New("KABAR_S3_ACCESS_KEY: not set, but KABAR_S3_ENDPOINT is: set the id of the key to the bucket")
	case (s.SecretKey == "") == (s.SecretKeyFile == ""):
		return errors.New("KABAR_S3_SECRET_KEY and KABAR_S3_SECRET_KEY_FILE: set one of them")
	}
	return nil
}
