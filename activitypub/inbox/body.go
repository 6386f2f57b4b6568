package inbox

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	"kabar/activitypub"
)

// MaxBody is the largest body that is read, in bytes. Mastodon takes as much.
const MaxBody = 1 << 20

func (h *Handler) bodyTime() time.Duration {
	if h.BodyTime == 0 {
		return 30 * time.Second
	}
	return h.BodyTime
}

// readBody reads the body of a POST whose size and content type are right into
// a parcel.
func (h *Handler) readBody(w http.ResponseWriter, r *http.Request, into *parcel) ([]byte, error) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return nil, &Refused{Status: http.StatusMethodNotAllowed, Reason: "method"}
	}
	if r.ContentLength > MaxBody {
		return nil, tooLarge()
	}
	if !isActivity(r.Header.Get("Content-Type")) {
		return nil, &Refused{Status: http.StatusUnsupportedMediaType, Reason: "content type", Detail: "send " + activitypub.ContentType}
	}
	// The deadline covers the body alone: one that passes while the activity
	// is worked on would cancel the request. Not every ResponseWriter has one.
	control := http.NewResponseController(w)
	deadlined := control.SetReadDeadline(time.Now().Add(h.bodyTime())) == nil
	into.body = http.MaxBytesReader(w, r.Body, MaxBody)
	raw, err := readAll(into, r.ContentLength)
	if deadlined && err == nil {
		err = control.SetReadDeadline(time.Time{})
	}
	var limit *http.MaxBytesError
	if errors.As(err, &limit) {
		return nil, tooLarge()
	}
	if errors.Is(err, ErrBusy) {
		return nil, err
	}
	if err != nil {
		return nil, &Refused{Status: http.StatusBadRequest, Reason: "body", Detail: "it did not come whole"}
	}
	return raw, nil
}

// readAll reads to the end. Room for what is announced, -1 for nothing, is made
// at once, up to a size that a liar may have for the asking.
func readAll(body io.Reader, announced int64) ([]byte, error) {
	var raw bytes.Buffer
	raw.Grow(int(min(max(announced, 0), maxRoom)) + bytes.MinRead)
	_, err := raw.ReadFrom(body)
	return raw.Bytes(), err
}

// maxRoom is the room made before anything of a body has come.
const maxRoom = 16 << 10

func tooLarge() error {
	return &Refused{Status: http.StatusRequestEntityTooLarge, Reason: "size", Detail: "at most 1 MiB"}
}

// isActivity tells whether a content type is one of ActivityStreams. A profile
// is not asked for: senders leave it out (ActivityPub, section 7, wants it).
func isActivity(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return (err == nil || errors.Is(err, mime.ErrInvalidMediaParameter)) &&
		(media == "application/activity+json" || media == "application/ld+json")
}

// decode reads an activity: a JSON object with at least a type and an actor.
func decode(raw []byte) (*activitypub.Object, error) {
	activity, err := activitypub.Decode(raw)
	if err != nil {
		return nil, &Refused{Status: http.StatusBadRequest, Reason: "malformed", Detail: err.Error()}
	}
	if activity.Type() == "" {
		return nil, &Refused{Status: http.StatusBadRequest, Reason: "malformed", Detail: "no type"}
	}
	if activity.Actor.ID() == "" {
		return nil, &Refused{Status: http.StatusBadRequest, Reason: "malformed", Detail: "no actor"}
	}
	return activity, nil
}
