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
)

// blog is what the hub reads: which comments came, and how often it was asked.
type blog struct {
	mu     sync.Mutex
	since  []uuid.UUID
	failed int // so many reads fail
	reads  int
}

func (b *blog) News(_ context.Context, _ uuid.UUID, lang string, comments []uuid.UUID) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	if b.failed > 0 {
		b.failed--
		return nil, errors.New("the database is away")
	}
	return fmt.Appendf(nil, "%s %v", lang, comments), nil
}

func (b *blog) Since(context.Context, uuid.UUID, time.Time, int) ([]uuid.UUID, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.since, nil
}

func newHub(t *testing.T, b *blog) (*Hub, string) {
	t.Helper()
	h := &Hub{News: b.News, Since: b.Since, Every: time.Millisecond, Log: slog.New(slog.DiscardHandler)}
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
	h.Changed(other, other)
	h.Changed(article, article)
	want := []string{"en [" + article.String() + "]", "en [" + article.String() + "]", "id [" + article.String() + "]"}
	if diff := cmp.Diff(want, []string{first(), second(), indonesian()}); diff != "" {
		t.Errorf("news (-want +got):\n%s", diff)
	}
	if b.reads != 2 {
		t.Errorf("read %d times, want once for each language", b.reads)
	}
}

func TestMissedNewsComeFirst(t *testing.T) {
	t.Parallel()
	_, address := newHub(t, &blog{since: []uuid.UUID{other}})
	if got, want := open(t, address+"?lang=en&since=1")(), "en ["+other.String()+"]"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNewsAfterAFailure(t *testing.T) {
	t.Parallel()
	h, address := newHub(t, &blog{failed: 1})
	next := open(t, address+"?lang=en")
	h.Changed(article, other)
	if got, want := next(), "en ["+other.String()+"]"; got != want {
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

func TestPendingIsBounded(t *testing.T) {
	t.Parallel()
	topic := newTopic(&Hub{}, subject{article: article})
	for range maxPending + 5 {
		topic.add([]uuid.UUID{uuid.New()})
	}
	total := 0
	for n := len(topic.take()); n > 0; n = len(topic.take()) {
		total += n
	}
	if total != maxPending {
		t.Errorf("%d comments wait to be told, want %d", total, maxPending)
	}
}
