// Package mail sends letters by e-mail through an SMTP server of the owner's:
// digests of what happened to those who may enter the Studio, and what others
// enqueue (blog.Mail). A Letter says what stands in one, in both languages; a
// Sender delivers it.
package mail
