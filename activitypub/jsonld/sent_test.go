package jsonld

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every term of the documents that are sent is defined by their own context: a server that expands them loses nothing.
func TestSentDocumentsDefineTheirTerms(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/encode/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no documents", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p, err := parse(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		must, s := p.mustExpand()
		if must {
			t.Errorf("%s: uses unusual names", file)
		}
		node, err := p.expand(s)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		undefined(t, file, node)
	}
}

func undefined(t *testing.T, path string, value any) {
	t.Helper()
	switch value := value.(type) {
	case map[string]any:
		for key, v := range value {
			if strings.HasPrefix(key, "_:") {
				t.Errorf("%s: %s is not defined", path, key)
			}
			undefined(t, path+" "+key, v)
		}
	case []any:
		for _, v := range value {
			undefined(t, path, v)
		}
	case string:
		if strings.HasSuffix(path, "@type") && strings.HasPrefix(value, "_:") {
			t.Errorf("%s: %s is not defined", path, value)
		}
	}
}
