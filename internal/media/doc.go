// Package media takes in pictures, keeps them and serves them.
//
// Every picture that comes in is decoded and encoded again: nothing of the file that somebody made is ever served, and
// what a camera noted about place and time is gone. Films and sounds of other servers are kept as they came, if they are
// small and of a kind that browsers play. Names are the SHA-256 of the content, so a file never changes under its
// address and equal pictures are stored once.
package media
