package httpsig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// FEP-521a, the scenarios of its feature file.
const (
	multikeyEd25519Hex = "2e6fcce36701dc791488e0d0b1745cc1e33a4c1c9fcc41c63bd343dbbe0970e6"
	multikeyEd25519    = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
	multikeyRSAHex     = "3082010a0282010100b1b5fcd8d4d5e88ca5c4287b31f578865caf6a78826a3b8ff7b1b23aa4af4e6a0474139f945bd9d3a911ffd0fa72db78e4593a86c91f9da836186ebd3402d51f6a3844247ab5088b46929c311b43604fed84499f06f0f39bf55590e2187f1bbe229ba8f49fd2e570cd0e3733c76bfede80e1e7e0881e4538ea1bc5782be9512f8bf132526e05f4923564fe6e1e21bf7087adebb660fa533fca06d0a8e66991e1312d70b64a61da8ca77c028cdf939601e2cffe2855759b1d479f0847bcac59d7d62427a431d4e3dfd2697428b9dd6309a7b1167db99fe01af1ff1b739566fb949e47089d1dae84aef1214ef7f5773e86a0d3e9da246f9bec09d60c705891183d0203010001"
	multikeyRSA        = "z4MXj1wBzi9jUstyPMS4jQqB6KdJaiatPkAtVtGc6bQEQEEsKTic4G7Rou3iBf9vPmT5dbkm9qsZsuVNjq8HCuW1w24nhBFGkRE4cd2Uf2tfrB3N7h4mnyPp1BF3ZttHTYv3DLUPi1zMdkULiow3M1GfXkoC6DoxDUm1jmN6GBj22SjVsr6dxezRVQc7aj9TxE7JLbMH1wh5X3kA58H3DFW8rnYMakFGbca5CB2Jf6CnGQZmL7o5uJAdTwXfy2iiiyPxXEGerMhHwhjTA1mKYobyk2CpeEcmvynADfNZ5MBvcCS7m3XkFCMNUYBS9NQ3fze6vMSUPsNa6GVYmKx2x6JrdEjCk3qRMMmyjnjCMfR4pXbRMZa3i"
)

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestMultikey(t *testing.T) {
	t.Parallel()
	rsaKey, err := x509.ParsePKCS1PublicKey(unhex(t, multikeyRSAHex))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name string
		in   crypto.PublicKey
		want string
	}{
		{"Ed25519", ed25519.PublicKey(unhex(t, multikeyEd25519Hex)), multikeyEd25519},
		{"RSA", rsaKey, multikeyRSA},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := MarshalMultikey(test.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			back, err := ParseMultikey(got)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.in, back); diff != "" {
				t.Errorf("parsed again (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseMultikeyRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in string }{
		{"empty", ""},
		{"base64", "mAAAA"},
		{"not base58", "z0OIl"},
		{"short Ed25519", "z6Mkha"},
		{"unknown code", "z2222222222222222222222222"},
		{"endless", "z" + strings.Repeat("6", 1<<20)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if key, err := ParseMultikey(test.in); err == nil {
				t.Errorf("taken: %T", key)
			}
		})
	}
}

func TestParsePublicKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		want     bool
	}{
		{"PKCS #1", string(readTestdata(t, "rfc9421", "test-key-rsa.pem")), true},
		{"SPKI", string(readTestdata(t, "rfc9421", "test-key-rsa-pss.pem")), true},
		{"Ed25519", string(readTestdata(t, "rfc9421", "test-key-ed25519.pem")), true},
		{"CRLF", strings.ReplaceAll(string(readTestdata(t, "rfc9421", "test-key-rsa-pss.pem")), "\n", "\r\n"), true},
		{"space around", "\n  \n" + string(readTestdata(t, "rfc9421", "test-key-rsa-pss.pem")) + "\n\n", true},
		{"1024 bits", string(readTestdata(t, "cavage", "test-key-1024.pem")), false},
		{"elliptic curve", string(readTestdata(t, "rfc9421", "test-key-ecc-p256.pem")), false},
		{"no PEM", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", false},
		{"another block", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", false},
		{"rubbish inside", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParsePublicKey(test.in)
			if got := err == nil; got != test.want {
				t.Errorf("taken: %v, want %v (%v)", got, test.want, err)
			}
		})
	}
}

func TestPrivateKeyRoundTrip(t *testing.T) {
	t.Parallel()
	edwards, err := GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []crypto.Signer{rsaKey(t), edwards} {
		text, err := MarshalPrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ParsePrivateKey(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, isRSA := key.(*rsa.PrivateKey); isRSA {
			if !key.(*rsa.PrivateKey).Equal(back) {
				t.Error("another RSA key came back")
			}
		} else if !edwards.Equal(back) {
			t.Error("another Ed25519 key came back")
		}
		public, err := MarshalPublicKey(key.Public())
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := ParsePublicKey(public)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(key.Public(), parsed); diff != "" {
			t.Errorf("public key (-want +got):\n%s", diff)
		}
	}
	for _, text := range []string{"", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := ParsePrivateKey(text); err == nil {
			t.Errorf("taken: %q", text)
		}
	}
}
