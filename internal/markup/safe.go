package markup

import "html/template"

// Safe is HTML made by this package. The zero value is empty HTML. Nothing outside can make one from a string, except
// SafeFromStore for what was stored by an earlier run.
type Safe struct{ html string }

// SafeFromStore returns stored HTML as Safe. The column it comes from must be written from Safe values only.
func SafeFromStore(html string) Safe { return Safe{html} }

// String returns the HTML source, to be stored or put into a document for other servers.
func (s Safe) String() string { return s.html }

// HTML returns s as html/template prints it: unescaped.
func (s Safe) HTML() template.HTML { return template.HTML(s.html) } //nolint:gosec // the type is the proof

// Empty reports whether there is no HTML at all.
func (s Safe) Empty() bool { return s.html == "" }

// Equal reports whether both hold the same HTML; tests compare with it.
func (s Safe) Equal(other Safe) bool { return s.html == other.html }
