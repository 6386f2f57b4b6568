// Package postgres holds all SQL of the program: one file per subject, named
// as in package blog.
//
// An exported method of Store owns its transaction; unexported functions take
// the one they work in. What has to follow a change (a job, an audit entry, a
// counter) is written in the change's transaction. After its commit the
// method reports the tags of the pages that show what was changed; they are
// listed in package blog (page_tags.go).
package postgres
