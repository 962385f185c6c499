package migrate

import (
	"context"
	"fmt"
	"strings"

	"ariga.io/atlas/sql/schema"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// wording is the words in which a database has a table, or shall have it. What
// takes a change back is written in the words of the table as it was.
type wording struct {
	name    string
	create  string // CREATE TABLE; foreign keys stand in it on SQLite alone
	primary string // the name of the primary key, where it has one
	comment string // the text
	columns []columnWording
	keys    map[string]string // foreign keys by name, as behind ADD
	checks  map[string]string // likewise
	indexes map[string]string // CREATE INDEX by name
	more    []string          // statements that make what else belongs to it: triggers
}

type columnWording struct {
	name    string
	rest    string // its definition behind the name
	sqlType string
	value   string // its default; empty: none
	null    bool
	made    bool // generated: nothing is written to it
}

func (w *wording) column(name string) (columnWording, bool) {
	for _, c := range w.columns {
		if c.name == name {
			return c, true
		}
	}
	return columnWording{}, false
}

// wordingOf is a model's table as the registry writes it.
func wordingOf(d sqldb.Dialect, t registry.TableSpec) *wording {
	w := &wording{name: t.Model.Table, primary: t.PrimaryKey, comment: t.Model.Comment, keys: map[string]string{}, checks: map[string]string{}, indexes: map[string]string{}}
	rest := func(name, definition string) string { return strings.TrimPrefix(definition, d.Quote(name)+" ") }
	for _, c := range t.Columns {
		name := c.Column.Name
		w.columns = append(w.columns, columnWording{name: name, rest: rest(name, c.Definition), sqlType: c.Type, value: c.Default, null: c.Column.Nullable})
	}
	for _, g := range t.Generated {
		w.columns = append(w.columns, columnWording{name: g.Name, rest: rest(g.Name, g.Definition), null: true, made: true})
	}
	for _, k := range t.ForeignKeys {
		w.keys[k.Name] = k.Definition
	}
	for _, c := range t.Checks {
		w.checks[c.Name] = c.Definition
	}
	for _, i := range t.Indexes {
		w.indexes[i.Name] = i.Statement
	}
	if d.Name() == "sqlite" {
		w.create = t.Create(w.name, t.ForeignKeys...)
	} else {
		w.create = t.Create(w.name)
	}
	return w
}

// liveWordings are tables that are there, by name.
func liveWordings(ctx context.Context, db *sqldb.DB, tables []*schema.Table) (map[string]*wording, error) {
	all := map[string]*wording{}
	for _, t := range tables {
		all[t.Name] = &wording{name: t.Name, keys: map[string]string{}, checks: map[string]string{}, indexes: map[string]string{}}
	}
	read := map[string]func(context.Context, *sqldb.DB, *wording) error{
		"postgres": postgresWording, "sqlite": sqliteWording, "mariadb": mariadbWording,
	}[db.Dialect().Name()]
	for _, w := range all {
		if err := read(ctx, db, w); err != nil {
			return nil, fmt.Errorf("migrate: read table %s: %w", w.name, err)
		}
	}
	return all, nil
}
