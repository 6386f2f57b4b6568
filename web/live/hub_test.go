package live

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

var (
	article = uuid.MustParse("01a210ca-e654-7121-9adc-000000000001")
	other   = uuid.MustParse("01a210ca-e654-7121-9adc-000000000002")
	comment = uuid.MustParse("01a210ca-e654-7121-9adc-000000000003")
)

// blog is what the hub reads: what changed, and how often it was asked.
type blog struct {
	mu      sync.Mutex
	changes map[uuid.UUID][]Change
	failed  int // so many reads fail
	reads   int
}

func (b *blog) News(_ context.Context, _ uuid.UUID, lang string, changed []uuid.UUID) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	if b.failed > 0 {
		b.failed--
		return nil, errors.New("the database is away")
	}
	return fmt.Appendf(nil, "%s %v", lang, changed), nil
}

func (b *blog) Changes(_ context.Context, of uuid.UUID, after time.Time, _ int) (found []Change, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.changes[of] {
		if c.At.After(after) {
			found = append(found, c)
		}
	}
	return found, nil
}

// change changes something of the article now.
func (b *blog) change(id uuid.UUID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changes == nil {
		b.changes = map[uuid.UUID][]Change{}
	}
	b.changes[article] = append(b.changes[article], Change{ID: id, At: time.Now()})
}

func newHub(t *testing.T, b *blog) (*Hub, string) {
	t.Helper()
	h := &Hub{News: b.News, Changes: b.Changes, Every: time.Millisecond, Log: slog.New(slog.DiscardHandler)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watch := Watch{Article: article, Lang: r.FormValue("lang"), Since: r.FormValue("since"), From: netip.MustParseAddr("192.0.2.1")}
		if err := h.Stream(w, r, watch); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(h.Close)
	return h, server.URL
}

// open opens a stream and waits until it has begun.
func open(t *testing.T, address string) (next func() string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	if answer.StatusCode != http.StatusOK {
		return func() string { return answer.Status }
	}
	lines := bufio.NewScanner(answer.Body)
	return func() string {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return data
			}
		}
		return "end"
	}
}

func TestNewsReachEverybody(t *testing.T) {
	t.Parallel()
	b := &blog{}
	h, address := newHub(t, b)
	first, second, indonesian := open(t, address+"?lang=en"), open(t, address+"?lang=en"), open(t, address+"?lang=id")
	h.Changed(other)
	b.change(comment)
	h.Changed(article)
	want := []string{"en [" + comment.String() + "]", "en [" + comment.String() + "]", "id [" + comment.String() + "]"}
	if diff := cmp.Diff(want, []string{first(), second(), indonesian()}); diff != "" {
		t.Errorf("news (-want +got):\n%s", diff)
	}
	if b.reads != 2 {
		t.Errorf("read %d times, want once for each language", b.reads)
	}
	h.Changed(article)
	if got := first(); got != "en []" {
		t.Errorf("what was told is told again: %q", got)
	}
}

func TestMissedNewsComeFirst(t *testing.T) {
	t.Parallel()
	b := &blog{}
	b.change(comment)
	_, address := newHub(t, b)
	if got, want := open(t, address+"?lang=en&since=1")(), "en ["+comment.String()+"]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNewsAfterAFailure(t *testing.T) {
	t.Parallel()
	b := &blog{failed: 1}
	h, address := newHub(t, b)
	next := open(t, address+"?lang=en")
	b.change(comment)
	h.Changed(article)
	if got, want := next(), "en ["+comment.String()+"]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCloseEndsStreams(t *testing.T) {
	t.Parallel()
	h, address := newHub(t, &blog{})
	next := open(t, address)
	h.Close()
	if got := next(); got != "end" {
		t.Errorf("got %q, want the end", got)
	}
	if got := open(t, address)(); got != "503 Service Unavailable" {
		t.Errorf("a closed hub answers %q", got)
	}
}

func TestPerAddress(t *testing.T) {
	t.Parallel()
	h, address := newHub(t, &blog{})
	h.PerAddress = 1
	open(t, address)
	if got := open(t, address)(); got != "503 Service Unavailable" {
		t.Errorf("the second stream of an address: %q", got)
	}
}

func TestSlowReaderIsLetGo(t *testing.T) {
	t.Parallel()
	topic := newTopic(&Hub{}, subject{article: article})
	slow := topic.join()
	for range waiting + 1 {
		topic.send([]byte("news"))
	}
	select {
	case <-slow.lost:
	default:
		t.Error("a reader that takes nothing is still there")
	}
	if topic.leave(slow) != 0 {
		t.Error("it is counted")
	}
}

// What carries an earlier time but is seen later, because its transaction took
// longer, is told all the same; what is old is forgotten.
func TestLateChanges(t *testing.T) {
	t.Parallel()
	topic := newTopic(&Hub{}, subject{article: article})
	now := time.Now()
	first, late := Change{ID: comment, At: now}, Change{ID: other, At: now.Add(-time.Second)}
	topic.remember([]Change{first})
	if diff := cmp.Diff([]Change{late}, topic.fresh([]Change{late, first})); diff != "" {
		t.Errorf("fresh (-want +got):\n%s", diff)
	}
	topic.remember([]Change{{ID: other, At: now.Add(time.Minute)}})
	if _, kept := topic.told[comment]; kept {
		t.Error("an old change is remembered")
	}
}
