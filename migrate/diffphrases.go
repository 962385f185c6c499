package migrate

import (
	"fmt"
	"strings"

	"ariga.io/atlas/sql/schema"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// phrases are how a database is told of a change. On MariaDB, which commits
// each, all of them may be said twice, so that a migration that was killed goes
// on by itself.
type phrases struct {
	d     sqldb.Dialect
	twice bool
}

func (s phrases) ifExists() string {
	if s.twice {
		return "IF EXISTS "
	}
	return ""
}

// unless puts IF NOT EXISTS behind the first words.
func (s phrases) unless(text, words string) string {
	rest, ok := strings.CutPrefix(text, words+" ")
	if !s.twice || !ok {
		return text
	}
	return words + " IF NOT EXISTS " + rest
}

func (s phrases) alter(table, format string, args ...any) string {
	return "ALTER TABLE " + s.d.Quote(table) + " " + fmt.Sprintf(format, args...)
}

func (s phrases) createTable(text string) string { return s.unless(text, "CREATE TABLE") }

func (s phrases) dropTable(name string) string {
	return "DROP TABLE " + s.ifExists() + s.d.Quote(name)
}

func (s phrases) createIndex(text string) string {
	return s.unless(s.unless(text, "CREATE INDEX"), "CREATE UNIQUE INDEX")
}

func (s phrases) dropIndex(table, name string) string {
	text := "DROP INDEX " + s.ifExists() + s.d.Quote(name)
	if s.twice {
		text += " ON " + s.d.Quote(table)
	}
	return text
}

func (s phrases) addColumn(table string, c columnWording) string {
	return s.alter(table, "%s %s", s.unless("ADD COLUMN "+s.d.Quote(c.name), "ADD COLUMN"), c.rest)
}

func (s phrases) dropColumn(table, name string) string {
	return s.alter(table, "DROP COLUMN %s%s", s.ifExists(), s.d.Quote(name))
}

func (s phrases) renameColumn(table, from, to string) string {
	return s.alter(table, "RENAME COLUMN %s%s TO %s", s.ifExists(), s.d.Quote(from), s.d.Quote(to))
}

// renameTable renames the primary key too, by whose name a conflict is known.
func (s phrases) renameTable(from, to *wording) []string {
	if s.twice {
		return []string{"RENAME TABLE IF EXISTS " + s.d.Quote(from.name) + " TO " + s.d.Quote(to.name)}
	}
	all := []string{s.alter(from.name, "RENAME TO %s", s.d.Quote(to.name))}
	if s.d.Name() == "postgres" && from.primary != to.primary {
		all = append(all, s.alter(to.name, "RENAME CONSTRAINT %s TO %s", s.d.Quote(from.primary), s.d.Quote(to.primary)))
	}
	return all
}

func (s phrases) addCheck(table, definition string) string {
	return s.alter(table, "ADD %s", s.unless(definition, "CONSTRAINT"))
}

func (s phrases) dropCheck(table, name string) string {
	return s.alter(table, "DROP CONSTRAINT %s%s", s.ifExists(), s.d.Quote(name))
}

func (s phrases) addKey(table, definition string) string {
	if s.twice {
		definition = strings.Replace(definition, " FOREIGN KEY (", " FOREIGN KEY IF NOT EXISTS (", 1)
	}
	return s.alter(table, "ADD %s", definition)
}

func (s phrases) dropKey(table, name string) string {
	if s.twice {
		return s.alter(table, "DROP FOREIGN KEY IF EXISTS %s", s.d.Quote(name))
	}
	return s.dropCheck(table, name)
}

func (s phrases) comment(table, text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if s.twice {
		return s.alter(table, "COMMENT %s", strings.ReplaceAll(quoted, `\`, `\\`))
	}
	return "COMMENT ON TABLE " + s.d.Quote(table) + " IS " + quoted
}

// modifyColumn leads a column from one definition to another. Rows without a
// value get the default before it becomes not null.
func (s phrases) modifyColumn(table string, from, to columnWording, what schema.ChangeKind) []string {
	var all, fill []string
	if what.Is(schema.ChangeNull) && !to.null && to.value != "" {
		fill = []string{fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s IS NULL", s.d.Quote(table), s.d.Quote(to.name), to.value, s.d.Quote(to.name))}
	}
	if s.twice {
		return append(fill, s.alter(table, "MODIFY COLUMN %s %s", s.d.Quote(to.name), to.rest))
	}
	column := func(format string, args ...any) {
		all = append(all, s.alter(table, "ALTER COLUMN %s %s", s.d.Quote(to.name), fmt.Sprintf(format, args...)))
	}
	retyped := what.Is(schema.ChangeType)
	if from.value != "" && (retyped || to.value == "") {
		column("DROP DEFAULT")
	}
	if retyped {
		plain, _, _ := strings.Cut(to.sqlType, " COLLATE ")
		column("TYPE %s USING %s::%s", to.sqlType, s.d.Quote(to.name), plain)
	}
	if to.value != "" && (retyped || what.Is(schema.ChangeDefault)) {
		column("SET DEFAULT %s", to.value)
	}
	all = append(all, fill...)
	switch {
	case !what.Is(schema.ChangeNull):
	case to.null:
		column("DROP NOT NULL")
	default:
		column("SET NOT NULL")
	}
	return all
}
