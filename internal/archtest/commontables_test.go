package archtest_test

import (
	"go/ast"
	"go/constant"
	"regexp"
	"strings"
	"testing"
)

// commonTable is the name of a table that a statement makes up for itself.
var commonTable = regexp.MustCompile(`\bWITH RECURSIVE (\w+)|(?:^|, )(\w+) \([a-z_, ]+\) AS\b`)

// Names of common tables hide an app's tables, so registry refuses tables whose
// names begin as all of these do.
func TestCommonTablesHaveReservedNames(t *testing.T) {
	t.Parallel()
	tr := loaded(t)
	found := 0
	for _, p := range tr.own {
		if p.types == nil || testOnly(p.path) || p.path != "perm" && p.path != "crud" {
			continue
		}
		for _, file := range p.files {
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || p.info.Types[literal].Value == nil || p.info.Types[literal].Value.Kind() != constant.String {
					return true
				}
				for _, m := range commonTable.FindAllStringSubmatch(constant.StringVal(p.info.Types[literal].Value), -1) {
					if found++; !strings.HasPrefix(m[1]+m[2], "p_") {
						t.Errorf("%s: the common table %s must have a name that begins with p_, which tables of apps cannot have", tr.at(p, literal.Pos()), m[1]+m[2])
					}
				}
				return true
			})
		}
	}
	if found < 10 {
		t.Errorf("found %d common tables: the statements are written otherwise than this test knows", found)
	}
}
