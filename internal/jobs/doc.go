// Package jobs does what may wait a moment: it registers with River who does
// each job, when the regular ones are due, and when a failed one is tried
// again. Jobs are enqueued by package postgres in the transactions of their
// causes. Deliveries and incoming activities have queues of their own.
package jobs
