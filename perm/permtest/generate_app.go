package permtest

import "math/rand/v2"

// generateOf is the random world of a seed with an app's models.
func generateOf(seed uint64, models []*Model) *World {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), w: &World{Now: noon, Models: models}}
	g.w.NoUsers = g.w.model("users") == nil
	for _, m := range models {
		if g.w.grantable(m.Table) {
			g.grantable = append(g.grantable, m.Table)
		}
	}
	return g.world()
}

// beside gives the row the key of a row that has none of its kind beside it;
// false where there is no such row.
func (g *generator) beside(m *Model, r *Row) bool {
	key, _ := m.key()
	for _, beside := range g.w.All(key.Table) {
		id := beside.head().ID
		if _, taken := g.w.Find(m.Table, id); !taken {
			r.ID, r.Refs[key.Column] = id, id
			return true
		}
	}
	return false
}
