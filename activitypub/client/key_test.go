package client_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"kabar/activitypub"
	"kabar/activitypub/aptest"
	"kabar/activitypub/httpsig"
)

// TestKey reads keys in all three forms from honest servers.
func TestKey(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		in   aptest.Options
		want int // requests for the actor
	}{
		{"whole actor", aptest.Options{}, 1},
		{"stub actor", aptest.Options{KeyDocument: aptest.StubActor}, 1},
		{"bare key", aptest.Options{KeyDocument: aptest.BareKey}, 1},
		{"stub actor, signed only", aptest.Options{KeyDocument: aptest.StubActor, AuthorizedFetch: true}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, aptest.WorldOptions{})
			s := start(t, w, tt.in)
			bob := s.Person("bob")
			key, owner, err := newClient(t, w).Key(withTimeout(t), bob.KeyID())
			if err != nil {
				t.Fatal(err)
			}
			signer, err := bob.Signer()
			if err != nil {
				t.Fatal(err)
			}
			want := httpsig.Key{ID: bob.KeyID(), Owner: bob.ID(), Public: signer.Private.Public()}
			if diff := cmp.Diff(want, key); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]any{bob.ID(), bob.Inbox(), tt.want}, []any{owner.ID, owner.Inbox, s.Requests("/users/bob")}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestKeyMultikey reads an Ed25519 key under assertionMethod.
func TestKeyMultikey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	s := start(t, w, aptest.Options{})
	private, err := httpsig.GenerateEd25519()
	if err != nil {
		t.Fatal(err)
	}
	text, err := httpsig.MarshalMultikey(private.Public())
	if err != nil {
		t.Fatal(err)
	}
	id := s.URL() + "/ed"
	actor := func(path, controller string) string {
		return s.ServeObject(path, aptest.Doc{
			"id": s.URL() + path, "type": "Person", "inbox": id + "/inbox",
			"assertionMethod": []any{aptest.Doc{"id": s.URL() + path + "#key", "type": "Multikey", "controller": controller, "publicKeyMultibase": text}},
		}) + "#key"
	}
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"own", actor("/ed", id), ""},
		{"of another controller", actor("/other", id), "not believed"},
		{"not listed", s.URL() + "/ed#none", "not believed"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			key, _, err := newClient(t, w).Key(withTimeout(t), tt.in)
			if diff := cmp.Diff(tt.want, meaning(err)); diff != "" {
				t.Error(diff, err)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(private.Public(), key.Public); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestKeyLies asks for keys whose documents claim what is not so.
func TestKeyLies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, aptest.WorldOptions{})
	home, evil := start(t, w, aptest.Options{}), start(t, w, aptest.Options{})
	bob, gone, eve, c := home.Person("bob"), home.Person("gone"), evil.Person("eve"), newClient(t, w)
	if _, err := gone.DeleteAccount(withTimeout(t)); err != nil {
		t.Fatal(err)
	}
	signer, err := eve.Signer()
	if err != nil {
		t.Fatal(err)
	}
	pem, err := httpsig.MarshalPublicKey(signer.Private.Public())
	if err != nil {
		t.Fatal(err)
	}
	key := func(id, owner string) aptest.Doc {
		return aptest.Doc{"@context": activitypub.Namespace, "id": id, "owner": owner, "publicKeyPem": pem}
	}
	actor := func(s *aptest.Server, path, id, keyID, owner string) string {
		o := object(id, "Person")
		o["inbox"], o["publicKey"] = id+"/inbox", key(keyID, owner)
		return s.ServeObject(path, o)
	}
	u, h := evil.URL(), home.URL()
	tests := []struct {
		name string
		in   string
		want string
	}{
		{"bare key of an actor elsewhere", evil.ServeObject("/bare", key(u+"/bare", bob.ID())), "not believed"},
		{"bare key of an actor that does not list it", evil.ServeObject("/bare2", key(u+"/bare2", eve.ID())), "not believed"},
		{"bare key without an owner", evil.ServeObject("/bare3", key(u+"/bare3", "")), "not believed"},
		{"bare key of another id", evil.ServeObject("/bare4", key(u+"/bare5", eve.ID())), "not believed"},
		{"actor that is somebody elsewhere", actor(evil, "/fake", bob.ID(), u+"/fake#key", bob.ID()), "not believed"},
		{"actor with somebody else's key", actor(evil, "/thief", u+"/thief", u+"/thief#key", eve.ID()) + "#key", "not believed"},
		{"stub that is another actor of the host", actor(home, "/stub", bob.ID(), h+"/stub", bob.ID()), "not believed"},
		{"redirect to a forger", redirect(home, "/hop", actor(evil, "/hop", h+"/hop", h+"/hop#key", h+"/hop")) + "#key", "not believed"},
		{"note", evil.ServeObject("/note", object(u+"/note", "Note")), "not believed"},
		{"picture", eve.Profile().Icon, "not believed"},
		{"fragment that is not there", eve.ID() + "#other", "not believed"},
		{"deleted actor", gone.KeyID(), "410"},
		{"no actor", h + "/users/nobody#main-key", "404"},
		{"acct", "acct:bob@" + h[7:], "blocked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := c.Key(withTimeout(t), tt.in)
			if diff := cmp.Diff(tt.want, meaning(err)); diff != "" {
				t.Error(diff, err)
			}
		})
	}
}
