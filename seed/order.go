package seed

import (
	"slices"

	"github.com/joinery-go/joinery/registry"
)

// ordered is the tables of the seeds as they are given, but each after those it
// refers to. References that may be null do not count where they would close a
// cycle; those that may not are known to close none.
func ordered(given []*registry.Model) []*registry.Model {
	var sorted []*registry.Model
	for len(sorted) < len(given) {
		next := slices.IndexFunc(given, func(m *registry.Model) bool { return isNext(m, given, sorted, true) })
		if next < 0 {
			next = slices.IndexFunc(given, func(m *registry.Model) bool { return isNext(m, given, sorted, false) })
		}
		sorted = append(sorted, given[next])
	}
	return sorted
}

// isNext reports whether the model's turn has come: it has not been, and what
// it refers to is not to come.
func isNext(m *registry.Model, given, sorted []*registry.Model, nullable bool) bool {
	if slices.Contains(sorted, m) {
		return false
	}
	for _, c := range m.Columns {
		if c.Ref == nil || c.Ref.Target == m || c.Nullable && !nullable {
			continue
		}
		if slices.Contains(given, c.Ref.Target) && !slices.Contains(sorted, c.Ref.Target) {
			return false
		}
	}
	return true
}
