package pgdb

import (
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/joinery-go/joinery/crud/sqldb"
)

type dialect struct{}

// Dialect is PostgreSQL's, for those who write SQL without a DB.
func Dialect() sqldb.Dialect { return dialect{} }

func (dialect) Name() string { return "postgres" }

func (dialect) Quote(ident string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(ident, "\x00", ""), `"`, `""`) + `"`
}

func (dialect) Placeholder(n int) string { return "$" + strconv.Itoa(n) }

// Bind leaves to pgx all but what must be the same on every database, and
// uuids, which pgx would take the long way for: by reflection, 19 allocations
// each.
func (dialect) Bind(v any) any {
	if _, done := v.(pgtype.UUID); done {
		return v
	}
	switch x := sqldb.Plain(v).(type) {
	case uuid.UUID:
		return pgtype.UUID{Bytes: x, Valid: true}
	case []uuid.UUID:
		list := make([]pgtype.UUID, len(x))
		for i := range x {
			list[i] = pgtype.UUID{Bytes: x[i], Valid: true}
		}
		return list
	default:
		return x
	}
}

func (dialect) Has(f sqldb.Feature) bool { return f != sqldb.AlwaysSerializable }

func (dialect) MaxParams() int { return 65535 }

func (dialect) In(expr string) string { return expr + " = ANY(?)" }

func (dialect) Fold(expr string) string { return "lower(" + expr + ` COLLATE "C")` }

func (d dialect) Match(_ sqldb.TextOp, expr string, fold bool) string {
	if fold {
		expr = d.Fold(expr)
	}
	return expr + ` LIKE ?`
}

var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

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

func (dialect) OrderBy(expr string, desc, nullable bool) string {
	switch {
	case desc && nullable:
		return expr + " DESC NULLS LAST"
	case desc:
		return expr + " DESC"
	case nullable:
		return expr + " NULLS FIRST"
	}
	return expr
}

func (dialect) Collate(expr string) string { return expr + ` COLLATE "C"` }
