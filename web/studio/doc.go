// Package studio is the private area where authors write, answer, moderate
// and see what became of what they sent. Its pages are those of
// templates/studio. Who may do what is decided by blog.Account.May alone.
package studio
