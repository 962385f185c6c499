package pgdb_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// FuzzBar37_Quote sees that an identifier comes back from the server as it
// was, as far as the server knows such ones.
func FuzzBar37_Quote(f *testing.F) {
	db, err := pgdb.Open(f.Context(), testdb.PostgresURL(f), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	for _, s := range []string{
		`a`, `"`, `""`, `a"; DROP TABLE x; --`, "a\x00b", "'", "]", "`", "\\", "?", "??", "$1", "\xff", "", "\x00", `U&"\0022"`, "ü?", "\xc9\x00\x80", strings.Repeat("ü", 40),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ident string) {
		want := strings.ReplaceAll(ident, "\x00", "")
		rows, err := db.Query(t.Context(), sqldb.Raw("SELECT ?::text AS "+pgdb.Dialect().Quote(ident), "x"))
		if want == "" || !utf8.ValidString(want) {
			if err == nil {
				_ = rows.Close()
				t.Fatalf("the server takes the name %q", ident)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", ident, err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil || len(names) != 1 || names[0] != clip(want) {
			t.Fatalf("%q came back as %q: %v", ident, names, err)
		}
	})
}

// clip cuts a name as the server does: to whole characters in 63 bytes.
func clip(name string) string {
	if len(name) <= 63 {
		return name
	}
	end := 63
	for !utf8.RuneStart(name[end]) {
		end--
	}
	return name[:end]
}
