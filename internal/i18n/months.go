package i18n

import (
	"strconv"
	"time"
)

// Month is the name of a month.
func Month(lang string, month time.Month) string { return calendarOf(lang).Months[month-1] }

// MonthYear is a month of a year, "November 2026".
func MonthYear(lang string, year int, month time.Month) string {
	return Month(lang, month) + " " + strconv.Itoa(year)
}
