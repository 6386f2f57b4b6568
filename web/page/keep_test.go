package page

import (
	"time"

	"kabar/internal/blog"
	"kabar/internal/pagecache"
)

// keeping is a Maker that has read these settings.
func keeping(site blog.Site) *Maker {
	m := &Maker{Origin: site.Origin, Now: time.Now, Cache: pagecache.New(1<<20, time.Minute)}
	m.last.Store(&siteRead{Site: site})
	return m
}
