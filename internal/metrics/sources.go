package metrics

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

// Sources are what is read when Prometheus asks.
type Sources struct {
	Pools   map[string]func() *pgxpool.Stat // by name
	Reads   func() map[string]uint64        // outside of transactions, by pool
	Lag     func() time.Duration            // of the replica; nil = there is none
	Cache   func() CacheState
	Loops   func() map[string]int // items in hand, by queue
	Streams func() int            // open pages that hear of changes
	// Queues asks the database; it is called at most once in queueLife.
	Queues func(context.Context) ([]Queue, error)
}

// CacheState is the page cache's.
type CacheState struct {
	Hits    uint64
	Entries int
	Bytes   uint64
}

// Queue is what waits in one queue.
type Queue struct {
	Name    string
	Waiting int       // at most so many are counted
	Oldest  time.Time // since when something is due that nobody has taken; zero = nothing is
}

const (
	// queueLife is how long what the database said of the queues is good:
	// Prometheus may ask often, and several may ask.
	queueLife = 10 * time.Second
	queueTime = 3 * time.Second // for the database to answer
)

var (
	poolConns  = desc("kabar_database_connections", "Connections of a pool, by what they do.", "pool", "state")
	poolMost   = desc("kabar_database_connections_max", "Connections that a pool may have.", "pool")
	poolWaits  = desc("kabar_database_waits_total", "How often somebody waited for a connection of a pool.", "pool")
	poolWaited = desc("kabar_database_wait_seconds_total", "How long was waited for connections of a pool, in all.", "pool")
	poolReads  = desc("kabar_database_reads_total", "Reads outside of transactions, by pool.", "pool")
	replicaLag = desc("kabar_database_replica_lag_seconds", "How old what the replica has is at most; 0 when it has everything. Above 5 it is not read from.")
	cacheHits  = desc("kabar_page_cache_hits_total", "Answers that came from the page cache.")
	cacheSize  = desc("kabar_page_cache_bytes", "Size of the page cache.")
	cachePages = desc("kabar_page_cache_entries", "Pages in the cache.")
	inHand     = desc("kabar_queue_in_hand", "Items that this node works on.", "queue")
	queued     = desc("kabar_queue_waiting", "Items that wait in a queue of all nodes; 100,000 also stands for more.", "queue")
	queuedAge  = desc("kabar_queue_oldest_seconds", "Since when the oldest item is due that no node has taken.", "queue")
	queueFails = desc("kabar_queue_read_errors_total", "How often the database did not say what waits.")
	streams    = desc("kabar_live_streams", "Open pages that hear of changes.")
)

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// Watch adds the sources. Call it once.
func (m *Metrics) Watch(s Sources) { m.registry.MustRegister(&collector{Sources: s}) }

// collector implements prometheus.Collector.
type collector struct {
	Sources
	mu     sync.Mutex
	asked  time.Time
	queues []Queue
	failed float64
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		poolConns, poolMost, poolWaits, poolWaited, poolReads, replicaLag, cacheHits, cacheSize, cachePages, inHand, queued, queuedAge, queueFails, streams,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	total := func(d *prometheus.Desc, v float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, v, labels...)
	}
	for name, stat := range c.Pools {
		p := stat()
		gauge(poolConns, float64(p.AcquiredConns()), name, "used")
		gauge(poolConns, float64(p.IdleConns()), name, "idle")
		gauge(poolMost, float64(p.MaxConns()), name)
		total(poolWaits, float64(p.EmptyAcquireCount()), name)
		total(poolWaited, p.EmptyAcquireWaitTime().Seconds(), name)
	}
	for name, n := range c.Reads() {
		total(poolReads, float64(n), name)
	}
	if c.Lag != nil {
		gauge(replicaLag, c.Lag().Seconds())
	}
	cache := c.Cache()
	total(cacheHits, float64(cache.Hits))
	gauge(cacheSize, float64(cache.Bytes))
	gauge(cachePages, float64(cache.Entries))
	for name, n := range c.Loops() {
		gauge(inHand, float64(n), name)
	}
	gauge(streams, float64(c.Streams()))
	queues, failed := c.waiting()
	total(queueFails, failed)
	for _, q := range queues {
		gauge(queued, float64(q.Waiting), q.Name)
		gauge(queuedAge, q.age().Seconds(), q.Name)
	}
}

func (q Queue) age() time.Duration {
	if q.Oldest.IsZero() {
		return 0
	}
	return max(time.Since(q.Oldest), 0)
}

// waiting asks for the queues, unless it is known. Without an answer there are
// no figures: an old one would say that all is well.
func (c *collector) waiting() (queues []Queue, failed float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.asked) < queueLife {
		return c.queues, c.failed
	}
	ctx, cancel := context.WithTimeout(context.Background(), queueTime)
	defer cancel()
	var err error
	if c.queues, err = c.Queues(ctx); err != nil {
		c.queues = nil
		c.failed++
	}
	c.asked = time.Now()
	return c.queues, c.failed
}
