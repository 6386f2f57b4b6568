package federation_test

import "testing"

// The key that signs fetches is read once; that it was not there yet is not
// remembered.
func TestInstanceSigner(t *testing.T) {
	t.Parallel()
	r := newReceiver(t)
	r.exec(`update actors set kind = 'author' where kind = 'instance'`)
	if signer, err := r.service.InstanceSigner(t.Context()); err == nil {
		t.Errorf("a key without an actor: %v", signer.KeyID)
	}
	r.exec(`delete from actors where kind = 'author' or handle = 'instance'`)
	r.check(r.service.EnsureActors(t.Context()))
	first, err := r.service.InstanceSigner(t.Context())
	r.check(err)
	r.exec(`update actors set private_key = '' where kind = 'instance'`)
	second, err := r.service.InstanceSigner(t.Context())
	r.check(err)
	if first.KeyID == "" || second.KeyID != first.KeyID || second.Private != first.Private {
		t.Errorf("first %q, then %q", first.KeyID, second.KeyID)
	}
}
