package templates

import (
	"strconv"
	"strings"
	"time"
)

// Addresses of the numbers.
const (
	StudioStatisticsPath = "/studio/statistics"
	StudioViewsPath      = "/studio/statistics/views.csv"
)

// StatisticsPage tells how often pages were read.
type StatisticsPage struct {
	Frame
	Studio
	Days      int  // of the period
	All       bool // of the whole blog, not of one author's articles
	Periods   []Link
	Tiles     []Tile
	Plot      []PlotDay
	Articles  []ViewRow
	Referrers []ViewRow
}

// PlotDay is a day of the chart.
type PlotDay struct {
	Day             time.Time
	Views, Visitors int
}

// ViewRow is an article, or a host.
type ViewRow struct {
	Title, Language, URL string
	Views, Visitors      int
}

// Export is the address of the file with the days of the page.
func (p *StatisticsPage) Export() string { return StudioViewsPath + "?days=" + strconv.Itoa(p.Days) }

// Any reports whether anything was read.
func (p *StatisticsPage) Any() bool {
	for _, d := range p.Plot {
		if d.Views > 0 {
			return true
		}
	}
	return false
}

// Size of the chart, in units of its own.
const (
	plotWidth  = 600.0
	plotHeight = 200.0
)

// Most is the top of the chart: the largest number of views, rounded up.
func (p *StatisticsPage) Most() int {
	most := 1
	for _, d := range p.Plot {
		most = max(most, d.Views)
	}
	step := 1
	for most > 10*step {
		step *= 10
	}
	return (most + step - 1) / step * step
}

// Line are the points of a line of the chart: of the views, or of the visitors.
func (p *StatisticsPage) Line(visitors bool) string {
	var b strings.Builder
	most, apart := float64(p.Most()), plotWidth/float64(max(len(p.Plot)-1, 1))
	for i, d := range p.Plot {
		n := d.Views
		if visitors {
			n = d.Visitors
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.FormatFloat(apart*float64(i), 'f', 1, 64) + "," + strconv.FormatFloat(plotHeight*(1-float64(n)/most), 'f', 1, 64))
	}
	return b.String()
}
