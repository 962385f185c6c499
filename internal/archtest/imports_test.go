package archtest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/matryer/is"
)

func TestImportsFollowTheTable(t *testing.T) {
	t.Parallel()
	for _, p := range loaded(t).own {
		for _, problem := range importProblems(p) {
			t.Error(problem)
		}
	}
}

// importProblems compares a package's direct imports with the table.
func importProblems(p *pkg) (problems []string) {
	r, listed := ruleOf(p.path)
	if !listed {
		return []string{fmt.Sprintf("package %s is not in the table: add it to table_test.go with what it may import", p.path)}
	}
	for _, path := range p.Imports {
		if why := r.forbids(p.path, path); why != "" {
			problems = append(problems, fmt.Sprintf("package %s imports %s: %s", p.path, path, why))
		}
	}
	// Tests may use all of this module, but not any library.
	r = rule{any: true, libs: append(slices.Clone(testLibraries), r.libs...)}
	for _, path := range append(slices.Clone(p.TestImports), p.XTestImports...) {
		if why := r.forbids("", path); why != "" {
			problems = append(problems, fmt.Sprintf("a test of package %s imports %s: %s", p.path, path, why))
		}
	}
	return problems
}

// forbids says why the package from, "" for a test, must not import path.
func (r rule) forbids(from, path string) string {
	if path == module || strings.HasPrefix(path, module+"/") {
		return r.forbidsOwn(from, short(path))
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return "" // the standard library
	}
	for _, name := range r.libs {
		if inModule(path, libraries[name].path) {
			return ""
		}
	}
	return "the table gives it the libraries " + fmt.Sprint(r.libs)
}

func (r rule) forbidsOwn(from, to string) string {
	switch owner, _, internal := strings.Cut(to, "/internal/"); {
	case from != "" && testOnly(to) && !testOnly(from):
		return "it is for tests only"
	case internal && (from == owner || strings.HasPrefix(from, owner+"/")):
		return ""
	case r.any || slices.Contains(r.imports, to):
		return ""
	}
	return "the table gives it " + fmt.Sprint(r.imports)
}

func inModule(path, mod string) bool { return path == mod || strings.HasPrefix(path, mod+"/") }

func TestNothingLinksWhatItMustNot(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	for _, p := range tr.own {
		for _, link := range links {
			if p.path != link.pkg {
				continue
			}
			for _, dep := range p.Deps {
				if inModule(dep, libraries[link.ban].path) {
					t.Errorf("package %s links %s: %s", p.path, dep, link.why)
				}
			}
		}
	}
}

func TestAdoptersLinkFewModules(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	modules := map[string]bool{}
	for _, p := range tr.own {
		if !slices.Contains(adopted, p.path) {
			continue
		}
		for _, dep := range p.Deps {
			if d := tr.all[dep]; d != nil && d.Module != nil && d.Module.Path != module {
				modules[d.Module.Path] = true
			}
		}
	}
	if len(modules) > maxModules {
		t.Errorf("%v together link %d modules, at most %d are allowed:\n%s", adopted, len(modules), maxModules,
			strings.Join(slices.Sorted(maps.Keys(modules)), "\n"))
	}
}

func TestTheTableIsConsistent(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for name, library := range libraries {
		is.True(library.path != "" && library.why != "") // a library without a path or a reason
		is.True(name != "")
	}
	for path, r := range table {
		for _, name := range r.libs {
			_, known := libraries[name]
			is.True(known) // a library that is not described
		}
		for _, to := range r.imports {
			_, known := table[to]
			is.True(known)      // an import that is not in the table
			is.True(to != path) // a package that imports itself
		}
	}
	for _, link := range links {
		_, known := libraries[link.ban]
		is.True(known && link.why != "")
	}
}

func TestForbiddenImportsAreFound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		pkg      pkg
		problems int
	}{
		{"allowed", pkg{path: "crud", Imports: []string{"fmt", module, module + "/hook", "github.com/google/uuid"}}, 0},
		{"unlisted package", pkg{path: "surprise"}, 1},
		{"feature to feature", pkg{path: "rest", Imports: []string{module + "/crud"}}, 1},
		{"upwards", pkg{path: "hook", Imports: []string{module}}, 1},
		{"foreign library", pkg{path: "hook", Imports: []string{"github.com/google/uuid"}}, 1},
		{"library with a similar name", pkg{path: "crud", Imports: []string{"github.com/google/uuidx"}}, 1},
		{"test helper in production", pkg{path: "cmd/demo", Imports: []string{module + "/internal/testdb", module + "/crud/crudtest"}}, 2},
		{"test helper in tests", pkg{path: "crud", XTestImports: []string{module + "/internal/testdb", "pgregory.net/rapid"}}, 0},
		{"foreign library in tests", pkg{path: "crud", TestImports: []string{"github.com/stretchr/testify/assert"}}, 1},
		{"suite", pkg{path: "crud/crudtest", Imports: []string{module + "/crud", module + "/crud/sqldb/pgdb", module + "/perm"}}, 0},
		{"suite that reaches too far", pkg{path: "crud/crudtest", Imports: []string{module + "/rest"}}, 1},
		{"own mechanics", pkg{path: "registry", Imports: []string{module + "/registry/internal/tags"}}, 0},
		{"helper of tests", pkg{path: "crud/internal/crashtest", Imports: []string{module + "/internal/testdb", module + "/crud"}}, 0},
		{"helper of tests in production", pkg{path: "crud", Imports: []string{module + "/crud/internal/crashtest"}}, 1},
		{"mechanics follow their owner", pkg{path: "registry/internal/tags", Imports: []string{module + "/crud"}}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			is.New(t).Equal(len(importProblems(&test.pkg)), test.problems)
		})
	}
}
