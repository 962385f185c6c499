package archtest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// pkg is what "go list" says of a package, with its syntax and types.
type pkg struct {
	ImportPath   string
	Name         string
	Dir          string
	Export       string
	Standard     bool
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string
	Module       *struct{ Path string }
	Error        *struct{ Err string }

	path  string // in this module: "crud/query"; "." is the root
	files []*ast.File
	tests []*ast.File
	types *types.Package // nil when the package does not compile
	info  *types.Info
	fault string // why it does not
}

// importable tells whether apps can import the package.
func (p *pkg) importable() bool {
	return p.Name != "main" && !strings.HasPrefix(p.path, "internal/") && !strings.Contains(p.path, "/internal/")
}

// tree is all packages of this module, and by import path all they depend on.
type tree struct {
	fset *token.FileSet
	own  []*pkg
	all  map[string]*pkg
}

var loadOnce = sync.OnceValues(load)

// loaded returns the module's packages, which are loaded once for all tests.
func loaded(t *testing.T) *tree {
	t.Helper()
	tr, err := loadOnce()
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func load() (*tree, error) {
	cmd := exec.Command("go", "list", "-e", "-export", "-deps", "-json", "./...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.String())
	}
	tr := &tree{fset: token.NewFileSet(), all: map[string]*pkg{}}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		p := &pkg{}
		if err := decoder.Decode(p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		tr.all[p.ImportPath] = p
		if p.Module != nil && p.Module.Path == module {
			p.path = short(p.ImportPath)
			tr.own = append(tr.own, p)
		}
	}
	return tr, tr.check()
}

// short turns an import path of this module into a path in it.
func short(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

// check parses and type-checks our packages, against the compiler's export
// data of their dependencies.
func (tr *tree) check() error {
	lookup := func(path string) (io.ReadCloser, error) {
		p := tr.all[path]
		if p == nil || p.Export == "" {
			return nil, fmt.Errorf("no export data of %s: it does not compile", path)
		}
		return os.Open(p.Export)
	}
	compiled := importer.ForCompiler(tr.fset, "gc", lookup)
	for _, p := range tr.own {
		var err error
		if p.files, err = tr.parse(p.Dir, p.GoFiles); err != nil {
			return err
		}
		if p.tests, err = tr.parse(p.Dir, append(p.TestGoFiles, p.XTestGoFiles...)); err != nil {
			return err
		}
		if p.Error != nil {
			p.fault = p.Error.Err
			continue // the tests that need no types still say what they find
		}
		if err := p.typeCheck(tr.fset, compiled); err != nil {
			p.fault = err.Error()
		}
	}
	return nil
}

// typeCheck fills types and info; types stays nil when there is an error.
func (p *pkg) typeCheck(fset *token.FileSet, imports types.Importer) error {
	p.info = &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	config := types.Config{Importer: imports}
	checked, err := config.Check(p.ImportPath, fset, p.files, p.info)
	if err == nil {
		p.types = checked
	}
	return err
}

func TestEveryPackageCompiles(t *testing.T) {
	t.Parallel()
	for _, p := range loaded(t).own {
		if p.fault != "" {
			t.Errorf("package %s, and with it its API and its variables, cannot be checked: %s", p.path, p.fault)
		}
	}
}

func (tr *tree) parse(dir string, names []string) ([]*ast.File, error) {
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(tr.fset, filepath.Join(dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// at is the place of a node, as file:line, for messages.
func (tr *tree) at(p *pkg, pos token.Pos) string {
	place := tr.fset.Position(pos)
	return fmt.Sprintf("%s/%s:%d", p.path, filepath.Base(place.Filename), place.Line)
}
