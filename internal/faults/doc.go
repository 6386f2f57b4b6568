// Package faults holds no code, only the fault suite (make faults): the real
// program and its database are killed, starved, cut off and lied to while
// people on other servers follow, answer and like, and while articles are
// published, edited and deleted.
//
// A trial is one run of one kind of fault. Its play goes on until the fault has
// passed; then everything has to come to rest, and is counted:
//
//   - what was answered by 2xx, or by the exit status 0 of a command, has its effect, once;
//   - every follower's server took every activity, in the order of its object;
//   - one activity came twice only where an answer can have been lost;
//   - all counters are what counting gives, and nothing belongs to nothing;
//   - a program that lived through it has the goroutines and the memory of before.
//
// Each trial is made from a seed, which is printed. KABAR_FAULTS=short makes one
// trial of a kind, and only the kinds that are quick.
package faults
