package archtest_test

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

func TestEveryPackageHasOnePackageComment(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	for _, p := range tr.own {
		var places []string
		for _, file := range p.files {
			if file.Doc != nil {
				places = append(places, tr.at(p, file.Package))
			}
		}
		if len(places) != 1 {
			t.Errorf("package %s has %d package comments, it must have exactly one: %v", p.path, len(places), places)
		}
	}
}

func TestEveryImportablePackageHasAnExample(t *testing.T) {
	t.Parallel()
	for _, p := range loaded(t).own {
		if p.importable() && !testOnly(p.path) && !hasExample(p) {
			t.Errorf("package %s has no Example in its tests", p.path)
		}
	}
}

func hasExample(p *pkg) bool {
	for _, file := range p.tests {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Example") {
				return true
			}
		}
	}
	return false
}

func TestNoPackageHasInit(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	for _, p := range tr.own {
		for _, file := range p.files {
			for _, decl := range file.Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
					t.Errorf("%s: func init does things nobody asked for; let a constructor do them", tr.at(p, f.Pos()))
				}
			}
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	for _, p := range tr.own {
		if p.Name == "main" {
			continue
		}
		report := func(id *ast.Ident, what string) {
			t.Errorf("%s: %s %s has no doc comment", tr.at(p, id.Pos()), what, id.Name)
		}
		for _, file := range p.files {
			for _, decl := range file.Decls {
				undocumented(tr.fset, decl, report)
			}
		}
	}
}

// undocumented reports exported names of a declaration without a comment.
func undocumented(fset *token.FileSet, decl ast.Decl, report func(id *ast.Ident, what string)) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && d.Doc == nil && exportedReceiver(d) {
			report(d.Name, "func")
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if !s.Name.IsExported() {
					continue
				}
				// Only aliases may share the comment of their group: what they
				// stand for is documented where it is declared.
				if s.Doc == nil && (d.Doc == nil || d.Lparen.IsValid() && !s.Assign.IsValid()) {
					report(s.Name, "type")
				}
				undocumentedMembers(fset, s, report)
			case *ast.ValueSpec:
				// One comment may stand for a group of constants.
				if s.Names[0].IsExported() && s.Doc == nil && s.Comment == nil && d.Doc == nil {
					report(s.Names[0], d.Tok.String())
				}
			}
		}
	}
}

// exportedReceiver is true for functions and for methods of exported types.
func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	var name string
	ast.Inspect(f.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return true
	})
	return ast.IsExported(name)
}

// undocumentedMembers looks at the fields of a struct and the methods of an
// interface. Lines without a blank one between them share the first comment,
// and the type's own comment stands for the first such group.
func undocumentedMembers(fset *token.FileSet, s *ast.TypeSpec, report func(id *ast.Ident, what string)) {
	var members *ast.FieldList
	what := "field of " + s.Name.Name + ":"
	switch of := s.Type.(type) {
	case *ast.StructType:
		members = of.Fields
	case *ast.InterfaceType:
		members, what = of.Methods, "method of "+s.Name.Name+":"
	default:
		return
	}
	documented, last := true, fset.Position(members.Opening).Line
	for _, member := range members.List {
		first := member.Pos()
		if member.Doc != nil {
			first = member.Doc.Pos()
		}
		if fset.Position(first).Line > last+1 {
			documented = false
		}
		last = fset.Position(member.End()).Line
		documented = documented || member.Doc != nil || member.Comment != nil
		for _, id := range member.Names {
			if id.IsExported() && !documented {
				report(id, what)
			}
		}
	}
}

// TestEveryPackageLooksForGoroutines: what a test leaves running shows in no
// other way.
func TestEveryPackageLooksForGoroutines(t *testing.T) {
	t.Parallel()
	for _, p := range loaded(t).own {
		if len(p.tests) > 0 && !looksForGoroutines(p) {
			t.Errorf("package %s has no TestMain that looks for goroutines left behind: testdb.Main(m), or goleak.VerifyTestMain(m)", p.path)
		}
	}
}

func looksForGoroutines(p *pkg) bool {
	for _, file := range p.tests {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Name.Name != "TestMain" {
				continue
			}
			looks := false
			ast.Inspect(f, func(n ast.Node) bool {
				if s, ok := n.(*ast.SelectorExpr); ok && slices.Contains([]string{"Main", "Run", "VerifyTestMain"}, s.Sel.Name) {
					x, named := s.X.(*ast.Ident)
					looks = looks || named && slices.Contains([]string{"testdb", "crashtest", "goleak"}, x.Name)
				}
				return true
			})
			return looks
		}
	}
	return false
}
