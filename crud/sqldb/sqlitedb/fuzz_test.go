package sqlitedb_test

import (
	"strings"
	"testing"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// FuzzBar37_Quote sees that an identifier comes back from SQLite as it was.
func FuzzBar37_Quote(f *testing.F) {
	db, err := sqlitedb.Open(f.Context(), sqlitedb.Memory, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	for _, s := range []string{`a`, `"`, `""`, `a"; DROP TABLE x; --`, "a\x00b", "'", "]", "`", "\\", "?", "??", "$1", "\xff", "", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ident string) {
		rows, err := db.Query(t.Context(), sqldb.Raw("SELECT ? AS "+db.Dialect().Quote(ident), 1))
		if err != nil {
			t.Fatalf("%q: %v", ident, err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil || len(names) != 1 || names[0] != strings.ReplaceAll(ident, "\x00", "") {
			t.Fatalf("%q came back as %q: %v", ident, names, err)
		}
	})
}
