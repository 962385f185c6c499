package archtest_test

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"
)

// TestBar36_OnlyNamesReachSQL: the text of a statement is made of constants
// and of the operands in the table below, each of which is a name that the
// dialect has quoted, a name or number of the program's own, or SQL that was
// made under this rule. What a client sends is a value and has no way in.
func TestBar36_OnlyNamesReachSQL(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	used := map[string]bool{}
	for _, p := range tr.own {
		if p.types == nil || testOnly(p.path) {
			continue
		}
		for _, o := range sqlOperands(p) {
			name := p.path + " " + o.text
			used[name] = true
			if !slices.Contains(operands[p.path], o.text) {
				t.Errorf("%s: %s reaches the text of a statement: bind it as a value; if it is a quoted name, list it in operands", tr.at(p, o.pos), o.text)
			}
		}
	}
	for path, list := range operands {
		for _, o := range list {
			if !used[path+" "+o] {
				t.Errorf("operands lists %s for package %s, which no statement contains", o, path)
			}
		}
	}
}

type operand struct {
	text string
	pos  token.Pos
}

// sqlOperands are the parts of the package's statements that are no constants.
func sqlOperands(p *pkg) (found []operand) {
	add := func(e ast.Expr) { found = append(found, operandsOf(p, e)...) }
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				for _, text := range sinkArgs(p, n) {
					add(text)
				}
			case *ast.CompositeLit:
				if t := p.info.Types[n].Type; t != nil && (t.String() == module+"/crud/sqldb.Stmt" || t.String() == module+"/crud/sqldb.Fragment") {
					for _, e := range n.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok && types.ExprString(kv.Key) == "SQL" {
							add(kv.Value)
						}
					}
				}
			}
			return true
		})
	}
	return found
}

// sinkArgs are the arguments of a call that are SQL: those of sqldb.Raw, the
// strings that squirrel's functions take, and the statements given to drivers.
func sinkArgs(p *pkg, call *ast.CallExpr) (texts []ast.Expr) {
	f := calleeOf(p, call)
	if f == nil || f.Pkg() == nil {
		return nil
	}
	path := f.Pkg().Path()
	driver := path == "database/sql" || inModule(path, libraries["pgx"].path)
	switch {
	case path == module+"/crud/sqldb" && f.Name() == "Raw", inModule(path, libraries["squirrel"].path):
	case driver && slices.ContainsFunc(list("Query Exec Prepare"), func(verb string) bool { return strings.HasPrefix(f.Name(), verb) }):
	default:
		return nil
	}
	params := f.Signature().Params()
	for i, arg := range call.Args {
		at := min(i, params.Len()-1)
		_, any := params.At(at).Type().Underlying().(*types.Interface)
		if isString(p, arg) && (!any || i == 0) && (!driver || len(texts) == 0) && !isValues(f, params.At(at)) {
			texts = append(texts, arg)
		}
	}
	return texts
}

// isValues reports whether a variadic parameter takes values, not text.
func isValues(f *types.Func, param *types.Var) bool {
	slice, ok := param.Type().(*types.Slice)
	if !ok || !f.Signature().Variadic() {
		return false
	}
	_, any := slice.Elem().Underlying().(*types.Interface)
	return any
}

func calleeOf(p *pkg, call *ast.CallExpr) *types.Func {
	name, _ := ast.Unparen(call.Fun).(*ast.Ident)
	if s, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		name = s.Sel
	}
	if name == nil {
		return nil
	}
	f, _ := p.info.Uses[name].(*types.Func)
	return f
}

