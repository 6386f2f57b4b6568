// Package auth lets people into the Studio: passwords, sessions, the brake on
// guessing, and the one-time link with which a new blog gets its owner.
package auth
