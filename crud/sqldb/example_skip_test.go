package sqldb_test

import (
	"fmt"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// A semicolon in quotes ends no statement.
func ExampleSkipText() {
	text := `INSERT INTO notes (title) VALUES ('one; two'); DELETE FROM notes`
	for i := 0; i < len(text); i++ {
		if end := sqldb.SkipText(sqlitedb.Dialect(), text, i); end > i {
			i = end - 1
			continue
		}
		if text[i] == ';' {
			fmt.Println(text[:i])
		}
	}
	// Output: INSERT INTO notes (title) VALUES ('one; two')
}
