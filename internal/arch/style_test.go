package arch

import (
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	longestFunction = 100 // lines
	longestFile     = 600
)

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if lines := s.line(s.file.FileEnd); lines > longestFile {
			t.Errorf("%s has %d lines, more than %d", s.path, lines, longestFile)
		}
		for _, decl := range s.file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if lines := s.line(f.End()) - s.line(f.Pos()) + 1; lines > longestFunction {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, lines, longestFunction)
			}
		}
	}
}

// TestNames refuses names that say nothing about what is inside.
func TestNames(t *testing.T) {
	t.Parallel()
	empty := []string{"util", "utils", "common", "helper", "helpers", "models", "misc"}
	for _, s := range sources(t) {
		file := strings.TrimSuffix(strings.TrimSuffix(path.Base(s.path), ".go"), "_test")
		for _, name := range append(strings.Split(s.dir(), "/"), file) {
			if slices.Contains(empty, name) {
				t.Errorf("%s: call it after what it does", s.path)
			}
		}
	}
}

// TestSQLIsInOnePackage looks for statements in what is above the leaves.
func TestSQLIsInOnePackage(t *testing.T) {
	t.Parallel()
	statement := regexp.MustCompile("^[`\"]\\s*(SELECT .+ FROM|INSERT INTO|UPDATE \\S+ SET|DELETE FROM) ")
	for _, s := range sources(t) {
		from := layerOf(s.dir())
		if s.test || s.dir() == "internal/postgres" || from == nil || from.name == "leaf" || from.name == "test" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if text, ok := n.(*ast.BasicLit); ok && statement.MatchString(text.Value) {
				t.Errorf("%s:%d: SQL belongs in internal/postgres", s.path, s.line(text.Pos()))
			}
			return true
		})
	}
}

// documented counts the exported names of a package.
type documented struct {
	names   int
	without []string
}

func TestDocumentation(t *testing.T) {
	t.Parallel()
	comments := map[string]bool{}
	counts := map[string]*documented{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		comments[s.dir()] = comments[s.dir()] || s.file.Doc != nil
		if counts[s.dir()] == nil {
			counts[s.dir()] = &documented{}
		}
		for _, decl := range s.file.Decls {
			counts[s.dir()].add(decl)
		}
	}
	for dir, c := range counts {
		if !comments[dir] {
			t.Errorf("%s has no package comment", dir)
		}
		least := 0.8
		if strings.HasPrefix(dir+"/", "activitypub/") {
			least = 1
		}
		if share := float64(len(c.without)) / float64(max(c.names, 1)); share > 1-least {
			t.Errorf("%s: %d exported names, not explained are %v", dir, c.names, c.without)
		}
	}
}

func (c *documented) add(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || ofExported(d.Recv) {
			c.count(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				c.count(spec.Name, d.Doc, spec.Doc, spec.Comment)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					c.count(name, d.Doc, spec.Doc, spec.Comment)
				}
			}
		}
	}
}

func (c *documented) count(name *ast.Ident, docs ...*ast.CommentGroup) {
	wellKnown := []string{"Error", "Unwrap", "String"} // methods whose meaning is the language's
	if !name.IsExported() || slices.Contains(wellKnown, name.Name) {
		return
	}
	c.names++
	if !slices.ContainsFunc(docs, func(doc *ast.CommentGroup) bool { return doc != nil }) {
		c.without = append(c.without, name.Name)
	}
}

// ofExported tells whether the methods of a receiver are exported with it.
func ofExported(receiver *ast.FieldList) bool {
	typ := receiver.List[0].Type
	for {
		switch t := typ.(type) {
		case *ast.StarExpr:
			typ = t.X
		case *ast.IndexExpr:
			typ = t.X
		case *ast.IndexListExpr:
			typ = t.X
		case *ast.Ident:
			return t.IsExported()
		default:
			return false
		}
	}
}
