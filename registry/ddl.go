package registry

import (
	"fmt"
	"slices"
	"strings"
)

// DDL is the statements that create all tables and indexes in an empty
// database, in order, without a semicolon at the end. References that close a
// cycle between tables become foreign keys after both tables exist. It
// validates the registry; a database other than postgres, sqlite and mariadb
// is an error, and so is a column that the database cannot hold.
//
// Tables of the names in existing are there already: their own statements are
// left out, and references to them are made.
func (r *Registry) DDL(d Dialect, existing ...string) ([]string, error) {
	tables, err := r.Tables(d)
	if err != nil {
		return nil, err
	}
	f, _ := flavorOf(d) // known: Tables asked
	w := ddlWriter{d: d, f: f, created: map[*Model]bool{}}
	for _, t := range tables {
		w.created[t.Model] = slices.Contains(existing, t.Model.Table)
	}
	for _, t := range tables {
		if w.created[t.Model] {
			continue
		}
		if err := w.table(t); err != nil {
			return nil, err
		}
	}
	return append(w.statements, w.later...), nil
}

type ddlWriter struct {
	d          Dialect
	f          flavor
	created    map[*Model]bool
	statements []string
	later      []string // foreign keys to tables that did not exist yet
}

func (w *ddlWriter) emit(format string, args ...any) {
	w.statements = append(w.statements, fmt.Sprintf(format, args...))
}

func (w *ddlWriter) table(t TableSpec) error {
	w.created[t.Model] = true
	lines := w.columns(t)
	lines = append(lines, fmt.Sprintf("CONSTRAINT %s PRIMARY KEY (%s)", w.d.Quote(t.PrimaryKey), w.d.Quote(t.Model.ID.Name)))
	for _, c := range t.Checks {
		lines = append(lines, fmt.Sprintf("CONSTRAINT %s CHECK (%s)", w.d.Quote(c.Name), c.Expr))
	}
	lines = append(lines, w.foreignKeys(t)...)
	w.emit("CREATE TABLE %s (\n  %s\n)%s", w.d.Quote(t.Model.Table), strings.Join(lines, ",\n  "), w.tableOptions(t.Model))
	if w.f.comments && t.Model.Comment != "" {
		w.emit("COMMENT ON TABLE %s IS %s", w.d.Quote(t.Model.Table), w.f.quote(t.Model.Comment))
	}
	for _, i := range t.Indexes {
		if err := w.index(t, i); err != nil {
			return err
		}
	}
	return nil
}

func (w *ddlWriter) tableOptions(m *Model) string {
	if w.d.Name() == "mariadb" && m.Comment != "" {
		return " COMMENT " + w.f.quote(m.Comment)
	}
	return ""
}

func (w *ddlWriter) columns(t TableSpec) []string {
	var lines []string
	for _, c := range t.Columns {
		line := w.d.Quote(c.Column.Name) + " " + c.Type
		if !c.Column.Nullable {
			line += " NOT NULL"
		} else if w.d.Name() == "mariadb" {
			line += " NULL"
		}
		if c.Default != "" {
			line += " DEFAULT " + c.Default
		}
		lines = append(lines, line)
	}
	if w.needsLiveColumn(t) {
		lines = append(lines, fmt.Sprintf("%s tinyint AS (IF(%s IS NULL, 1, NULL)) VIRTUAL INVISIBLE", w.d.Quote(liveColumn), w.d.Quote(t.Model.DeletedAt.Name)))
	}
	return lines
}

// foreignKeys are those that can stand in CREATE TABLE; the others are kept
// for later.
func (w *ddlWriter) foreignKeys(t TableSpec) []string {
	var lines []string
	for _, fk := range t.ForeignKeys {
		target := fk.Column.Ref.Target
		text := fmt.Sprintf("CONSTRAINT %s FOREIGN KEY (%s) REFERENCES %s (%s) ON DELETE %s", w.d.Quote(fk.Name),
			w.d.Quote(fk.Column.Name), w.d.Quote(target.Table), w.d.Quote(target.ID.Name), fk.OnDelete)
		if w.created[target] || !w.f.alter {
			lines = append(lines, text)
			continue
		}
		w.later = append(w.later, fmt.Sprintf("ALTER TABLE %s ADD %s", w.d.Quote(t.Model.Table), text))
	}
	return lines
}

func (w *ddlWriter) index(t TableSpec, i IndexSpec) error {
	unique, where := "", ""
	if i.Unique {
		unique = "UNIQUE "
	}
	columns := w.keys(i)
	if w.f.partial {
		where = w.where(i)
	} else {
		var err error
		if columns, err = w.wholeKeys(i); err != nil {
			return err
		}
	}
	w.emit("CREATE %sINDEX %s ON %s (%s)%s", unique, w.d.Quote(i.Name), w.d.Quote(t.Model.Table), strings.Join(columns, ", "), where)
	return nil
}

func (w *ddlWriter) keys(i IndexSpec) []string {
	var keys []string
	for _, k := range i.Columns {
		keys = append(keys, w.key(k))
	}
	return keys
}

// key is a column of an index. PostgreSQL takes null for the greatest value,
// and matches the clause to the letter: columns without nulls go without it.
func (w *ddlWriter) key(k SortKey) string {
	text := w.d.Quote(k.Column.Name)
	if k.Desc {
		text += " DESC"
	}
	if !w.f.nulls || !k.Column.Nullable {
		return text
	}
	if k.Desc {
		return text + " NULLS LAST"
	}
	return text + " NULLS FIRST"
}

// where is the predicate of a partial index.
func (w *ddlWriter) where(i IndexSpec) string {
	var parts []string
	for _, c := range i.nulls() {
		parts = append(parts, w.d.Quote(c.Name)+" IS NULL")
	}
	if len(parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(parts, " AND ")
}
