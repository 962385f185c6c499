package archtest_test

import (
	"go/ast"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// handles are the types that users hold and call: each of their methods is an
// entry point, as each function of a package is.
var handles = map[string][]string{
	".":              {"Actions", "Actor", "Error", "WellKnown"},
	"crud":           {"Feed", "Manager", "RowCache", "Subscription"},
	"crud/crudtest":  {"App"},
	"crud/idemstore": {"Store"},
	"crud/query":     {"Aggregate", "Filter", "Group", "Opt", "Query"},
	"crud/sqldb":     {"Cache", "DB", "Error", "Fragment", "Template"},
	"hook":           {"PanicError", "Point", "Set", "Skipper"},
	"logx":           {"Secret"},
	"migrate":        {"CLI", "Migrator", "Planned"},
	"perm":           {"Engine", "Superadmins"},
	"perm/permtest":  {"World"},
	"perm/teams":     {"Managers"},
	"registry":       {"Components", "Model", "Ref", "Registry"},
	"rest":           {"API", "Client", "GracefulServer", "Health"},
	"rest/resttest":  {"API", "Answer", "Document"},
	"seed":           {"Report", "Seeder"},
}

// plumbing are exported functions and methods that packages of this module
// need of one another, or whoever writes a backend or a layer; an example would
// tell their users nothing.
var plumbing = map[string]string{
	"crud/crudtest:User":         "Create is given the ctx of who acts",
	"crud/idemstore:DB":          "the handle that New was given",
	"crud/idemstore:Database":    "rest compares it with that of what it serves",
	"crud/query:OptType":         "registry reads forms by reflection",
	"crud/query:OptValue":        "registry reads forms by reflection",
	"crud/query:SetAny":          "registry fills forms by reflection",
	"crud/query:ValidatorValue":  "the validator asks for it",
	"crud/sqldb.Join":            "for backends",
	"crud/sqldb.New":             "for backends",
	"crud/sqldb.Plain":           "for dialects",
	"crud/sqldb.Refuse":          "for backends",
	"crud/sqldb.Running":         "for backends",
	"crud/sqldb.Waiting":         "for backends",
	"crud/sqldb.Unusable":        "for backends",
	"crud/sqldb:Driver":          "backends find their own databases by it",
	"hook:Stopped":               "Point asks for it",
	"perm/permtest.ActorName":    "for the messages of a suite",
	"perm/permtest.CachedWorlds": "Worlds once more, for perm's own cache",
	"perm/permtest.Disagreement": "for suites over a surface, such as that of internal/e2e",
	"perm/permtest.Generate":     "Worlds calls it",
	"perm/permtest.Matrix":       "RunMatrix runs it",
	"perm/permtest.Models":       "the models of the worlds, as data",
	"perm/permtest.OpenCached":   "Open once more, for perm's own cache",
	"perm/permtest.Placements":   "RunMatrix runs it",
	"perm/permtest.Registry":     "for suites over a surface, such as that of internal/e2e",
	"perm/permtest:All":          "for suites",
	"perm/permtest:Decide":       "Explain, for suites",
	"perm/permtest:HasSharer":    "for suites",
	"perm/permtest:May":          "Check, for suites",
	"perm/permtest:MayExplain":   "for suites",
	"perm/permtest:Orphaned":     "for suites",
	"perm/permtest:Place":        "for suites",
	"registry:RowAt":             "RowOf, for managers",
}

// spoken are methods that the standard library calls, on what it formats,
// encodes, logs, stores or unwraps.
var spoken = []string{
	"Error", "Format", "GoString", "IsZero", "LogValue", "MarshalJSON", "MarshalText",
	"Scan", "String", "ToSql", "UnmarshalJSON", "UnmarshalText", "Unwrap", "Value",
}

// TestEveryEntryPointHasAnExample: what users call is called in some file of
// examples.
func TestEveryEntryPointHasAnExample(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	shown := map[string]bool{} // "crud.New" for functions, "crud:Get" for methods
	for _, p := range tr.own {
		for _, file := range p.tests {
			if name := filepath.Base(tr.fset.Position(file.Package).Filename); strings.HasPrefix(name, "example") {
				calls(p, file, shown)
			}
		}
	}
	excused := maps.Clone(plumbing)
	for _, p := range tr.own {
		if !p.importable() || testOnly(p.path) && handles[p.path] == nil || p.types == nil {
			continue
		}
		for _, entry := range entryPoints(p) {
			if !shown[entry] && plumbing[entry] == "" {
				t.Errorf("no example shows %s", entry)
			}
			if !shown[entry] {
				delete(excused, entry)
			}
		}
	}
	for entry := range excused {
		t.Errorf("%s needs no excuse: an example shows it, or there is no such entry", entry)
	}
}

// calls notes what a file of examples names of our packages, and the methods
// that it calls on whatever they are called on.
func calls(p *pkg, file *ast.File, shown map[string]bool) {
	imported := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if path != module && !strings.HasPrefix(path, module+"/") {
			continue
		}
		name := path[strings.LastIndexByte(path, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = short(path)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			shown[p.path+":"+s.Sel.Name] = true
			if x, ok := s.X.(*ast.Ident); ok && imported[x.Name] != "" {
				shown[imported[x.Name]+"."+s.Sel.Name] = true
			}
		}
		return true
	})
}

// entryPoints are the package's functions, and the methods of its handles that
// are not spoken.
func entryPoints(p *pkg) (all []string) {
	for _, name := range p.types.Scope().Names() {
		switch object := p.types.Scope().Lookup(name).(type) {
		case *types.Func:
			if object.Exported() {
				all = append(all, p.path+"."+name)
			}
		case *types.TypeName:
			named, ok := object.Type().(*types.Named)
			if !ok || !slices.Contains(handles[p.path], name) {
				continue
			}
			for m := range named.Methods() {
				if m.Exported() && !slices.Contains(spoken, m.Name()) {
					all = append(all, p.path+":"+m.Name())
				}
			}
		}
	}
	return all
}
