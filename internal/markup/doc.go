// Package markup turns text into HTML that may be shown, and HTML into text.
//
// There are three ways in. An author's Markdown, with front matter, becomes an article (ParseDocument, Render). HTML that
// another server sent becomes HTML that cannot leave its container, run a script or call a third party (Sanitize). And
// either becomes plain text for names, summaries, feeds and search (Plain, Name, Excerpt). What the first two produce has
// the type Safe, and templates accept nothing else as HTML.
package markup
