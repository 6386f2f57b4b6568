package arch

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// Documents name tests as `package` TestOne, TestTwo; `package` TestThree.
var (
	namedPackage = regexp.MustCompile("`([a-z0-9/]+)` ((?:(?:Test|Fuzz|Benchmark)[A-Z]\\w*(?:: [^,;|()]*)?(?:, | and )?)+)")
	namedTest    = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark)[A-Z]\w*`)
	namedRow     = regexp.MustCompile(`\bTest[A-Z]\w*: ([^,;|()]+)`)
)

// Every test that a document names, and every row of its table, is where it says, so that no document
// speaks of a proof that is gone.
func TestDocumentsNameTests(t *testing.T) {
	t.Parallel()
	there := map[string]bool{} // package and name, the name alone, and strings as they stand in tests
	for _, s := range sources(t) {
		if !s.test {
			continue
		}
		for _, decl := range s.file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				there[s.dir()+" "+f.Name.Name], there[f.Name.Name] = true, true
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
				there[text.Value] = true
			}
			return true
		})
	}
	documents, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			for _, name := range missing(line, there) {
				t.Errorf("%s:%d: there is no %s", document, i+1, name)
			}
			named += len(namedTest.FindAllString(line, -1))
		}
	}
	if named < 200 {
		t.Errorf("only %d tests were found in the documents", named)
	}
}

// missing returns the tests that a line names and that are not there.
func missing(line string, there map[string]bool) []string {
	var list []string
	for _, m := range namedPackage.FindAllStringSubmatch(line, -1) {
		for _, name := range namedTest.FindAllString(m[2], -1) {
			if there[name] && !there[m[1]+" "+name] {
				list = append(list, name+" in "+m[1])
			}
		}
	}
	for _, name := range namedTest.FindAllString(line, -1) {
		if !there[name] && name != "TestAttack" {
			list = append(list, name)
		}
	}
	for _, m := range namedRow.FindAllStringSubmatch(line, -1) {
		if row := strings.TrimSpace(m[1]); !there[strconv.Quote(row)] {
			list = append(list, "row "+row)
		}
	}
	return list
}

func TestMissing(t *testing.T) {
	t.Parallel()
	there := map[string]bool{"web TestA": true, "TestA": true, "web/studio TestB": true, "TestB": true, `"a row"`: true}
	for in, want := range map[string]string{
		"| x | `web` TestA: a row; `web/studio` TestB |": "",
		"`web` TestA, TestB":                             "TestB in web",
		"`web` TestA: a row, TestB":                      "TestB in web",
		"`web` TestA: another row | x":                   "row another row",
		"`web/studio` TestB and TestC":                   "TestC",
		"as TestC shows":                                 "TestC",
		"go test ./web -run TestAttack":                  "",
		"no name":                                        "",
	} {
		if got := strings.Join(missing(in, there), " "); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}
