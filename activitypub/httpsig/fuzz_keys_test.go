package httpsig

import (
	"testing"
)

// FuzzKey reads public keys as actors publish them: what is taken can be
// written again and is the same, and is of a kind and size that we use.
func FuzzKey(f *testing.F) {
	rsaText, err := MarshalPublicKey(rsaKey(f).Public())
	if err != nil {
		f.Fatal(err)
	}
	multi, err := MarshalMultikey(rsaKey(f).Public())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(rsaText)
	f.Add(multi)
	f.Add("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
	f.Add("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----")
	f.Add("-----BEGIN RSA PUBLIC KEY-----\nMAA=\n-----END RSA PUBLIC KEY-----")
	f.Fuzz(func(t *testing.T, text string) {
		if key, err := ParsePublicKey(text); err == nil {
			if err := checkPublicKey(key); err != nil {
				t.Errorf("taken, and then %v", err)
			}
			written, err := MarshalPublicKey(key)
			if err != nil {
				t.Fatal(err)
			}
			again, err := ParsePublicKey(written)
			if same, ok := again.(interface{ Equal(any) bool }); err != nil || ok && !same.Equal(key) {
				t.Errorf("written and read again it is another: %v", err)
			}
		}
		if key, err := ParseMultikey(text); err == nil {
			if _, err := MarshalMultikey(key); err != nil {
				t.Errorf("taken, and cannot be written: %v", err)
			}
		}
		if key, err := ParsePrivateKey(text); err == nil && key == nil {
			t.Error("no key and no error")
		}
	})
}
