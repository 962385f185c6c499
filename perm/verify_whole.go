package perm

import (
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// MariaDB has no indexes over some rows alone. What an index leaves out on
// other databases stands in its columns there: those that are null in all rows
// needed, or one that is null in all others, so that they never collide.

// declared are a registry's tables by name, as a database without indexes over
// some rows declares them; nil on the others, where an index says all itself.
func (e *Engine) declared(reg *registry.Registry) (map[string]registry.TableSpec, error) {
	if e.dialect.Has(sqldb.PartialIndex) {
		return nil, nil
	}
	list, err := reg.Tables(e.dialect)
	if err != nil {
		return nil, err
	}
	tables := map[string]registry.TableSpec{}
	for _, t := range list {
		tables[t.Model.Table] = t
	}
	return tables, nil
}

// declare takes the keys from the table's declaration. An index of the rules
// has them already, and lacks how much of the app's own columns an index holds.
func (n *neededIndex) declare(t registry.TableSpec) {
	if t.Model == nil {
		return
	}
	at := slices.IndexFunc(t.Indexes, func(i registry.DeclaredIndex) bool { return i.Name == n.Name })
	switch {
	case n.keys != nil:
		n.keys = shortened(n.keys, t)
		return
	case at >= 0:
		n.keys = t.Indexes[at].Keys
	default: // the primary key
		for _, k := range n.Columns {
			n.keys = append(n.keys, registry.IndexKey{Column: k.Column.Name})
		}
	}
	n.generated = t.Generated
}

// shortened are the keys, with the beginning of those columns that no index
// holds whole.
func shortened(keys []registry.IndexKey, t registry.TableSpec) []registry.IndexKey {
	keys = slices.Clone(keys)
	for i, k := range keys {
		at := slices.IndexFunc(t.Columns, func(c registry.ColumnSpec) bool { return c.Column.Name == k.Column })
		if at >= 0 && strings.HasPrefix(t.Columns[at].Type, "long") {
			keys[i].Prefix = beginning
		}
	}
	return keys
}

// beginning is how many characters of a text without a limit an index of the
// rules holds, where an app declares such a one.
const beginning = 191

// fitsWhole is fits for an index that holds all rows.
func (n neededIndex) fitsWhole(i sqldb.Index) bool {
	if n.Unique {
		return i.Unique && n.keeps(i)
	}
	return n.leads(i, false) || n.leads(i, true)
}

// keeps reports whether a unique index keeps what is needed from colliding: its
// columns are those needed, and, as long as all rows that count have it, the
// one that the others lack.
func (n neededIndex) keeps(i sqldb.Index) bool {
	var names []string
	for _, c := range i.Columns {
		names = append(names, c.Name)
	}
	var needed []string
	for _, k := range n.keys {
		needed = append(needed, k.Column)
	}
	return slices.Equal(names, needed) || slices.Equal(names, needed[:len(n.Columns)])
}

// leads reports whether the index's columns begin with those needed, in their
// order or in its opposite. Beside those that are compared for equality may
// stand the ones that are null in all rows needed; who leaves them out has all
// rows.
func (n neededIndex) leads(i sqldb.Index, backward bool) bool {
	at, nulls := 0, n.nulls()
	for _, has := range i.Columns {
		switch {
		case at == len(n.Columns):
			return true
		case n.isKey(at, has, backward):
			at++
		case at > n.equal || !slices.Contains(nulls, has.Name):
			return false
		}
	}
	return at == len(n.Columns)
}

// isKey reports whether an index's column is the one needed there.
func (n neededIndex) isKey(at int, has sqldb.IndexColumn, backward bool) bool {
	k := n.Columns[at]
	if has.Name != k.Column.Name && (has.Beginning != k.Column.Name || !n.begins(k.Column.Name)) {
		return false
	}
	return at < n.equal || has.Order == n.dialect.OrderBy("", k.Desc != backward, k.Column.Nullable)
}

// begins reports whether an index cannot hold more than the column's beginning.
func (n neededIndex) begins(column string) bool {
	return slices.ContainsFunc(n.keys, func(k registry.IndexKey) bool { return k.Column == column && k.Prefix > 0 })
}

// createWhole is create for an index that holds all rows. A table of an app may
// lack the column that keeps deleted rows from colliding.
func (n neededIndex) createWhole(name string, table sqldb.Table) string {
	d := n.dialect
	var keys, parts []string
	for _, k := range n.keys {
		keys = append(keys, wholeKey(d, k))
		for _, g := range n.generated {
			if g.Name == k.Column && !slices.Contains(table.Columns, g.Name) {
				parts = append(parts, "ADD COLUMN IF NOT EXISTS "+g.Definition)
			}
		}
	}
	unique := ""
	if n.Unique {
		unique = "UNIQUE "
	}
	parts = append(parts, "ADD "+unique+"INDEX IF NOT EXISTS "+d.Quote(name)+" ("+strings.Join(keys, ", ")+")")
	return "ALTER TABLE " + d.Quote(table.Name) + " " + strings.Join(parts, ", ")
}

func wholeKey(d sqldb.Dialect, k registry.IndexKey) string {
	text := d.Quote(k.Column)
	if k.Prefix > 0 {
		text += "(" + strconv.Itoa(k.Prefix) + ")"
	}
	return d.OrderBy(text, k.Desc, false)
}
