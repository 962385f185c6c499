package mariadb_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// FuzzBar37_Quote sees that a name comes back from the server as it was. As a
// column's alias it may be longer than an identifier.
func FuzzBar37_Quote(f *testing.F) {
	db, err := mariadb.Open(f.Context(), testdb.MariaDBURL(f), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() })
	for _, s := range []string{
		`a`, `"`, "`", "``", "a`; DROP TABLE x; --", "a\x00b", "'", "]", "\\", "\\`", "?", "??", "$1", "/*list*/?", "#", "-- ", "ü?", "\x00x", strings.Repeat("ü", 40),
	} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, ident, value string) {
		want := strings.ReplaceAll(ident, "\x00", "")
		if !utf8.ValidString(want) || !utf8.ValidString(value) || !begins(want) || strings.HasSuffix(want, " ") || len(want) > 200 || beyond(want) {
			return // no name on MariaDB, or cut
		}
		rows, err := db.Query(t.Context(), sqldb.Raw("SELECT ? AS "+mariadb.Dialect().Quote(ident), value))
		if err != nil {
			t.Fatalf("%q: %v", ident, err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil || len(names) != 1 || names[0] != want {
			t.Fatalf("%q came back as %q: %v", ident, names, err)
		}
		var got string
		if !rows.Next() || rows.Scan(&got) != nil || got != value {
			t.Fatalf("%q came back as %q", value, got)
		}
	})
}

// begins reports whether s begins with something to be seen: what comes before
// that in an alias MariaDB cuts off.
func begins(s string) bool {
	for _, r := range s {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r)
	}
	return false
}

// beyond reports whether s has a character that no identifier may have.
func beyond(s string) bool {
	for _, r := range s {
		if r > 0xffff {
			return true
		}
	}
	return false
}
