package registry

import (
	"fmt"
	"strings"
)

// TableSpec is a model's table as one database declares it.
type TableSpec struct {
	Model       *Model
	Columns     []ColumnSpec
	PrimaryKey  string // the constraint's name; the key is Model.ID
	Checks      []CheckSpec
	ForeignKeys []ForeignKeySpec
	Indexes     []IndexSpec
}

// ColumnSpec is a column as one database declares it.
type ColumnSpec struct {
	Column  *Column
	Type    string // in the database's own words
	Default string // as an SQL literal; empty: none
}

// CheckSpec is a check constraint. Its name carries a hash of its expression,
// because tools that compare schemas compare checks by name.
type CheckSpec struct {
	Name string
	Expr string
}

// ForeignKeySpec is a reference that the database guards. ON DELETE is NO
// ACTION, except on tables without SoftDelete, where it is what the reference
// says. On those a row that slips past its manager is still cascaded; where
// rows are kept after deletion, the database must not remove them.
type ForeignKeySpec struct {
	Name     string
	Column   *Column
	OnDelete string // NO ACTION, CASCADE or SET NULL
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
	t := TableSpec{Model: m, PrimaryKey: PrimaryKeyName(m), Indexes: r.Indexes(m)}
	for _, c := range m.Columns {
		sqlType, err := f.sqlType(d, c)
		if err != nil {
			return t, err
		}
		column := ColumnSpec{Column: c, Type: sqlType}
		if v, ok := c.DefaultValue(); ok {
			column.Default = f.literal(v, c)
		}
		t.Columns = append(t.Columns, column)
		if check, ok := checkOf(d, f, c); ok {
			t.Checks = append(t.Checks, check)
		}
		if c.target() != nil {
			t.ForeignKeys = append(t.ForeignKeys, foreignKeyOf(c))
		}
	}
	return t, nil
}

// checkOf is the check that a column's value is one of those that its rule
// oneof names.
func checkOf(d Dialect, f flavor, c *Column) (CheckSpec, bool) {
	values, ok := ruleParam(c.rules, "oneof")
	if !ok || c.Kind != Enum && c.Kind != Int {
		return CheckSpec{}, false
	}
	var literals []string
	for _, v := range oneOf(values) {
		if c.Kind == Enum {
			v = f.quote(v)
		}
		literals = append(literals, v)
	}
	if c.emptyAllowed() {
		literals = append(literals, map[Kind]string{Enum: "''", Int: "0"}[c.Kind])
	}
	expr := fmt.Sprintf("%s IN (%s)", d.Quote(c.Name), strings.Join(literals, ", "))
	base := fitName(c.Model.Table+"_"+c.Name, "_check_"+shortHash(c.Model.Table, c.Name, strings.Join(literals, ",")))
	return CheckSpec{Name: base, Expr: expr}, true
}

func foreignKeyOf(c *Column) ForeignKeySpec {
	fk := ForeignKeySpec{Name: constraintName(c.Model.Table+"_"+c.Name, "_fkey"), Column: c, OnDelete: "NO ACTION"}
	if c.Model.DeletedAt == nil {
		fk.OnDelete = map[OnDelete]string{Restrict: "NO ACTION", Cascade: "CASCADE", SetNull: "SET NULL"}[c.Ref.OnDelete]
	}
	return fk
}

// constraintName is base+suffix, with a hash of base where it must be cut.
func constraintName(base, suffix string) string {
	if len(base)+len(suffix) > maxIdentifier {
		suffix += "_" + shortHash(base)
	}
	return fitName(base, suffix)
}
