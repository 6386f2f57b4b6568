// Package bench takes the figures that the program is held to: deliveries,
// replies, pages, publishing, memory and start. They are benchmarks and no
// tests, since a machine that is busy with something else would fail them.
//
// Beside each figure stands the machine's own limit, taken in the same run: the
// same work with nothing of the program around it. Both are taken in turns and
// the median counts. Databases are as durable as a real one. `make bench`
// prints all of it.
package bench
