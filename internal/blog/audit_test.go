package blog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kabar/internal/i18n"
)

// Everything that this package writes to the audit log is in AuditNames, and
// has its words in every language.
func TestAuditNames(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(AuditNames) {
		t.Error("the names are in no order")
	}
	for _, lang := range i18n.Languages {
		for _, name := range AuditNames {
			if !i18n.Has(lang, "audit."+name) {
				t.Errorf("%s: %q has no words", lang, name)
			}
		}
	}
	written := auditedNames(t)
	if len(written) < 20 {
		t.Errorf("only %d names were found in the code: %q", len(written), written)
	}
	for _, name := range written {
		known := slices.Contains(AuditNames, name)
		if strings.HasSuffix(name, ".") || strings.HasSuffix(name, ".un") { // a variable follows
			known = slices.ContainsFunc(AuditNames, func(n string) bool { return strings.HasPrefix(n, name) })
		}
		if !known {
			t.Errorf("%q is not in AuditNames", name)
		}
	}
	for _, state := range verdicts {
		if !slices.Contains(AuditNames, "comment."+string(state)) {
			t.Errorf("comment.%s is not in AuditNames", state)
		}
	}
	for state := range quoteDecisions {
		if !slices.Contains(AuditNames, "quote."+string(state)) {
			t.Errorf("quote.%s is not in AuditNames", state)
		}
	}
}

// auditedNames are the names in calls of audit and moderationAudit, or their
// beginnings, and those in variables called action.
func auditedNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	add := func(args []ast.Expr) {
		for _, arg := range args {
			ast.Inspect(arg, func(n ast.Node) bool {
				if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING && strings.Contains(text.Value, ".") {
					names = append(names, strings.Trim(text.Value, `"`))
				}
				return true
			})
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && (f.Sel.Name == "audit" || f.Sel.Name == "moderationAudit") {
					add(n.Args)
				}
			case *ast.AssignStmt:
				if name, ok := n.Lhs[0].(*ast.Ident); ok && name.Name == "action" {
					add(n.Rhs)
				}
			}
			return true
		})
	}
	return names
}
