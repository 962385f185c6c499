package sqldb

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// selectPlan is how a result with certain columns is read into a type. It is
// immutable.
type selectPlan struct {
	of      reflect.Type
	names   []string
	columns []*selectField // the field of each
	cells   reflect.Type   // for scany: a struct with an any for each column
}

type planKey struct {
	of      reflect.Type
	columns string
}

func (db *DB) selectPlan(t reflect.Type, columns []string) (*selectPlan, error) {
	plan, err := db.plans.GetOr(planKey{t, strings.Join(columns, "\x00")}, func() (*selectPlan, error) {
		return newSelectPlan(t, columns)
	})
	if err != nil {
		return nil, fmt.Errorf("sqldb: select into %s: %w", t, err)
	}
	return plan, nil
}

func newSelectPlan(t reflect.Type, columns []string) (*selectPlan, error) {
	p := &selectPlan{of: t, names: columns}
	cells := make([]reflect.StructField, len(columns))
	for i, column := range columns {
		f := findField(t, column)
		switch {
		case f == nil:
			return nil, fmt.Errorf("column %q has no field: tag one db:%q, or do not select it", column, column)
		case slices.Contains(columns[:i], column):
			return nil, fmt.Errorf("column %q is selected twice: give one another name with AS", column)
		}
		p.columns = append(p.columns, f)
		cells[i] = reflect.StructField{Name: "F" + strconv.Itoa(i), Type: reflect.TypeFor[any](), Tag: reflect.StructTag("db:" + strconv.Quote(column))}
	}
	p.cells = reflect.StructOf(cells)
	return p, missingColumns(t, columns)
}

// findField is the field that a column fills: one of t's own, or one inside
// such a field, whose name then comes first.
func findField(t reflect.Type, column string) *selectField {
	fields := fieldsOf(t)
	for _, f := range fields {
		if f.column == column && !f.relation {
			return f
		}
	}
	for _, f := range fields {
		rest, inside := strings.CutPrefix(column, f.column+".")
		if s := insideOf(f.of); inside && s != nil {
			if inner := findField(s, rest); inner != nil {
				inner.name, inner.path = f.name+"."+inner.name, slices.Concat(f.path, inner.path)
				return inner
			}
		}
	}
	return nil
}

func missingColumns(t reflect.Type, columns []string) error {
	var missing []string
	for _, f := range fieldsOf(t) {
		filled := func(column string) bool { return column == f.column || strings.HasPrefix(column, f.column+".") }
		if !f.relation && !slices.ContainsFunc(columns, filled) {
			missing = append(missing, fmt.Sprintf("%s (column %q)", f.name, f.column))
		}
	}
	if missing == nil {
		return nil
	}
	return fmt.Errorf(`no column for %s: select it, or tag the field db:"-"`, strings.Join(missing, ", "))
}
