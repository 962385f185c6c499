package query

import (
	"slices"
	"strings"

	"github.com/joinery-go/joinery/registry"
)

// sort finds the keys, and completes them by the id.
func (r *resolver) sort(names []string) []registry.SortKey {
	if len(names) == 0 {
		return []registry.SortKey{{Column: r.model.ID, Desc: true}}
	}
	if len(names) > MaxSortKeys {
		r.add("sort", "too_many", "must have at most %d keys", MaxSortKeys)
		return nil
	}
	keys := make([]registry.SortKey, 0, len(names)+1)
	for i, name := range names {
		bare, desc := strings.CutPrefix(name, "-")
		c := visible(r.model, bare)
		if c == nil || !sorts(r.model, c) {
			r.add(r.item("sort", i), "unknown_sort", "does not sort by %s; it sorts by %s", quoted(name), listing(Sorts(r.model)))
			return nil
		}
		keys = append(keys, registry.SortKey{Column: c, Desc: desc})
	}
	keys, declared := completed(r.model, keys)
	if !declared {
		r.undeclared(names, keys[0].Column)
	}
	return keys
}

// undeclared says in which orders the model sorts, or of a key that only
// combinations have in which of them.
func (r *resolver) undeclared(names []string, first *registry.Column) {
	if orders := ordersWith(r.model, first); len(names) == 1 && len(orders) > 0 {
		r.add("sort", "unknown_sort", "does not sort by %s alone, only as part of %s, or exactly the reverse", quoted(names[0]), listing(orders))
		return
	}
	r.add("sort", "unknown_sort", "does not sort by %s together; it sorts by %s, or exactly the reverse",
		quoted(strings.Join(names, ",")), listing(Sorts(r.model)))
}

// ordersWith are the declared orders that c is a part of, as they are written.
func ordersWith(m *registry.Model, c *registry.Column) []string {
	return slices.DeleteFunc(Sorts(m), func(order string) bool {
		return !slices.ContainsFunc(strings.Split(order, ","), func(key string) bool { return strings.TrimPrefix(key, "-") == c.JSON })
	})
}

// sorts reports whether c is a key of some order.
func sorts(m *registry.Model, c *registry.Column) bool {
	if c == m.ID || c.Sortable {
		return true
	}
	for _, order := range m.Sorts {
		for _, k := range order {
			if k.Column == c {
				return true
			}
		}
	}
	return false
}

// completed is keys with the id at the end, and whether the model sorts so.
func completed(m *registry.Model, keys []registry.SortKey) ([]registry.SortKey, bool) {
	last := len(keys) - 1
	switch at := indexOf(keys, m.ID); {
	case at < 0:
		return append(keys, registry.SortKey{Column: m.ID, Desc: keys[last].Desc}), isDeclared(m, keys)
	case at > 0 && at == last && keys[last].Desc == keys[last-1].Desc && isDeclared(m, keys[:last]):
		return keys, true // the completion, written out
	}
	return keys, isDeclared(m, keys)
}

func indexOf(keys []registry.SortKey, c *registry.Column) int {
	return slices.IndexFunc(keys, func(k registry.SortKey) bool { return k.Column == c })
}

func isDeclared(m *registry.Model, keys []registry.SortKey) bool {
	if len(keys) == 1 && (keys[0].Column == m.ID || keys[0].Column.Sortable) {
		return true
	}
	for _, order := range m.Sorts {
		if matches(order, keys, false) || matches(order, keys, true) {
			return true
		}
	}
	return false
}

func matches(order, keys []registry.SortKey, reversed bool) bool {
	if len(order) != len(keys) {
		return false
	}
	for i, k := range keys {
		if order[i].Column != k.Column || order[i].Desc != (k.Desc != reversed) {
			return false
		}
	}
	return true
}

// Sorts are the orders in which a list of the model can be asked for, as they
// are written: "id", "priority", "status,-priority". Each can be reversed.
func Sorts(m *registry.Model) []string {
	list := []string{m.ID.JSON}
	for _, c := range m.Columns {
		if c.Sortable && c != m.ID && c.Visible() {
			list = append(list, c.JSON)
		}
	}
	for _, order := range m.Sorts {
		if len(order) == 1 && order[0].Column.Sortable || !allVisible(order) {
			continue
		}
		names := make([]string, len(order))
		for i, k := range order {
			names[i] = sortName(k)
		}
		list = append(list, strings.Join(names, ","))
	}
	return list
}

func allVisible(order []registry.SortKey) bool {
	for _, k := range order {
		if !k.Column.Visible() {
			return false
		}
	}
	return true
}

func sortName(k registry.SortKey) string {
	if k.Desc {
		return "-" + k.Column.JSON
	}
	return k.Column.JSON
}
