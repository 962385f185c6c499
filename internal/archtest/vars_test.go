package archtest_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"testing"
)

// allowedVars are package-level variables with a reason to exist.
var allowedVars = map[string]string{
	"internal/strictjson.plans": "a cache of what follows from a type alone, as encoding/json has one",
	"internal/testdb.process":   "tests that know nothing of each other share one server",
	"rest.buffers":              "a free list of scratch space; no result depends on it",
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
		for v, why := range stateOf(p) {
			if allowedVars[p.path+"."+v.Name()] == "" {
				t.Errorf("%s: package-level variable %s %s", tr.at(p, v.Pos()), v.Name(), why)
			}
		}
	}
}

// stateOf finds the package-level variables that can change, and says how.
func stateOf(p *pkg) map[*types.Var]string {
	state := map[*types.Var]string{}
	written := writtenVars(p)
	for _, name := range p.types.Scope().Names() {
		v, ok := p.types.Scope().Lookup(name).(*types.Var)
		switch {
		case !ok:
		case written[v]:
			state[v] = "is written to: keep it in a value that a constructor returns"
		case holdsLock(v.Type(), map[types.Type]bool{}):
			state[v] = "is shared state: keep it in a value that a constructor returns"
		case v.Exported() && !isError(v.Type()):
			state[v] = "can be changed by anybody: make it a function or a constant"
		}
	}
	return state
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
		case *ast.SelectorExpr:
			if takesAddress(p.info.Selections[n]) {
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

// takesAddress tells whether v.Method passes &v to the method.
func takesAddress(s *types.Selection) bool {
	if s == nil || s.Kind() != types.MethodVal {
		return false
	}
	_, byPointer := s.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
	_, isPointer := s.Recv().Underlying().(*types.Pointer)
	return byPointer && !isPointer
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
