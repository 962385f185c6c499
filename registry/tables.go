package registry

import (
	"fmt"
	"strings"
)

// TableSpec is a model's table as one database declares it. Its definitions
// are in the words of that database: [TableSpec.Create] and [Registry.DDL] are
// made of them, and so is what changes a table.
type TableSpec struct {
	Model       *Model
	Columns     []ColumnSpec
	Generated   []GeneratedSpec
	PrimaryKey  string // the constraint's name; the key is Model.ID
	Checks      []CheckSpec
	ForeignKeys []ForeignKeySpec
	Indexes     []DeclaredIndex

	// Comment is the statement that writes the model's comment, on databases
	// where [TableSpec.Create] does not; empty: there is nothing to write.
	Comment string

	primaryKey, options string
	quote               func(string) string
}

// ColumnSpec is a column as one database declares it.
type ColumnSpec struct {
	Column     *Column
	Type       string // in the database's own words
	Default    string // as an SQL literal; empty: none
	Definition string // as in CREATE TABLE and ADD COLUMN
}

// GeneratedSpec is a column that no field stands for, which the database fills
// for an index.
type GeneratedSpec struct {
	Name       string
	Definition string
}

// DeclaredIndex is an [IndexSpec] as one database declares it.
type DeclaredIndex struct {
	Name      string
	Unique    bool
	Keys      []IndexKey
	Where     string // which rows it holds; empty: all
	Statement string // CREATE INDEX
}

// IndexKey is one column of an index.
type IndexKey struct {
	Column string
	Prefix int // how many characters of it; 0: all
	Desc   bool
	Nulls  string // FIRST or LAST where the database must be told; else empty
}

// CheckSpec is a check constraint. Its name carries a hash of its expression,
// because tools that compare schemas compare checks by name.
type CheckSpec struct {
	Column     *Column
	Name       string
	Expr       string
	Definition string // as in CREATE TABLE and ADD
}

// ForeignKeySpec is a reference that the database guards. ON DELETE is NO
// ACTION, except on tables without SoftDelete, where it is what the reference
// says. On those a row that slips past its manager is still cascaded; where
// rows are kept after deletion, the database must not remove them.
type ForeignKeySpec struct {
	Name     string
	Column   *Column
	OnDelete string // NO ACTION, CASCADE or SET NULL

	Definition string // as in CREATE TABLE and ADD
}

// Tables are the tables of all models as the database d declares them, in the
// order of [Registry.Order]. They are what [Registry.DDL] writes, for tools
// that compare them with a live schema.
func (r *Registry) Tables(d Dialect) ([]TableSpec, error) {
	models, err := r.Order()
	if err != nil {
		return nil, err
	}
	f, err := flavorOf(d)
	if err != nil {
		return nil, err
	}
	var tables []TableSpec
	for _, m := range models {
		t, err := r.tableSpec(d, f, m)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

func (r *Registry) tableSpec(d Dialect, f flavor, m *Model) (TableSpec, error) {
	w := specWriter{d, f}
	t := TableSpec{Model: m, PrimaryKey: PrimaryKeyName(m), quote: d.Quote}
	t.primaryKey = fmt.Sprintf("CONSTRAINT %s PRIMARY KEY (%s)", d.Quote(t.PrimaryKey), d.Quote(m.ID.Name))
	t.options, t.Comment = w.comment(m)
	for _, c := range m.Columns {
		column, err := w.column(c)
		if err != nil {
			return t, err
		}
		t.Columns = append(t.Columns, column)
		if check, ok := w.check(c); ok {
			t.Checks = append(t.Checks, check)
		}
		if c.target() != nil {
			t.ForeignKeys = append(t.ForeignKeys, w.foreignKey(c))
		}
	}
	indexes := r.Indexes(m)
	if w.needsLiveColumn(indexes) {
		t.Generated = append(t.Generated, w.liveColumn(m))
	}
	for _, i := range indexes {
		index, err := w.index(m, i)
		if err != nil {
			return t, err
		}
		t.Indexes = append(t.Indexes, index)
	}
	return t, nil
}

// Create is the statement that makes the table under a name, with those of its
// foreign keys that are given. Its indexes are made after it.
func (t TableSpec) Create(name string, keys ...ForeignKeySpec) string {
	var lines []string
	for _, c := range t.Columns {
		lines = append(lines, c.Definition)
	}
	for _, g := range t.Generated {
		lines = append(lines, g.Definition)
	}
	lines = append(lines, t.primaryKey)
	for _, c := range t.Checks {
		lines = append(lines, c.Definition)
	}
	for _, k := range keys {
		lines = append(lines, k.Definition)
	}
	return fmt.Sprintf("CREATE TABLE %s (\n  %s\n)%s", t.quote(name), strings.Join(lines, ",\n  "), t.options)
}

// constraintName is base+suffix, with a hash of base where it must be cut.
func constraintName(base, suffix string) string {
	if len(base)+len(suffix) > maxIdentifier {
		suffix += "_" + shortHash(base)
	}
	return fitName(base, suffix)
}
