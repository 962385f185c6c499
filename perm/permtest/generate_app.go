package permtest

import (
	"math/rand/v2"
	"time"

	"github.com/joinery-go/joinery/registry"
)

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

// values fills the columns that the rules do not know, but an Extra rule may.
func (g *generator) values(m *Model, r *Row) {
	if len(m.other) == 0 {
		return
	}
	r.Values = map[string]any{}
	for _, c := range m.other {
		if v := g.value(c); v != nil && !(c.Nullable && g.percent(25)) {
			r.Values[c.Name] = v
		}
	}
}

// value is one of a few values of the column's kind, so that rows have the
// same ones; nil for kinds that rules do not look into.
func (g *generator) value(c *registry.Column) any {
	switch c.Kind {
	case registry.Text:
		return []string{"", "a", "b", "A"}[g.IntN(4)]
	case registry.Enum:
		return c.Enum[g.IntN(len(c.Enum))]
	case registry.Bool:
		return g.percent(50)
	case registry.Int:
		return int64(g.IntN(6))
	case registry.Float:
		return float64(g.IntN(6))
	case registry.Decimal:
		return []string{"0", "1", "2"}[g.IntN(3)]
	case registry.Time:
		return g.w.Now.Add(time.Duration(g.IntN(3)-1) * time.Hour)
	case registry.UUID:
		return g.person()
	}
	return nil
}
