package registry

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gobuffalo/flect"
)

// maxIdentifier is PostgreSQL's limit, the lowest of the databases. Longer
// names would be cut without a word.
const maxIdentifier = 63

// checkIdentifier says why a table or column may not have a name. A question
// mark would be taken for a placeholder when statements are numbered.
func checkIdentifier(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("is empty")
	case !utf8.ValidString(name):
		return fmt.Errorf("%q is not UTF-8", name)
	case strings.ContainsRune(name, '?'):
		return fmt.Errorf("%q contains a question mark, which statements use for values", name)
	case strings.ContainsRune(name, 0):
		return fmt.Errorf("%q contains a NUL byte", name)
	case len(name) > maxIdentifier:
		return fmt.Errorf("%q has %d bytes, over %d", name, len(name), maxIdentifier)
	case strings.HasPrefix(name, "-"):
		return fmt.Errorf("%q starts with a minus, which means descending", name)
	case strings.ContainsAny(name, ",;") || name != strings.TrimSpace(name):
		return fmt.Errorf("%q contains a comma, a semicolon or outer space, which tags cannot name", name)
	}
	return nil
}

// reservedTables is how the names of the common tables begin in the statements
// of crud and perm, as WITH p_top AS (…). Within the statement such a name hides
// the table of an app that has it too.
const reservedTables = "p_"

// checkTable says why a table may not have a name.
func checkTable(name string) error {
	if strings.HasPrefix(foldIdent(name), reservedTables) {
		return fmt.Errorf("%q begins with %s, as the names do that statements of crud and perm give to their own subqueries (WITH p_top …), which would hide it: rename the table", name, reservedTables)
	}
	return checkIdentifier(name)
}

// checkJSONName says why a field may not have a name in the API. URL filters
// join names with dots, and JSON pointers with slashes.
func checkJSONName(name string) error {
	if name == "" {
		return fmt.Errorf("is empty")
	}
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return fmt.Errorf("%q may hold letters, digits and _ only", name)
		}
	}
	return nil
}

// foldIdent is the form under which SQLite and MariaDB take two names for one.
func foldIdent(name string) string { return strings.ToLower(name) }

func snake(goName string) string { return flect.Underscore(goName) }

// tableNameOf is the plural snake_case of a Go type's name. Only the last word
// is made plural: the library misreads some names as a whole.
func tableNameOf(goName string) string {
	head, last := "", snake(goName)
	if i := strings.LastIndexByte(last, '_'); i >= 0 {
		head, last = last[:i+1], last[i+1:]
	}
	return head + flect.Pluralize(last)
}
