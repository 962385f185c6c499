package perm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// MissingIndex is an index that the database lacks.
type MissingIndex struct {
	Table   string
	Columns []string // in order, "-name" for descending
	Unique  bool

	// Statement creates it under its name in the registry, or under one that
	// is free. On PostgreSQL it does so without keeping writers out (CREATE
	// INDEX CONCURRENTLY), and therefore cannot run in a transaction; where an
	// attempt has failed before, it builds anew what that left behind (REINDEX
	// INDEX CONCURRENTLY). On a large table it takes longer than a statement
	// of a request may: run it from psql, or on a DB without a
	// StatementTimeout. On MariaDB it keeps nobody out either, and commits the
	// transaction it runs in. On SQLite nobody writes while it runs.
	Statement string
}

// Verify finds the indexes that the conditions of perm and the lists of crud
// need and the database does not have: for every model of the registry, and for
// the tables of the rules also where the app has structs of its own for them.
// Nothing is missing where there is an index under another name, in the
// opposite direction, with more columns behind or over more rows, as long as it
// serves as well. MariaDB has no indexes over some rows: those columns that are
// null in all rows needed may stand beside the ones compared for equality, and
// of a text without a limit the beginning is all that an index can hold. There
// text is compared as its column declares, also by an index. After the statements have run, Verify finds nothing. It reads
// the database's catalog, whoever acts, and changes nothing.
//
// Tables or columns that are missing are an error which names them all, and so
// are models whose rules the database cannot apply: a statement of SQLite may
// name about a thousand tables, which some references that hand permissions
// down from several models, each with more of them, come to. On a
// database whose catalog sqldb cannot read the error is of kind Unsupported.
func (e *Engine) Verify(ctx context.Context) ([]MissingIndex, error) {
	if err := e.prepare(); err != nil {
		return nil, err
	}
	models := e.reg.Models()
	tables, err := e.catalog(ctx, models)
	if err != nil {
		return nil, fmt.Errorf("perm: verify the indexes: %w", err)
	}
	if err := fits(models, tables); err != nil {
		return nil, err
	}
	if err := e.bearable(ctx, models); err != nil {
		return nil, err
	}
	return e.missing(models, tables)
}

// catalog is the tables of the models by name, as far as the database has them.
func (e *Engine) catalog(ctx context.Context, models []*registry.Model) (map[string]sqldb.Table, error) {
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Table
	}
	list, err := sqldb.Catalog(ctx, e.db, names...)
	tables := map[string]sqldb.Table{}
	for _, t := range list {
		tables[t.Name] = t
	}
	return tables, err
}

// fits reports every table and column that the database lacks.
func fits(models []*registry.Model, tables map[string]sqldb.Table) error {
	var lacks []string
	for _, m := range models {
		table, found := tables[m.Table]
		if !found {
			lacks = append(lacks, "the table "+m.Table)
			continue
		}
		has := map[string]bool{}
		for _, name := range table.Columns {
			has[name] = true
		}
		for _, c := range m.Columns {
			if !has[c.Name] {
				lacks = append(lacks, "the column "+m.Table+"."+c.Name)
			}
		}
	}
	if len(lacks) > 0 {
		return errors.New("perm: the database lacks " + strings.Join(lacks, ", ") + ": create what is missing before asking for indexes")
	}
	return nil
}

// missing is the needed indexes that no index of their table stands for.
func (e *Engine) missing(models []*registry.Model, tables map[string]sqldb.Table) ([]MissingIndex, error) {
	rules, err := e.ruleIndexes()
	if err != nil {
		return nil, err
	}
	declared, err := e.declared(e.reg)
	if err != nil {
		return nil, err
	}
	var all []MissingIndex
	for _, m := range models {
		table := tables[m.Table]
		if table.View {
			continue
		}
		for _, n := range needs(m, rules[m.Table]) {
			n.dialect = e.dialect
			n.declare(declared[m.Table])
			if !n.servedBy(table.Indexes) {
				all = append(all, n.missing(table))
			}
		}
	}
	return all, nil
}

// ruleIndexes is what the rules need of their own tables, by table, whatever an
// app's struct for such a table declares.
func (e *Engine) ruleIndexes() (map[string][]neededIndex, error) {
	reg := registry.New(nil)
	if err := addModels(reg); err != nil {
		return nil, err
	}
	if err := reg.Validate(); err != nil {
		return nil, err
	}
	tables, err := e.declared(reg)
	if err != nil {
		return nil, err
	}
	rules := map[string][]neededIndex{}
	for _, m := range reg.Models() {
		declared := map[string]bool{}
		for _, i := range m.Indexes {
			declared[strings.Join(i.Columns, ",")] = true
		}
		for _, u := range m.Unique {
			declared[strings.Join(u.Columns, ",")] = true
		}
		for _, spec := range reg.Indexes(m) {
			n := neededIndex{IndexSpec: spec, equal: spec.Equal()}
			if n.ofRules = declared[strings.Join(n.columns(), ",")]; n.ofRules {
				n.equal = len(spec.Columns)
			}
			n.declare(tables[m.Table])
			rules[m.Table] = append(rules[m.Table], n)
		}
	}
	return rules, nil
}

// needs is the indexes of a model: its key, those of the rules, and its own.
func needs(m *registry.Model, rules []neededIndex) []neededIndex {
	all := []neededIndex{{
		IndexSpec: registry.IndexSpec{Name: m.Table + "_id_key", Columns: []registry.SortKey{{Column: m.ID}}, Unique: true}, equal: 1, ofRules: true,
	}}
	all = append(all, rules...)
	known := map[string]bool{}
	for _, n := range rules {
		known[n.Name] = true
	}
	for _, spec := range m.Registry().Indexes(m) {
		if !known[spec.Name] {
			all = append(all, neededIndex{IndexSpec: spec, equal: spec.Equal()})
		}
	}
	return all
}
