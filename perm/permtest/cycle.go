package permtest

import "github.com/google/uuid"

// cycle reports whether a row that named the other as a parent would be its
// own ancestor. Deleted rows count: they may come back.
func (w *World) cycle(m *Model, row, parent uuid.UUID) bool {
	return climbs(row, parent, func(id uuid.UUID) []uuid.UUID {
		r, found := w.Find(m.Table, id)
		if !found {
			return nil
		}
		return r.(Row).parents(m)
	})
}

// parents are the rows of its own model that the row inherits from.
func (r Row) parents(m *Model) []uuid.UUID {
	var ids []uuid.UUID
	for _, ref := range m.Refs {
		if ref.Inherit && ref.Table == m.Table {
			ids = append(ids, r.Refs[ref.Column])
		}
	}
	return ids
}

func (w *World) teamCycle(team, parent uuid.UUID) bool {
	return climbs(team, parent, func(id uuid.UUID) []uuid.UUID {
		t, _ := pick(w.Teams, id)
		return []uuid.UUID{t.Parent}
	})
}

func (w *World) roleCycle(role, parent uuid.UUID) bool {
	return climbs(role, parent, func(id uuid.UUID) []uuid.UUID {
		r, _ := pick(w.Roles, id)
		return []uuid.UUID{r.Parent}
	})
}

// climbs reports whether the way up from start meets the row. A cycle that
// does not hold the row ends the way.
func climbs(row, start uuid.UUID, parents func(uuid.UUID) []uuid.UUID) bool {
	visited := map[uuid.UUID]bool{null: true}
	next := []uuid.UUID{start}
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		if id == row {
			return true
		}
		if !visited[id] {
			visited[id] = true
			next = append(next, parents(id)...)
		}
	}
	return false
}
