package archtest_test

import (
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the exported API to the folder api")

// TestExportedAPI compares what each package exports with its text file, so
// that nobody changes the API without seeing it.
func TestExportedAPI(t *testing.T) {
	t.Parallel()
	expected := map[string]bool{}
	for _, p := range loaded(t).own {
		if !p.importable() {
			continue
		}
		name := filepath.Join("api", strings.ReplaceAll(strings.Replace(p.path, ".", "joinery", 1), "/", ".")+".txt")
		expected[name] = true
		if p.types != nil {
			compareAPI(t, p, name)
		}
	}
	names, err := filepath.Glob(filepath.Join("api", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if expected[name] {
			continue
		}
		if *update {
			err = os.Remove(name)
		} else {
			t.Errorf("%s describes a package that is gone", name)
		}
		if err != nil {
			t.Error(err)
		}
	}
}

func compareAPI(t *testing.T, p *pkg, name string) {
	t.Helper()
	now := apiOf(p.types)
	if *update {
		if err := os.MkdirAll("api", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	content, err := os.ReadFile(name)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if diff := difference(strings.Split(strings.TrimSpace(string(content)), "\n"), now); diff != "" {
		t.Errorf("the exported API of package %s is not what internal/archtest/%s says.\n"+
			"If that is intended, run: go test ./internal/archtest -update\n%s", p.path, name, diff)
	}
}

// difference lists the lines that are gone and the new ones.
func difference(before, now []string) string {
	var b strings.Builder
	for _, line := range before {
		if line != "" && !slices.Contains(now, line) {
			fmt.Fprintf(&b, "- %s\n", line)
		}
	}
	for _, line := range now {
		if !slices.Contains(before, line) {
			fmt.Fprintf(&b, "+ %s\n", line)
		}
	}
	return b.String()
}

// apiOf writes the exported API of a package, one line for each name.
func apiOf(p *types.Package) []string {
	var lines []string
	qualify := func(other *types.Package) string {
		if other == p {
			return ""
		}
		return other.Name()
	}
	for _, name := range p.Scope().Names() {
		object := p.Scope().Lookup(name)
		if !object.Exported() {
			continue
		}
		switch object := object.(type) {
		case *types.TypeName:
			lines = append(lines, apiOfType(object, qualify)...)
		case *types.Const:
			lines = append(lines, types.ObjectString(object, qualify)+" = "+object.Val().ExactString())
		default:
			lines = append(lines, types.ObjectString(object, qualify))
		}
	}
	return lines
}

// apiOfType writes a type: its kind, its exported fields or methods, and the
// methods declared on it.
func apiOfType(name *types.TypeName, qualify types.Qualifier) []string {
	if name.IsAlias() {
		return []string{types.ObjectString(name, qualify)}
	}
	named := name.Type().(*types.Named)
	self := "type " + strings.TrimPrefix(types.TypeString(named, qualify), "type ")
	lines := []string{}
	switch of := named.Underlying().(type) {
	case *types.Struct:
		lines = append(lines, self+" struct")
		for i := range of.NumFields() {
			field := of.Field(i)
			if !field.Exported() {
				continue
			}
			line := fmt.Sprintf("%s struct, %s %s", self, field.Name(), types.TypeString(field.Type(), qualify))
			if field.Embedded() {
				line = fmt.Sprintf("%s struct, embeds %s", self, types.TypeString(field.Type(), qualify))
			}
			if tag := of.Tag(i); tag != "" {
				line += " `" + tag + "`"
			}
			lines = append(lines, line)
		}
	case *types.Interface:
		lines = append(lines, self+" interface")
		for i := range of.NumEmbeddeds() {
			lines = append(lines, fmt.Sprintf("%s interface, embeds %s", self, types.TypeString(of.EmbeddedType(i), qualify)))
		}
		for method := range of.ExplicitMethods() {
			if method.Exported() {
				lines = append(lines, fmt.Sprintf("%s interface, %s%s", self, method.Name(), signature(method, qualify)))
			}
		}
	default:
		lines = append(lines, self+" "+types.TypeString(of, qualify))
	}
	var methods []string
	for method := range named.Methods() {
		if method.Exported() {
			receiver := types.TypeString(method.Signature().Recv().Type(), qualify)
			methods = append(methods, fmt.Sprintf("method (%s) %s%s", receiver, method.Name(), signature(method, qualify)))
		}
	}
	slices.Sort(methods)
	return append(lines, methods...)
}

func signature(f *types.Func, qualify types.Qualifier) string {
	return strings.TrimPrefix(types.TypeString(f.Signature(), qualify), "func")
}
