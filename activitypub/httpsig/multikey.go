package httpsig

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/mr-tron/base58"
)

// The multicodec codes of public keys as unsigned varints: ed25519-pub (0xed)
// and rsa-pub (0x1205, PKCS #1 DER).
var (
	ed25519Prefix = []byte{0xed, 0x01}
	rsaPrefix     = []byte{0x85, 0x24}
)

// maxMultibase is room for RSA of 8192 bits.
const maxMultibase = 2048

// MarshalMultikey writes a publicKeyMultibase (FEP-521a): base58-btc of the
// code and the raw key.
func MarshalMultikey(key crypto.PublicKey) (string, error) {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return "z" + base58.Encode(append(bytes.Clone(ed25519Prefix), k...)), nil
	case *rsa.PublicKey:
		return "z" + base58.Encode(append(bytes.Clone(rsaPrefix), x509.MarshalPKCS1PublicKey(k)...)), nil
	}
	return "", fmt.Errorf("httpsig: multikey: type %T", key)
}

// ParseMultikey reads a publicKeyMultibase with an Ed25519 or RSA key, within
// the same bounds as [ParsePublicKey].
func ParseMultikey(text string) (crypto.PublicKey, error) {
	if len(text) < 2 || len(text) > maxMultibase || text[0] != 'z' {
		return nil, errors.New("httpsig: multikey: not base58-btc")
	}
	raw, err := base58.Decode(text[1:])
	if err != nil {
		return nil, fmt.Errorf("httpsig: multikey: %w", err)
	}
	if der, ok := bytes.CutPrefix(raw, rsaPrefix); ok {
		key, err := x509.ParsePKCS1PublicKey(der)
		if err != nil {
			return nil, fmt.Errorf("httpsig: multikey: %w", err)
		}
		return key, checkPublicKey(key)
	}
	if key, ok := bytes.CutPrefix(raw, ed25519Prefix); ok && len(key) == ed25519.PublicKeySize {
		return ed25519.PublicKey(key), nil
	}
	return nil, errors.New("httpsig: multikey: unknown kind of key")
}