func isString(p *pkg, e ast.Expr) bool {
	t := p.info.Types[e].Type
	if t == nil {
		return false
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// operandsOf takes an expression apart at +, fmt.Sprintf and strings.Join.
func operandsOf(p *pkg, e ast.Expr) (found []operand) {
	if p.info.Types[e].Value != nil || !isString(p, e) {
		return nil // a constant, or a number
	}
	parts := func(es ...ast.Expr) (all []operand) {
		for _, e := range es {
			all = append(all, operandsOf(p, e)...)
		}
		return all
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		return parts(e.X, e.Y)
	case *ast.CompositeLit:
		return parts(e.Elts...)
	case *ast.CallExpr:
		fun := types.ExprString(e.Fun)
		if fun == "fmt.Sprintf" || fun == "strings.Join" {
			return parts(e.Args...)
		}
		return []operand{{fun + "()", e.Pos()}}
	}
	return []operand{{types.ExprString(e), e.Pos()}}
}

// operands are what statements contain besides constants, by package. A call
// stands for all of its kind.
var operands = map[string][]string{
	"crud/sqldb":                 list("t.sql text"), // what it was given to compile
	"crud/sqldb/pgdb":            list("text"),       // what the DB runs
	"crud/sqldb/sqlitedb":        list("text"),
	"crud/sqldb/mariadb":         list("text"),
	"crud/sqldb/internal/stdsql": list("text"),
	"crud": list("c.col() c.dialect.Match() c.from() c.holdLock() c.inPlaceOfDeleted() target.col() target.from() target.live() target.names() c.live() c.names() c.orderBy() c.quote() c.relatedBy() c.rowLock() c.table()",
		"related.from() target.quote() target.table() w.core.relatedBy() plan.inner plan.outer() plan.outer()[:len(a.Keys)]",
		"created id live operand version", // a c.col() each
		"text lookup.lock l.lock l.names l.unlock c.limited()",
		"k.operandOf() k.sign() operands squirrel.Placeholders() w.after.sign() w.col() w.from() w.limit() w.names() w.given() w.ordered() w.orderText() w.outputs() direct() order order()", // columns of a list's order, and its limit
		"columns equal gate has lead limit name row rows strconv.Itoa() strings.Repeat()"),                                                                                                   // names and numbers of the list by arms
	"crud/idemstore": list("s.table c.store.table"), // quoted once
	"perm": list("c.col() c.from() c.e.dialect.Quote() e.dialect.Quote() cols columns id role team", // columns of a model, or of perm's tables
		"alias below col from how limit start mine theirs m.Table table",                                                            // names of perm's own
		"c.materialized() w.materialized() e.forUpdate() flags() lasting() nameOf() string() strings.Repeat() tail text together()", // SQL of perm's own
		"w.col() w.from() w.read() column key name table",                                                                           // columns and tables of the arms
		"fmt.Sprint() itoa() strconv.Itoa() one.expr x.expr"),                                                                       // numbers
	"perm/teams": list("d.Quote() lock"),
	"migrate":    list("columns columns[i] one.text db.Dialect().Quote() query"), // names of tables, what files of the app say, and how atlas reads the catalog
	"seed":       list("s.quote() s.columns() s.base.lock s.base.lockRow"),       // names of a model, quoted, and SQL of its own
}

// TestBar37_OneQuotingPerDialect: who doubles quotes somewhere else quotes in
// another way.
func TestBar37_OneQuotingPerDialect(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	found := map[string]int{}
	for _, p := range tr.own {
		if p.types == nil || testOnly(p.path) {
			continue
		}
		for _, file := range p.files {
			for _, decl := range file.Decls {
				f, ok := decl.(*ast.FuncDecl)
				if n := doublings(p, decl); n > 0 {
					if !ok || f.Name.Name != "Quote" || found[p.path] > 0 {
						t.Errorf("%s: quotes an identifier: ask the dialect's Quote", tr.at(p, decl.Pos()))
					}
					found[p.path] += n
				}
			}
		}
	}
	for _, backend := range list("crud/sqldb/pgdb crud/sqldb/sqlitedb") {
		if found[backend] == 0 {
			t.Errorf("%s has no Quote that doubles quotes", backend)
		}
	}
}

// doublings counts the calls that are given a quote and then two, to replace
// the one by the others.
func doublings(p *pkg, in ast.Node) (n int) {
	ast.Inspect(in, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		for i := 1; i < len(call.Args); i++ {
			one, two := p.info.Types[call.Args[i-1]].Value, p.info.Types[call.Args[i]].Value
			if one == nil || two == nil || one.Kind() != constant.String || two.Kind() != constant.String {
				continue
			}
			if q := constant.StringVal(one); (q == `"` || q == "`") && constant.StringVal(two) == q+q {
				n++
			}
		}
		return true
	})
	return n
}
