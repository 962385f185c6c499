package migrate

import (
	"errors"
	"regexp"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// A table's name, as it stands in quotes or without.
const tableName = `("(?:[^"]|"")*"|` + "`(?:[^`]|``)*`" + `|[\w$]+)`

var (
	createsTable = regexp.MustCompile(`(?is)^CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?` + tableName)
	dropsTable   = regexp.MustCompile(`(?is)^DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?` + tableName)
	renamesTable = regexp.MustCompile(`(?is)^(?:ALTER\s+TABLE|RENAME\s+TABLE)\s+(?:IF\s+EXISTS\s+)?` + tableName + `\s+(?:RENAME\s+)?TO\s+` + tableName)
)

// tablesOf are the tables that the files of the sources leave behind, by name.
// What steps in Go make is not known.
func tablesOf(d sqldb.Dialect, sources ...Source) ([]string, error) {
	there := map[string]bool{}
	for _, s := range sources {
		l := loader{source: s, dialect: d, found: map[int]*migration{}, elsewhere: map[int]string{}}
		if s.FS != nil {
			l.folder(".")
		}
		if err := errors.Join(l.problems...); err != nil {
			return nil, err
		}
		for _, m := range l.sorted() { // a gap is no concern here: it may be what is about to be written
			for _, one := range m.up.statements {
				follow(there, one.text)
			}
		}
	}
	return sorted(there), nil
}

// follow does to the set of tables what a statement does to the database.
func follow(there map[string]bool, text string) {
	if at := createsTable.FindStringSubmatch(text); at != nil {
		there[unquoted(at[1])] = true
	} else if at := dropsTable.FindStringSubmatch(text); at != nil {
		delete(there, unquoted(at[1]))
	} else if at := renamesTable.FindStringSubmatch(text); at != nil {
		delete(there, unquoted(at[1]))
		there[unquoted(at[2])] = true
	}
}

func unquoted(name string) string {
	if q := name[:1]; q == `"` || q == "`" {
		return strings.ReplaceAll(name[1:len(name)-1], q+q, q)
	}
	return name
}
