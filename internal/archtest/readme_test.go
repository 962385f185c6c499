package archtest_test

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeListsEveryPackage: whoever looks for a package finds it in the
// README, by the name of its folder in bold code; the root is joinery.
func TestReadmeListsEveryPackage(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		for i, part := range strings.Split(line, "**") {
			if i%2 == 0 {
				continue
			}
			for j, name := range strings.Split(part, "`") {
				listed[name] = listed[name] || j%2 == 1
			}
		}
	}
	for _, p := range loaded(t).own {
		name := strings.Replace(p.path, ".", "joinery", 1)
		if p.importable() && !listed[name] {
			t.Errorf("the README does not list %s", name)
		}
	}
}
