// Package delivery brings our activities to the inboxes of other servers. It
// knows hosts, order and back-off; the ledger is the table `deliveries`, and
// the health of each server stands in `hosts`.
//
// One loop a node claims due hosts under a lease, so a host is in flight on
// one node only. Sender.Do sends a host its due rows in order, and the
// outcomes are written in batches. What a crash leaves unwritten is sent
// again after the lease with the same activity id, which receivers ignore.
package delivery
