package registry

import (
	"reflect"
	"strings"
)

// declaredOrder is a sort order as a tag or Table wrote it.
type declaredOrder struct {
	field string // where it stands
	keys  string // "status,-priority"
}

// declared keeps the orders of a sortable tag until every column is known.
func (rd *reader) declared(c *Column, f reflect.StructField) {
	tag, ok := f.Tag.Lookup("sortable")
	if !ok {
		return
	}
	alone, orders, err := parseSorts(tag)
	if err != nil {
		rd.fail(c.Field, "%v", err)
		return
	}
	if alone {
		orders = append([]string{c.Name}, orders...)
	}
	for _, keys := range orders {
		rd.model.orders = append(rd.model.orders, declaredOrder{c.Field, keys})
	}
}

// sorts resolves every declared order.
func (rd *reader) sorts(table Table) {
	m := rd.model
	for _, keys := range table.Sorts {
		m.orders = append(m.orders, declaredOrder{"Table", keys})
	}
	seen := map[string]bool{}
	for _, o := range m.orders {
		keys, ok := rd.sortKeys(o)
		if name := sortName(keys); ok && !seen[name] {
			seen[name] = true
			m.Sorts = append(m.Sorts, keys)
		}
	}
	m.orders = nil
}

func (rd *reader) sortKeys(o declaredOrder) (keys []SortKey, ok bool) {
	used := map[*Column]bool{}
	for key := range strings.SplitSeq(o.keys, ",") {
		name, desc := strings.CutPrefix(strings.TrimSpace(key), "-")
		c := rd.model.lookup(name)
		switch {
		case c == nil:
			rd.fail(o.field, "declares the sort order %q, but there is no column %q", o.keys, name)
			return nil, false
		case !c.Visible() || c.Kind == JSON || c.Kind == Bytes:
			rd.fail(o.field, "declares the sort order %q, but %s is hidden, writeonly, JSON or bytes", o.keys, c.Field)
			return nil, false
		case used[c]:
			rd.fail(o.field, "declares the sort order %q, which names %q twice", o.keys, name)
			return nil, false
		}
		used[c] = true
		keys = append(keys, SortKey{c, desc})
	}
	if len(keys) == 1 { // either direction serves both
		keys[0].Desc, keys[0].Column.Sortable = false, true
	}
	return keys, true
}

func sortName(keys []SortKey) string {
	var b strings.Builder
	for _, k := range keys {
		if k.Desc {
			b.WriteByte('-')
		}
		b.WriteString(k.Column.Name + ",")
	}
	return b.String()
}

// lookup is a column by its name in the database, else in the API.
func (m *Model) lookup(name string) *Column {
	if c := m.byName[name]; c != nil {
		return c
	}
	return m.byJSON[name]
}

// keys collects the unique keys and extra indexes of tags and Table.
func (rd *reader) keys(table Table) {
	m := rd.model
	for _, c := range m.Columns {
		if c.Unique {
			rd.unique(c.Field, Unique{Columns: []string{c.Name}, Global: c.Global})
		}
		if c.Indexed {
			m.Indexes = append(m.Indexes, Index{Columns: []string{c.Name}})
		}
	}
	for _, u := range table.Unique {
		rd.unique("Table", u)
	}
	for _, i := range table.Indexes {
		rd.index(i)
	}
}

func (rd *reader) unique(field string, u Unique) {
	names, ok := rd.names(field, u.Columns, false)
	if !ok {
		return
	}
	u.Columns = names
	if !u.Global && !rd.scoped(names) {
		quoted := strings.Join(names, `", "`)
		rd.fail(field, `has a unique key (%s) without user_id or team_id: its Conflict tells that a hidden row exists; for a key per owner leave the tag out and let Table() say Unique: []registry.Unique{{Columns: []string{"user_id", "%s"}}}, for one across everybody say unique:"true,global" (in Table: Global)`, strings.Join(names, ", "), quoted)
		return
	}
	rd.model.Unique = append(rd.model.Unique, u)
}

// scoped reports whether a key keeps the rows of an owner or a team apart.
func (rd *reader) scoped(columns []string) bool {
	for _, name := range columns {
		c := rd.model.byName[name]
		if c == rd.model.Owner || c == rd.model.Team || name == "user_id" || name == "team_id" {
			return true
		}
	}
	return false
}

func (rd *reader) index(i Index) {
	names, ok := rd.names("Table", i.Columns, true)
	if !ok {
		return
	}
	i.Columns = names
	if i.Name != "" {
		if err := checkIdentifier(i.Name); err != nil {
			rd.fail("Table", "has an index whose name %v", err)
			return
		}
	}
	rd.model.Indexes = append(rd.model.Indexes, i)
}

// names resolves the columns of a key to their names in the database; with
// directions a leading minus is kept.
func (rd *reader) names(field string, columns []string, directions bool) ([]string, bool) {
	var names []string
	seen := map[*Column]bool{}
	for _, name := range columns {
		bare, minus := name, ""
		if directions && strings.HasPrefix(name, "-") {
			bare, minus = name[1:], "-"
		}
		c := rd.model.lookup(bare)
		if c == nil || seen[c] {
			rd.fail(field, "has a key over %q: %q is no column, or is named twice", columns, bare)
			return nil, false
		}
		seen[c] = true
		names = append(names, minus+c.Name)
	}
	if len(names) == 0 {
		rd.fail(field, "has a key without columns")
	}
	return names, len(names) > 0
}
