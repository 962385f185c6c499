package sqlitedb

import (
	sqldriver "database/sql/driver"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
)

type dialect struct{}

// Dialect is SQLite's, for those who write SQL without a DB.
func Dialect() sqldb.Dialect { return dialect{} }

func (dialect) Name() string { return "sqlite" }

func (dialect) Quote(ident string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(ident, "\x00", ""), `"`, `""`) + `"`
}

// Placeholder has a plus sign, which changes no value but hides that it is a
// parameter: once a database has been analyzed, SQLite looks the values of bare
// parameters up in its statistics, and plans a statement anew whenever another
// value is bound, which for a permission condition takes longer than to run it.
func (dialect) Placeholder(int) string { return "+?" }

// Bind makes times integers, uuids text, and everything composite JSON text.
func (d dialect) Bind(v any) any {
	switch x := sqldb.Plain(v).(type) {
	case nil:
		return nil
	case time.Time:
		return x.UnixMicro()
	case uuid.UUID:
		return x.String()
	case []time.Time:
		return sqldb.JSON{V: micros(x)}
	case sqldb.JSON:
		return x
	case sqldriver.Valuer:
		if plain, err := x.Value(); err == nil {
			return d.Bind(plain)
		}
		return x // fails again where the error can be returned
	case string, bool, int64, float64, []byte:
		return x
	default:
		return composite(x)
	}
}

func composite(v any) any {
	switch reflect.TypeOf(v).Kind() {
	case reflect.Map, reflect.Slice, reflect.Struct, reflect.Array:
		return sqldb.JSON{V: v}
	}
	return v
}

func micros(times []time.Time) []int64 {
	list := make([]int64, len(times))
	for i, t := range times {
		list[i] = t.UnixMicro()
	}
	return list
}

func (dialect) Has(f sqldb.Feature) bool {
	switch f {
	case sqldb.ReturningInsert, sqldb.ReturningUpdate, sqldb.ReturningDelete, sqldb.PartialIndex,
		sqldb.Materialized, sqldb.OnConflict, sqldb.TxDDL, sqldb.DeleteSelfReferring, sqldb.AlwaysSerializable:
		return true
	}
	return false
}

func (dialect) MaxParams() int { return 32766 }

func (dialect) In(expr string) string { return expr + " IN (SELECT value FROM json_each(?))" }

// Fold relies on SQLite's lower, which knows ASCII only.
func (dialect) Fold(expr string) string { return "lower(" + expr + ")" }

// Match uses LIKE, which folds ASCII by itself, or GLOB, which does not.
func (dialect) Match(_ sqldb.TextOp, expr string, fold bool) string {
	if fold {
		return expr + ` LIKE ? ESCAPE '\'`
	}
	return expr + " GLOB ?"
}

var (
	likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	globEscape = strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`)
)

func (dialect) Pattern(op sqldb.TextOp, text string, fold bool) string {
	any, escape := "*", globEscape
	if fold {
		any, escape = "%", likeEscape
	}
	text = escape.Replace(text)
	switch op {
	case sqldb.Starts:
		return text + any
	case sqldb.Ends:
		return any + text
	}
	return any + text + any
}

// OrderBy says nothing about nulls: SQLite holds them for the smallest values.
func (dialect) OrderBy(expr string, desc, _ bool) string {
	if desc {
		return expr + " DESC"
	}
	return expr
}

func (dialect) Collate(expr string) string { return expr + " COLLATE BINARY" }
