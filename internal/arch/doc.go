// Package arch holds no code, only the tests that keep the house in order:
// which package may import which, how long functions and files may be, and
// that exported names are explained. They read the source themselves, because
// a test that asks the go command is cached and would not see a change.
package arch
