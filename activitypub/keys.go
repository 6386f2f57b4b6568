package activitypub

import "kabar/activitypub/jsonld"

// decodeKeys reads publicKey: ids, key objects, or several of them.
func decodeKeys(value any) []PublicKey {
	var keys []PublicKey
	each(value, maxKeys, func(v any) {
		switch v := v.(type) {
		case string:
			if len(v) <= maxID {
				keys = append(keys, PublicKey{ID: v})
			}
		case *jsonld.Map:
			keys = append(keys, PublicKey{
				ID:    decodeID(v.Get("id")),
				Owner: decodeID(v.Get("owner")),
				PEM:   decodeText(v.Get("publicKeyPem"), maxPEM),
			})
		}
	})
	return keys
}

// decodeMultikeys reads assertionMethod (FEP-521a); ids without a key are kept, their Multibase is "".
func decodeMultikeys(value any) []Multikey {
	var keys []Multikey
	each(value, maxKeys, func(v any) {
		switch v := v.(type) {
		case string:
			if len(v) <= maxID {
				keys = append(keys, Multikey{ID: v})
			}
		case *jsonld.Map:
			keys = append(keys, Multikey{
				ID:         decodeID(v.Get("id")),
				Controller: decodeID(v.Get("controller")),
				Multibase:  decodeText(v.Get("publicKeyMultibase"), maxShort),
			})
		}
	})
	return keys
}

// decodeBareKey reads a document that is a key itself: its own id, an owner and a PEM.
func decodeBareKey(tree *jsonld.Map) []PublicKey {
	if _, ok := tree.Get("publicKeyPem").(string); !ok {
		return nil
	}
	return decodeKeys(tree)
}
