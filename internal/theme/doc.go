// Package theme knows what a blog's looks may be made of: colours and how well
// one can be read on another, style sheets that owners write, and the font
// files that they bring. It checks; what it lets pass can do no harm to readers.
package theme
