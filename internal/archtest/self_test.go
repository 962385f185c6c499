package archtest_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"github.com/matryer/is"
)

// The checks of this package are tested themselves, on small sources: a check
// that finds nothing looks just like a clean tree.

func sample(t *testing.T, source string) (*pkg, *token.FileSet) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "sample.go", "package sample\n"+source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	p := &pkg{ImportPath: module + "/sample", path: "sample", files: []*ast.File{file}}
	if err := p.typeCheck(fset, importer.ForCompiler(fset, "source", nil)); err != nil {
		t.Fatal(err)
	}
	return p, fset
}

func TestStateIsFound(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]bool{
		`var table = map[string]int{"a": 1}`:                                            false,
		`type I interface{}; var _ I = 1`:                                               false,
		`import "errors"; var ErrGone = errors.New("gone")`:                             false,
		`type E struct{}; func (*E) Error() string { return "" }; var ErrE = &E{}`:      false,
		`import "errors"; var ErrGone = errors.New("gone"); func f() { ErrGone = nil }`: true,
		`var table = map[string]int{}; func f() { table["a"] = 1 }`:                     true,
		`var table = map[string]int{}; func f() { delete(table, "a") }`:                 true,
		`var n int; func f() { n++ }`:                                                   true,
		`var n int; func f() *int { return &n }`:                                        true,
		`var s struct{ list []int }; func f() { s.list = append(s.list, 1) }`:           true,
		`import "bytes"; var b bytes.Buffer; func f() { b.WriteByte('x') }`:             true,
		`import "sync"; var once sync.Once`:                                             true,
		`import "sync"; type cache struct{ mu *sync.Mutex }; var c = &cache{}`:          true,
		`var events = make(chan int)`:                                                   true,
		`var Default = 1`:                                                               true,
		`var n int; func f() { n := 1; n++ }`:                                           false,
	} {
		p, _ := sample(t, source)
		if found := len(stateOf(p)) > 0; found != want {
			t.Errorf("state found: %v, want %v in: %s", found, want, source)
		}
	}
}

func TestSQLOperandsAreFound(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		`db.Query("SELECT " + column)`:                                 "",
		`db.Query("SELECT 1 WHERE x = ?", name)`:                       "",
		`db.Query("SELECT " + name)`:                                   "name",
		`db.QueryContext(nil, "SELECT " + name, name)`:                 "name",
		`db.Exec(fmt.Sprintf("DELETE FROM %s LIMIT %d", name, 3))`:     "name",
		`db.Exec("SELECT " + strings.Join([]string{"a", name}, ", "))`: "name",
		`db.Prepare(strings.ToUpper(name) + (quote(name)))`:            "strings.ToUpper() quote()",
		`text := "x"; db.Exec(text); db.Close()`:                       "text",
	} {
		p, _ := sample(t, `
			import ("database/sql"; "fmt"; "strings")
			const column = "a" + "b"
			func quote(s string) string { return s }
			func f(db *sql.DB, name string) { `+source+` }
			var _, _ = fmt.Sprint(), strings.ToUpper("")`)
		var found []string
		for _, o := range sqlOperands(p) {
			found = append(found, o.text)
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("found %q, want %q in: %s", got, want, source)
		}
	}
}

func TestDoubledQuotesAreFound(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]int{
		"strings.ReplaceAll(s, `\"`, `\"\"`)":           1,
		"strings.NewReplacer(\"`\", \"``\").Replace(s)": 1,
		"strings.ReplaceAll(s, `\"\"`, `\"`)":           0,
		"strings.ReplaceAll(s, `a`, `aa`)":              0,
		"strings.TrimLeft(s, `\"`)":                     0,
	} {
		p, _ := sample(t, "import \"strings\"\nfunc f(s string) string { return "+source+" }")
		if got := doublings(p, p.files[0]); got != want {
			t.Errorf("found %d, want %d in: %s", got, want, source)
		}
	}
}

func TestUndocumentedNamesAreFound(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]int{
		"func F() {}":               1,
		"// F is.\nfunc F() {}":     0,
		"func f() {}":               0,
		"type T struct{}":           1,
		"// T is.\ntype T struct{}": 0,
		"const A = 1":               1,
		"// All of them.\nconst (\nA = 1\nB = 2\n)":                    0,
		"// All.\ntype (\nA int\nB int\n)":                             2,
		"// All.\ntype (\nA = int\nB = string\n)":                      0,
		"// T is.\ntype T int\nfunc (T) M() {}":                        1,
		"type t int\nfunc (t) M() {}":                                  0,
		"// T is.\ntype T struct{\nA int\nB int\n}":                    0,
		"// T is.\ntype T struct{\nA int\n\nB int\nc int\n}":           1,
		"// T is.\ntype T struct{\nA int\n\n// B is.\nB int\nC int\n}": 0,
		"// I is.\ntype I interface{\nA()\n\nB()\n}":                   1,
	} {
		p, fset := sample(t, source)
		found := 0
		for _, decl := range p.files[0].Decls {
			undocumented(fset, decl, func(*ast.Ident, string) { found++ })
		}
		if found != want {
			t.Errorf("found %d, want %d in:\n%s", found, want, source)
		}
	}
}

func TestAPIShowsWhatCallersSee(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	p, _ := sample(t, `
import "io"
type Box[V any] struct { Value V `+"`json:\"v\"`"+`; hidden int; io.Reader }
func (b *Box[V]) Get() V { return b.Value }
func (b *Box[V]) secret() {}
type Doer interface { io.Closer; Do(n int) error }
type Short = Box[int]
const Limit = 3
func New[V any](v V) *Box[V] { return nil }
func internal() {}
`)
	is.Equal(apiOf(p.types), []string{
		"type Box[V any] struct",
		"type Box[V any] struct, Value V `json:\"v\"`",
		"type Box[V any] struct, embeds io.Reader",
		"method (*Box[V]) Get() V",
		"type Doer interface",
		"type Doer interface, embeds io.Closer",
		"type Doer interface, Do(n int) error",
		"const Limit untyped int = 3",
		"func New[V any](v V) *Box[V]",
		"type Short = Box[int]",
	})
	is.Equal(difference([]string{"a", "b"}, []string{"b", "c"}), "- a\n+ c\n")
	is.Equal(difference(apiOf(p.types), apiOf(p.types)), "")
}
