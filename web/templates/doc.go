// Package templates holds every page of Kabar: the html/template files, the
// typed data of each page, and Render, which turns one into the other. Each
// page is one struct here and one file below site/ or studio/; the layout
// around it is site/layout.html or studio/layout.html. Texts come from
// internal/i18n in the language of the page's Frame. No page has a style
// attribute or an inline script, so that a Content-Security-Policy without
// unsafe-inline holds.
package templates
