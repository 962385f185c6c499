package mariadb

import (
	sqldriver "database/sql/driver"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
)

type dialect struct{}

// Dialect is MariaDB's, for those who write SQL without a DB.
func Dialect() sqldb.Dialect { return dialect{} }

func (dialect) Name() string { return "mariadb" }

// Quote uses backticks, which name an identifier in every sql_mode.
func (dialect) Quote(ident string) string {
	return "`" + strings.ReplaceAll(strings.ReplaceAll(ident, "\x00", ""), "`", "``") + "`"
}

func (dialect) Placeholder(int) string { return "?" }

// timeForm is how a time is bound. The driver's own way takes the year 1 for no
// time at all.
const timeForm = "2006-01-02 15:04:05.000000"

// Bind makes times and uuids text, and everything composite JSON text; a slice
// can be a list too.
func (d dialect) Bind(v any) any {
	if _, done := v.(list); done {
		return v
	}
	switch x := sqldb.Plain(v).(type) {
	case nil:
		return nil
	case string, bool, int64, float64, []byte, sqldb.JSON:
		return x
	case time.Time:
		return x.Format(timeForm)
	case uuid.UUID:
		return x.String()
	case sqldriver.Valuer:
		if plain, err := x.Value(); err == nil {
			return d.Bind(plain)
		}
		return x // fails again where the error can be returned
	default:
		return composite(x)
	}
}

func composite(v any) any {
	switch reflect.TypeOf(v).Kind() {
	case reflect.Slice:
		return list{v}
	case reflect.Map, reflect.Struct, reflect.Array:
		return sqldb.JSON{V: v}
	}
	return v
}

func (dialect) Has(f sqldb.Feature) bool {
	switch f {
	case sqldb.ReturningInsert, sqldb.ReturningDelete, sqldb.ForUpdate:
		return true
	}
	return false
}

func (dialect) MaxParams() int { return 65535 }

// In marks the one parameter for the list, which becomes many before the
// statement is sent.
func (dialect) In(expr string) string { return expr + " IN (" + listMark + "?)" }

// Fold passes the text through a character set of one byte per character that
// has the letters of ASCII and, beyond them, no letter with two cases, so that
// lower leaves the bytes of all other letters alone.
func (d dialect) Fold(expr string) string {
	return d.Collate("CONVERT(CAST(LOWER(CONVERT(CAST(" + expr + " AS BINARY) USING tis620)) AS BINARY) USING utf8mb4)")
}

func (d dialect) Match(_ sqldb.TextOp, expr string, fold bool) string {
	if fold {
		expr = d.Fold(expr)
	}
	return expr + " LIKE ? ESCAPE '|'"
}

// The escape character is none that the sql_mode gives a meaning of its own.
var likeEscape = strings.NewReplacer(`|`, `||`, `%`, `|%`, `_`, `|_`)

func (dialect) Pattern(op sqldb.TextOp, text string, fold bool) string {
	if fold {
		text = sqldb.FoldASCII(text)
	}
	text = likeEscape.Replace(text)
	switch op {
	case sqldb.Starts:
		return text + "%"
	case sqldb.Ends:
		return "%" + text
	}
	return "%" + text + "%"
}

// OrderBy says nothing about nulls: MariaDB holds them for the smallest values.
func (dialect) OrderBy(expr string, desc, _ bool) string {
	if desc {
		return expr + " DESC"
	}
	return expr
}

func (dialect) Collate(expr string) string { return expr + " COLLATE utf8mb4_nopad_bin" }
