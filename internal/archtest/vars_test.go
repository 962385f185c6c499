package archtest_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"testing"
)

// allowedVars are package-level variables with a reason to exist.
var allowedVars = map[string]string{
	"internal/testdb.process": "tests that know nothing of each other share one server",
}

// TestNoPackageLevelState fails on variables that can change. What stays is
// assertions (var _ I = T{}), error sentinels, embedded files, and unexported
// tables and patterns that nothing in their package ever writes to.
func TestNoPackageLevelState(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	for _, p := range tr.own {
		if p.types == nil {
			continue
		}
		written := writtenVars(p)
		scope := p.types.Scope()
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if !ok || allowedVars[p.path+"."+name] != "" {
				continue
			}
			switch {
			case written[v]:
				t.Errorf("%s: package-level variable %s is written to: keep it in a value that a constructor returns", tr.at(p, v.Pos()), name)
			case holdsLock(v.Type(), map[types.Type]bool{}):
				t.Errorf("%s: package-level variable %s is shared state: keep it in a value that a constructor returns", tr.at(p, v.Pos()), name)
			case v.Exported() && !isError(v.Type()):
				t.Errorf("%s: exported variable %s can be changed by anybody: make it a function or a constant", tr.at(p, v.Pos()), name)
			}
		}
	}
}

func isError(t types.Type) bool {
	err := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return types.Implements(t, err) || types.Implements(types.NewPointer(t), err)
}

// writtenVars finds the package-level variables that a package assigns to,
// wholly or in part, or whose address it takes, explicitly or by a method.
func writtenVars(p *pkg) map[*types.Var]bool {
	written := map[*types.Var]bool{}
	mark := func(e ast.Expr) {
		if v := packageVar(p, e); v != nil {
			written[v] = true
		}
	}
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				mark(left)
			}
		case *ast.IncDecStmt:
			mark(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				mark(n.Key)
				mark(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				mark(n.X)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (f.Name == "delete" || f.Name == "clear" || f.Name == "copy") {
				mark(n.Args[0])
			}
		}
		return true
	}
	for _, file := range p.files {
		ast.Inspect(file, visit)
	}
	return written
}

// packageVar returns the package-level variable at the root of e, as v in
// v.field[i], or nil.
func packageVar(p *pkg, e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.ParenExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.Ident:
			v, ok := p.info.Uses[x].(*types.Var)
			if ok && v.Pkg() == p.types && v.Parent() == p.types.Scope() {
				return v
			}
			return nil
		default:
			return nil
		}
	}
}

// holdsLock finds types made to be changed by several goroutines: channels and
// what sync and sync/atomic declare, at any depth of our own structs.
func holdsLock(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		return holdsLock(types.Unalias(t), seen)
	case *types.Named:
		if pkg := t.Obj().Pkg(); pkg != nil {
			switch path := pkg.Path(); {
			case path == "sync" || path == "sync/atomic":
				return true
			case !inModule(path, module):
				return false // a compiled pattern, say, which locks inside and does not change
			}
		}
		return holdsLock(t.Underlying(), seen)
	case *types.Pointer:
		return holdsLock(t.Elem(), seen)
	case *types.Chan:
		return true
	case *types.Struct:
		for field := range t.Fields() {
			if holdsLock(field.Type(), seen) {
				return true
			}
		}
	}
	return false
}
