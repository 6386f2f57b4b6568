package i18n

import (
	"fmt"
	"sync"
	"time"

	"golang.org/x/text/number"
)

// calendar is how one language writes dates; x/text has none.
type calendar struct {
	Months [12]string `json:"months"`
	Short  [12]string `json:"short"`
	Days   [7]string  `json:"days"`  // from Sunday
	Date   string     `json:"date"`  // of the day, the short month and the year
	Long   string     `json:"long"`  // of the day of the week, the day, the month and the year
	Clock  string     `json:"clock"` // layout of a time of day, as package time has it
	At     string     `json:"at"`    // between date and time
}

func calendarOf(lang string) calendar { return of(lang).Dates }

// Date is a short date, "21 Nov 2026", in the location of t.
func Date(lang string, t time.Time) string {
	c := calendarOf(lang)
	return fmt.Sprintf(c.Date, t.Day(), c.Short[t.Month()-1], t.Year())
}

// DateLong is a date with its weekday, "Sabtu, 21 November 2026".
func DateLong(lang string, t time.Time) string {
	c := calendarOf(lang)
	return fmt.Sprintf(c.Long, c.Days[t.Weekday()], t.Day(), c.Months[t.Month()-1], t.Year())
}

// DateTime is a date with the time of day, "21 Nov 2026 pukul 18.05".
func DateTime(lang string, t time.Time) string {
	return Date(lang, t) + calendarOf(lang).At + Clock(lang, t)
}

// Clock is the time of day, "18.05" or "18:05".
func Clock(lang string, t time.Time) string { return t.Format(calendarOf(lang).Clock) }

// Ago says how long before now t was, "2 jam lalu" or "kemarin", for a week;
// what is older, or lies ahead, is a date. Days are those of now's location.
func Ago(lang string, now, t time.Time) string {
	t = t.In(now.Location())
	passed, days := now.Sub(t), daysBetween(t, now)
	switch {
	case passed < -time.Minute || days > 6:
		return Date(lang, t)
	case passed < time.Minute:
		return T(lang, "ago.now")
	case passed < time.Hour:
		return ago(lang, "ago.minutes", int(passed.Minutes()))
	case days == 0 || passed < 6*time.Hour:
		return ago(lang, "ago.hours", int(passed.Hours()))
	case days == 1:
		return T(lang, "ago.yesterday")
	}
	return ago(lang, "ago.days", days)
}

// agos are the texts of ago that were said: there are some hundred of them.
var agos sync.Map

// ago says a text of Ago with its number; a page has hundreds of them.
func ago(lang, key string, n int) string {
	type said struct {
		lang, key string
		n         int
	}
	what := said{lang, key, n}
	if text, ok := agos.Load(what); ok {
		return text.(string)
	}
	text := T(lang, key, n)
	agos.Store(what, text)
	return text
}

// daysBetween counts the midnights from one time to another.
func daysBetween(from, to time.Time) int {
	midnight := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(to).Sub(midnight(from)).Hours() / 24)
}

// Duration is a length of time in its largest fitting unit, rounded up:
// "30 detik", "2 menit", "3 jam", "4 hari".
func Duration(lang string, d time.Duration) string {
	up := func(unit time.Duration) int { return int((d + unit - 1) / unit) }
	switch {
	case d < time.Minute:
		return T(lang, "length.seconds", up(time.Second))
	case d < time.Hour:
		return T(lang, "length.minutes", up(time.Minute))
	case d < 48*time.Hour:
		return T(lang, "length.hours", up(time.Hour))
	}
	return T(lang, "length.days", up(24*time.Hour))
}

// Number is n with the separators of lang: "4.812" or "4,812".
func Number(lang string, n int) string {
	return Printer(lang).Sprint(number.Decimal(n))
}

// Weekday is the name of a day of the week, "Senin".
func Weekday(lang string, day time.Weekday) string { return calendarOf(lang).Days[day] }
