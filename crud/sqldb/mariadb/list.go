package mariadb

import (
	sqldriver "database/sql/driver"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// list is a slice that is bound: the values of a list where the text has
// listMark, and JSON anywhere else.
type list struct{ slice any }

// Value implements driver.Valuer.
func (l list) Value() (sqldriver.Value, error) { return sqldb.JSON{V: l.slice}.Value() }

const (
	// listMark stands before the parameter of a list.
	listMark = "/*list*/"
	// longestList is how many elements are written as parameters.
	longestList = 1024
)

// split is the text cut at each parameter; what comes before that of a list
// ends with listMark.
func split(text string) (parts []string) {
	from := 0
	for i := 0; i < len(text); {
		if end := sqldb.SkipText(dialect{}, text, i); end > i {
			i = end
			continue
		}
		if text[i] == '?' {
			parts = append(parts, text[from:i])
			from = i + 1
		}
		i++
	}
	return append(parts, text[from:])
}

// expand writes the lists out. parts has one more than there are values.
func expand(parts []string, args []any) (string, []any) {
	var b strings.Builder
	all := make([]any, 0, 2*len(args))
	for i, v := range args {
		before, marked := strings.CutSuffix(parts[i], listMark)
		l, isList := v.(list)
		b.WriteString(before)
		if marked && isList {
			all = l.write(&b, all)
			continue
		}
		b.WriteByte('?')
		all = append(all, v)
	}
	b.WriteString(parts[len(args)])
	return b.String(), all
}

// write writes what stands in the parentheses of IN, and appends its values.
func (l list) write(b *strings.Builder, args []any) []any {
	r := reflect.ValueOf(l.slice)
	switch n := r.Len(); {
	case n == 0: // where NULL would make "not in nothing" nothing
		b.WriteString("SELECT NULL FROM DUAL WHERE FALSE")
		return args
	case n > longestList:
		b.WriteString(l.table())
		return append(args, sqldb.JSON{V: boundAll(r, n)})
	default:
		padded := powerOfTwo(n)
		b.WriteString(strings.Repeat("?, ", padded-1) + "?")
		return append(args, boundAll(r, padded)...)
	}
}

// boundAll are the elements, the last one repeated until there are n.
func boundAll(r reflect.Value, n int) []any {
	all := make([]any, n)
	for i := range all {
		all[i] = dialect{}.Bind(r.Index(min(i, r.Len()-1)).Interface())
	}
	return all
}

func powerOfTwo(n int) int {
	p := 1
	for p < n {
		p *= 2
	}
	return p
}

// table reads the list from one JSON parameter, in the type in which columns
// keep such values: another one would not be found by an index.
func (l list) table() string {
	of := func(column, value string) string {
		return "SELECT " + value + " FROM JSON_TABLE(?, '$[*]' COLUMNS (v " + column + " PATH '$')) AS list"
	}
	switch l.slice.(type) {
	case []int64:
		return of("bigint", "v")
	case []float64:
		return of("double", "v")
	case []bool:
		return of("boolean", "v")
	case []uuid.UUID:
		return of("char(36)", "CAST(v AS uuid)")
	case []time.Time:
		return of("datetime(6)", "v")
	}
	return of("longtext", "v COLLATE utf8mb4_nopad_bin")
}
