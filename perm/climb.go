package perm

import (
	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/registry"
)

// climb is a walk up a tree: from the rows that meet first to those above
// them, as far as each meets next.
type climb struct {
	m          *registry.Model
	row, child string           // aliases: a row, and the one that it is above of
	first      squirrel.Sqlizer // on row
	next       squirrel.Sqlizer // on row and child
}

// above is a statement whose tail reads above(id), the rows that a climb
// finds. UNION ends it on cycles. Its first may name columns of the row that is
// judged, inside a recursive query, which not every database allows: this is
// the only place where that happens, and where it is not allowed it is hoisted.
func (c *compiler) above(w climb, tail string, args ...any) squirrel.Sqlizer {
	if c.mustHoist() {
		return c.aboveHoisted(w, tail, args...)
	}
	id := c.col(w.row, w.m.ID.Name)
	return squirrel.Expr("WITH RECURSIVE p_above (id) AS ("+
		"SELECT "+id+" FROM "+c.from(w.m, w.row)+" WHERE ? "+
		"UNION "+
		"SELECT "+id+" FROM p_above JOIN "+c.from(w.m, w.child)+" ON "+c.col(w.child, w.m.ID.Name)+" = p_above.id"+
		" JOIN "+c.from(w.m, w.row)+" ON ?) "+tail,
		append([]any{w.first, w.next}, args...)...)
}
