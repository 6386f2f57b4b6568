package blog

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseWanted(t *testing.T) {
	t.Parallel()
	type want struct {
		typed     string
		must, not string
		none, cut bool
	}
	many := strings.TrimSpace(strings.Repeat("kata ", 40))
	for _, test := range []struct {
		name, in string
		want     want
	}{
		{"nothing", "", want{none: true}},
		{"words", "kopi  pagi", want{typed: "kopi pagi", must: `('kopi') & ('pagi')`}},
		{"phrase", `"rumah di tepi" sungai`, want{typed: `"rumah di tepi" sungai`, must: `('rumah di tepi') & ('sungai')`}},
		{"quotation marks of books", "“rumah di tepi”", want{typed: `"rumah di tepi"`, must: `('rumah di tepi')`}},
		{"without", "kopi -susu", want{typed: "kopi -susu", must: `('kopi')`, not: `'susu'`}},
		{"without a phrase", `kopi -"susu kental"`, want{typed: `kopi -"susu kental"`, must: `('kopi')`, not: `'susu kental'`}},
		{"only without", "-kopi", want{typed: "-kopi", not: `'kopi'`, none: true}},
		{"a hyphen inside", "orang-orang", want{typed: "orang-orang", must: `('orang-orang')`}},
		{"alternatives", "kopi atau teh OR susu panas", want{
			typed: "kopi or teh or susu panas", must: `('kopi' | 'teh' | 'susu') & ('panas')`,
		}},
		{"alternatives at the ends", "or kopi or", want{typed: "kopi", must: `('kopi')`}},
		{"alternative to what must not be", "kopi or -teh or susu", want{typed: "kopi -teh susu", must: `('kopi') & ('susu')`, not: `'teh'`}},
		{"only stop words", "yang dan the of", want{typed: "yang dan the of", none: true}},
		{"stop words fall out", "kopi yang the best", want{typed: "kopi yang the best", must: `('kopi') & ('best')`}},
		{"stop words in a phrase stay", `"apa itu"`, want{typed: `"apa itu"`, must: `('apa itu')`}},
		{"an alternative to a stop word", "yang or kopi", want{typed: "yang or kopi", must: `('kopi')`}},
		{"no end of quotation", `"kopi pagi`, want{typed: `"kopi pagi"`, must: `('kopi pagi')`}},
		{"empty quotation", `""" kopi`, want{typed: `"kopi"`, must: `('kopi')`}},
		{"signs", `& | ! ( ) : * <-> \ ' kopi:* a&b`, want{typed: "kopi:* a b", must: `('kopi:*') & ('b')`}},
		{"quotes and backslashes", `it's a\b`, want{typed: `it's a\b`, must: `('it''s') & ('a\\b')`}},
		{"NUL and controls", "ko\x00pi\x02pagi\tsiang", want{typed: "ko pi pagi siang", must: `('ko') & ('pi') & ('pagi') & ('siang')`}},
		{"not UTF-8", "kopi\xff\xfepagi", want{typed: "kopi pagi", must: `('kopi') & ('pagi')`}},
		{"direction and zero width", "ko\u202epi\u200b", want{typed: "kopi", must: `('kopi')`}},
		{"emoji", "☕ 🎉 kopi", want{typed: "kopi", must: `('kopi')`}},
		{"only emoji", "☕🎉", want{none: true}},
		{"Han", "東京夜景", want{typed: "東京夜景", must: `(('東京' & '京夜' & '夜景'))`}},
		{"one character of Han", "夜", want{typed: "夜", must: `('夜':*)`}},
		{"Han among letters", "Go言語2", want{typed: "Go言語2", must: `(('Go' & '言語' & '2'))`}},
		{"Thai", "กาแฟ", want{typed: "กาแฟ", must: `(('กา' & 'าแ' & 'แฟ'))`}},
		{"Arabic", "قهوة الصباح", want{typed: "قهوة الصباح", must: `('قهوة') & ('الصباح')`}},
		{"very many words", many, want{
			typed: strings.TrimSpace(strings.Repeat("kata ", 24)), must: "(" + strings.TrimSuffix(strings.Repeat("'kata') & (", 24), " & ("), cut: true,
		}},
		{"10,000 characters", strings.Repeat("a", 10_000), want{
			typed: strings.Repeat("a", 100), must: "('" + strings.Repeat("a", 100) + "')", cut: true,
		}},
		{"minus signs", "--kopi - -", want{typed: "--kopi", must: `('--kopi')`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := ParseWanted(test.in)
			got := want{typed: w.String(), none: w.None(), cut: w.Cut}
			got.must, got.not = w.TSQuery()
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(want{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestWantedIsReadAgain(t *testing.T) {
	t.Parallel()
	for _, in := range []string{`kopi or "teh susu" -gula`, `"a b" c -"d e" f or g`, "-x y"} {
		if diff := cmp.Diff(in, ParseWanted(in).String()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSpelled(t *testing.T) {
	t.Parallel()
	w := ParseWanted(`kpoi "kpoi pagi" -kpoi Toraaja`)
	if diff := cmp.Diff([]string{"kpoi", "toraaja"}, w.Plain()); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	got := w.Spelled(map[string]string{"kpoi": "kopi", "toraaja": "toraja"}).String()
	if diff := cmp.Diff(`kopi "kpoi pagi" -kpoi toraja`, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff("kpoi", w.Terms[0].Text); diff != "" {
		t.Errorf("the first search was changed (-want +got):\n%s", diff)
	}
}

func TestMarked(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("字", 300)
	for _, test := range []struct{ name, typed, marked, part, want string }{
		{"marked already", "kopi", "\x02Kopi\x03 pagi", "Kopi pagi", "\x02Kopi\x03 pagi"},
		{"not there", "kopi", "teh", "teh", "teh"},
		{"without spaces", "夜景", "東京夜景は", "東京夜景は", "東京\x02夜景\x03は"},
		{
			"far inside", "夜景", long + "夜景" + long, long + "夜景" + long,
			"…" + strings.Repeat("字", 60) + "\x02夜景\x03" + strings.Repeat("字", 160) + "…",
		},
		{"what must not be there", "-teh kopi", "teh", "teh", "teh"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, ParseWanted(test.typed).Marked(test.marked, test.part)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	got := ParseWanted("Memukul -gong yang").Near([]string{"pukul", "the"})
	if diff := cmp.Diff([]string{"memukul", "pukul", "the", "puku", "ukul"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := len(ParseWanted(strings.Repeat("kata1 kata2 kata3 kata4 kata5 ", 6)).Near(strings.Fields("abcd efgh ijkl mnop qrst uvwx"))); n > maxNear {
		t.Errorf("%d pieces", n)
	}
}

func FuzzParseWanted(f *testing.F) {
	for _, seed := range []string{`kopi -"a b" or x`, "\"", "-", "'\\", "夜a夜"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		w := ParseWanted(typed)
		again := ParseWanted(w.String())
		if again.None() != w.None() {
			t.Errorf("%q is read as %q, and that as another search", typed, w.String())
		}
	})
}

func TestTorn(t *testing.T) {
	t.Parallel()
	text := "Kami berjalan bersama para petani sejak subuh, lalu minum kopi di warung Bu Rini."
	for _, test := range []struct{ name, in, want string }{
		{"all of it", text, text},
		{"all but the last sign", "\x02Kami\x03" + text[4:len(text)-1], "\x02Kami\x03" + text[4:len(text)-1]},
		{"the beginning", "Kami berjalan bersama para", "Kami berjalan bersama para …"},
		{"the end", "minum \x02kopi\x03 di warung Bu Rini", "… minum \x02kopi\x03 di warung Bu Rini"},
		{"inside", "petani sejak subuh", "… petani sejak subuh …"},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, Torn(test.in, text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
