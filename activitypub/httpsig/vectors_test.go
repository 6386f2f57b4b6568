package httpsig

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readTestdata(t *testing.T, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func readKey(t *testing.T, path ...string) any {
	t.Helper()
	block, _ := pem.Decode(readTestdata(t, path...))
	if block.Type == "RSA PUBLIC KEY" {
		key, err := x509.ParsePKCS1PublicKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func readRequest(t *testing.T, raw []byte) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verifyVector verifies with the algorithm of the example, also those that are
// not accepted from the network.
func verifyVector(t *testing.T, key any, base string, signature []byte) bool {
	t.Helper()
	switch k := key.(type) {
	case ed25519.PublicKey:
		return verifyString(k, base, signature) == nil
	case *rsa.PublicKey:
		sum := sha512.Sum512([]byte(base))
		return rsa.VerifyPSS(k, crypto.SHA512, sum[:], signature, nil) == nil
	case *ecdsa.PublicKey:
		sum := sha256.Sum256([]byte(base))
		half := len(signature) / 2
		return ecdsa.Verify(k, sum[:], new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:]))
	case []byte:
		mac := hmac.New(sha256.New, k)
		mac.Write([]byte(base))
		return hmac.Equal(mac.Sum(nil), signature)
	}
	t.Fatalf("key of type %T", key)
	return false
}

func TestRFC9421AppendixB(t *testing.T) {
	t.Parallel()
	secret, err := base64.StdEncoding.DecodeString("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==")
	if err != nil {
		t.Fatal(err)
	}
	pss := readKey(t, "rfc9421", "test-key-rsa-pss.pem")
	edwards := readKey(t, "rfc9421", "test-key-ed25519.pem")
	tests := []struct {
		name string
		in   any // the key
	}{
		{"b21", pss},
		{"b22", pss},
		{"b23", pss},
		{"b25", secret},
		{"b26", edwards},
		{"b3", readKey(t, "rfc9421", "test-key-ecc-p256.pem")},
		{"b4", edwards},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := readRequest(t, readTestdata(t, "rfc9421", test.name+".http"))
			messages, err := readMessages(r)
			if err != nil || len(messages) != 1 {
				t.Fatalf("readMessages: %d, %v", len(messages), err)
			}
			base, err := messages[0].base(r, "https")
			if err != nil {
				t.Fatal(err)
			}
			want := string(readTestdata(t, "rfc9421", test.name+".base"))
			if diff := cmp.Diff(want, base); diff != "" {
				t.Errorf("base (-want +got):\n%s", diff)
			}
			if !verifyVector(t, test.in, base, messages[0].signature) {
				t.Error("does not verify")
			}
		})
	}
}

const cavageRequest = "POST /foo?param=value&pet=dog HTTP/1.1\r\nHost: example.com\r\nDate: Sun, 05 Jan 2014 21:31:40 GMT\r\n" +
	"Content-Type: application/json\r\nDigest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=\r\nContent-Length: 18\r\n\r\n" +
	`{"hello": "world"}`

func TestCavageAppendixC(t *testing.T) {
	t.Parallel()
	key := readKey(t, "cavage", "test-key-1024.pem")
	tests := []struct {
		name, in string
	}{
		{"C.1 default", `keyId="Test",algorithm="rsa-sha256", signature="SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM="`},
		{"C.2 basic", `keyId="Test",algorithm="rsa-sha256", headers="(request-target) host date", signature="qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0="`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := readRequest(t, []byte(cavageRequest))
			c, err := readCavage(test.in)
			if err != nil {
				t.Fatal(err)
			}
			verify, err := c.verifier(r, target(r))
			if err != nil {
				t.Fatal(err)
			}
			if err := verify(key); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCavageDigestOfAppendixC(t *testing.T) {
	t.Parallel()
	if err := checkDigest("SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", []byte(`{"hello": "world"}`)); err != nil {
		t.Error(err)
	}
}
