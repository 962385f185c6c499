package sqldb_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// folders are where the tests are that DIFFERENCES.md names by package.
var folders = map[string]string{
	"sqldbtest": "sqldbtest", "mariadb": "mariadb", "pgdb": "pgdb", "sqlitedb": "sqlitedb", "crud": "..", "registry": "../../registry", "perm": "../../perm", "permtest": "../../perm/permtest",
}

var named = regexp.MustCompile("`(\\w+)(?:\\.((?:Test|Fuzz)\\w+)| \"([^\"]+)\")`")

// TestEachDifferenceHasItsTest: the page says nothing that no test shows.
func TestEachDifferenceHasItsTest(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("DIFFERENCES.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, line := range strings.Split(string(page), "\n") {
		if !strings.HasPrefix(line, "- ") {
			continue
		}
		lines++
		tests := named.FindAllStringSubmatch(line, -1)
		if len(tests) == 0 {
			t.Errorf("no test is named: %s", line)
		}
		for _, m := range tests {
			text := "func " + m[2] + "("
			if m[2] == "" {
				text = `{"` + m[3] + `", `
			}
			if !anyFileHas(t, folders[m[1]], text) {
				t.Errorf("there is no test %s", m[0])
			}
		}
	}
	if lines == 0 {
		t.Error("the page has no lines")
	}
}

func anyFileHas(t *testing.T, folder, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if folder == "" || err != nil {
		return false
	}
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}
