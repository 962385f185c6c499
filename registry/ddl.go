package registry

import (
	"fmt"
	"slices"
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
	w := ddlWriter{d: d, alter: f.alter, created: map[*Model]bool{}}
	for _, t := range tables {
		w.created[t.Model] = slices.Contains(existing, t.Model.Table)
	}
	for _, t := range tables {
		if !w.created[t.Model] {
			w.table(t)
		}
	}
	return append(w.statements, w.later...), nil
}

type ddlWriter struct {
	d          Dialect
	alter      bool
	created    map[*Model]bool
	statements []string
	later      []string // foreign keys to tables that did not exist yet
}

func (w *ddlWriter) table(t TableSpec) {
	w.created[t.Model] = true
	var now []ForeignKeySpec
	for _, fk := range t.ForeignKeys {
		if w.created[fk.Column.Ref.Target] || !w.alter {
			now = append(now, fk)
			continue
		}
		w.later = append(w.later, fmt.Sprintf("ALTER TABLE %s ADD %s", w.d.Quote(t.Model.Table), fk.Definition))
	}
	w.statements = append(w.statements, t.Create(t.Model.Table, now...))
	if t.Comment != "" {
		w.statements = append(w.statements, t.Comment)
	}
	for _, i := range t.Indexes {
		w.statements = append(w.statements, i.Statement)
	}
}
