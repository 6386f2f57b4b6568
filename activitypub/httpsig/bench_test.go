package httpsig

import (
	"net/http/httptest"
	"testing"
)

func BenchmarkSign(b *testing.B) {
	for _, kind := range []Kind{Cavage, RFC9421} {
		b.Run(string(kind), func(b *testing.B) {
			signer := Signer{KeyID: keyID, Private: rsaKey(b)}
			for b.Loop() {
				r := httptest.NewRequest("POST", "https://blog.example/ap/inbox", nil)
				if err := Sign(r, body, signer, kind, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	for _, kind := range []Kind{Cavage, RFC9421} {
		b.Run(string(kind), func(b *testing.B) {
			signer := Signer{KeyID: keyID, Private: rsaKey(b)}
			key := Key{ID: keyID, Public: signer.Private.Public()}
			r := httptest.NewRequest("POST", "https://blog.example/ap/inbox", nil)
			if err := Sign(r, body, signer, kind, now); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				s, err := Parse(r, body, policy)
				if err != nil {
					b.Fatal(err)
				}
				if err := s.Verify(key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
