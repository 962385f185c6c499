package sqldb_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// FuzzRenumber builds a statement of pieces of which it knows whether they are
// code, and expects placeholders to change in code only.
func FuzzRenumber(f *testing.F) {
	f.Add("a|b?|c'?|d\"?|e-?|*/ /*|g$?|h\\'?")
	f.Add("|||||||||||")
	f.Add("??|??|??|??|??|??|??|??")
	f.Fuzz(func(t *testing.T, text string) {
		var in, out strings.Builder
		n := 0
		for i, piece := range strings.Split(text, "|") {
			quoted := quote(i, piece)
			in.WriteString(quoted + " ? ")
			n++
			fmt.Fprintf(&out, "%s $%d ", quoted, n)
		}
		tmpl, err := sqldb.Compile(pgdb.Dialect(), sqldb.Raw(in.String(), make([]any, n)...))
		if err != nil {
			t.Fatal(err)
		}
		if tmpl.SQL() != out.String() {
			t.Fatalf("in   %q\ngot  %q\nwant %q", in.String(), tmpl.SQL(), out.String())
		}
	})
}

// quote hides the piece from the renumbering, each time in another way.
func quote(i int, piece string) string {
	switch i % 7 {
	case 0:
		return "'" + strings.ReplaceAll(piece, "'", "''") + "'"
	case 1:
		return pgdb.Dialect().Quote(piece)
	case 2:
		return "--" + strings.ReplaceAll(piece, "\n", "") + "\n"
	case 3:
		return "/*" + strings.NewReplacer("*", "", "/", "").Replace(piece) + "/* ? */*/"
	case 4:
		return "$t1$" + strings.ReplaceAll(piece, "$", "") + "$t1$"
	case 5:
		return " E'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(piece) + "'"
	}
	return "$$" + strings.ReplaceAll(piece, "$", "") + "$$"
}

// FuzzAnyText sees that no text is too strange, and that SQLite gets what was
// written, each ? with a plus sign.
func FuzzAnyText(f *testing.F) {
	for _, text := range []string{"", "?", "'", `"`, "--", "/*", "$", "$$", "$1", "$a$", "E'\\", "e'", "/*/*", "``", "x'?", "?" + strings.Repeat("$9", 20)} {
		f.Add(text, 1)
	}
	plus := regexp.MustCompile(`\++\?`)
	f.Fuzz(func(t *testing.T, text string, n int) {
		args := make([]any, min(max(n, 0), 20))
		_, _ = sqldb.Compile(pgdb.Dialect(), sqldb.Raw(text, args...))
		tmpl, err := sqldb.Compile(sqlitedb.Dialect(), sqldb.Raw(text, args...))
		if err == nil && !strings.Contains(text, "??") && plus.ReplaceAllString(tmpl.SQL(), "?") != plus.ReplaceAllString(text, "?") {
			t.Fatalf("%q became %q", text, tmpl.SQL())
		}
	})
}
