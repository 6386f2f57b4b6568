package templates

import "testing"

func BenchmarkArticle(b *testing.B) {
	p := sampleArticlePage("id")
	for b.Loop() {
		if _, err := HTML(p); err != nil {
			b.Fatal(err)
		}
	}
}
