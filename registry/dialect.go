package registry

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Dialect is what the registry asks of a database to write its DDL; the
// dialects of package sqldb have it. Name is "postgres", "sqlite" or
// "mariadb", Quote is an identifier in quotes.
type Dialect interface {
	Name() string
	Quote(ident string) string
}

// flavor is how one database writes types and values.
type flavor struct {
	types    [Bytes + 1]string // by kind; Decimal is a prefix for (p,s)
	quote    func(string) string
	time     func(time.Time) string
	no, yes  string
	partial  bool // has indexes over some rows only
	nulls    bool // must be told where nulls sort
	comments bool // COMMENT ON
	alter    bool // adds foreign keys to a table that is there
}

func flavorOf(d Dialect) (flavor, error) {
	switch d.Name() {
	case "postgres":
		return postgres, nil
	case "sqlite":
		return sqlite, nil
	case "mariadb":
		return mariadb, nil
	}
	return flavor{}, fmt.Errorf("registry: no DDL for database %q: use postgres, sqlite or mariadb", d.Name())
}

var postgres = flavor{
	types: [...]string{
		Text: `text COLLATE "C"`, Enum: `text COLLATE "C"`, Bool: "boolean", Int: "bigint", Float: "double precision",
		Decimal: "numeric", Time: "timestamptz(6)", UUID: "uuid", JSON: "jsonb", Bytes: "bytea",
	},
	quote: quoteText, time: quotedTime("2006-01-02 15:04:05.000000+00"), no: "false", yes: "true",
	partial: true, nulls: true, comments: true, alter: true,
}

// Times are integers of microseconds under a type by which the driver knows
// them. Decimals are numbers, which compare and sort as such and are exact to
// 15 digits; as text "9.5" would come after "10.5".
var sqlite = flavor{
	types: [...]string{
		Text: "TEXT", Enum: "TEXT", Bool: "BOOLEAN", Int: "INTEGER", Float: "REAL",
		Decimal: "DECIMAL", Time: "DATETIME", UUID: "TEXT", JSON: "TEXT", Bytes: "BLOB",
	},
	quote: quoteText, time: func(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }, no: "0", yes: "1",
	partial: true,
}

var mariadb = flavor{
	types: [...]string{
		Text: "longtext", Enum: "varchar", Bool: "boolean", Int: "bigint", Float: "double",
		Decimal: "decimal", Time: "datetime(6)", UUID: "uuid", JSON: "json", Bytes: "longblob",
	},
	quote: func(s string) string { return quoteText(strings.ReplaceAll(s, `\`, `\\`)) },
	time:  quotedTime("2006-01-02 15:04:05.000000"), no: "false", yes: "true",
	alter: true,
}

const (
	sqliteDigits   = 15  // of a decimal that survives as a number
	mariadbVarchar = 768 // the longest text that an index holds whole
)

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quotedTime(layout string) func(time.Time) string {
	return func(t time.Time) string { return quoteText(t.UTC().Format(layout)) }
}

// sqlType is the type of c in the database d.
func (f flavor) sqlType(d Dialect, c *Column) (string, error) {
	switch {
	case c.Kind == Decimal && d.Name() == "sqlite" && c.precision > sqliteDigits:
		return "", fieldProblem(c.Model.Type, c.Field, "is a decimal of %d digits, and SQLite keeps %d: use fewer, or an integer of the smallest unit", c.precision, sqliteDigits)
	case c.Kind == Decimal:
		return fmt.Sprintf("%s(%d,%d)", f.types[Decimal], c.precision, c.scale), nil
	case c.SQLType != "":
		return c.SQLType, nil
	case d.Name() == "mariadb" && (c.Kind == Text || c.Kind == Enum):
		return mariadbText(c) + " CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin", nil
	}
	return f.types[c.Kind], nil
}

// mariadbText is varchar where the rules limit the length, so that an index
// holds the whole text.
func mariadbText(c *Column) string {
	limit := 0
	for _, v := range c.Enum {
		limit = max(limit, len([]rune(v)))
	}
	if b := boundsOf(c.rules); b.max != nil && *b.max >= 1 && *b.max <= mariadbVarchar && !b.maxEx {
		limit = int(math.Floor(*b.max))
	}
	if limit == 0 {
		return mariadb.types[Text]
	}
	return fmt.Sprintf("varchar(%d)", limit)
}

// literal is a value of [Column.DefaultValue] in SQL.
func (f flavor) literal(v any, c *Column) string {
	switch v := v.(type) {
	case bool:
		if v {
			return f.yes
		}
		return f.no
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case time.Time:
		return f.time(v)
	case uuid.UUID:
		return quoteText(v.String())
	case string:
		if c.Kind == Decimal {
			return v
		}
		return f.quote(v)
	}
	data, err := json.Marshal(v)
	if err != nil {
		data = []byte(c.Default)
	}
	return f.quote(string(data))
}
