package perm

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// rowAsked is a row and the action that is asked for.
type rowAsked struct {
	m  *registry.Model
	id uuid.UUID
	x  Actions
	on string // where m is grants: the table of the row that it is on
}

// explained is a row of which it is explained whether the actor may do the
// action to it: the one asked for, or one that a rule goes on to.
type explained struct {
	rowAsked
	top    bool // asked for: the Scope counts
	judged bool
	hidden bool // from the asker

	held map[string]bool      // which clauses are, by the names in bits
	ids  map[string]uuid.UUID // the row's references, by column

	rules   []*ruleHeld
	allowed bool
	by      int // the line that answered

	out *registry.Explanation
}

// bit is a clause that is asked of a row, by a name.
type bit struct {
	name string
	cond squirrel.Sqlizer
}

// The names of the bits. Those of line 14 go on with the column, those of line
// 15 and of the parts of line 8 with a number.
const (
	bitLive, bitOpen, bitAll      = "live", "not root's", "all"
	bitTenYes, bitTenGoes         = "10 yes", "10 goes on"
	bitOwns, bitTeam, bitGrant    = "11", "12", "13"
	bitParent, bitExtra, bitEight = "14 ", "15 ", "8 "
)

func numbered(name string, i int) string { return name + strconv.Itoa(i) }

// bits are the clauses of the lines that are asked of a row for an action. What
// the model, the action or the class of actors decide is not among them.
func (c *compiler) bits(m *registry.Model, x Actions, alias string) []bit {
	if c.class == root {
		return nil
	}
	bits := []bit{{bitLive, c.line2(m, alias)}, {bitOpen, c.line3(m, alias)}}
	switch {
	case c.class == system, m.Policy.Private, m.Policy.Public.Has(x), c.class == anonymous:
		return bits
	case c.special(m):
		for i, rule := range c.specialRules(m, only(x), alias) {
			bits = append(bits, bit{numbered(bitEight, i), rule})
		}
		return bits
	case m.Policy.System:
		return bits
	}
	bits = append(bits,
		bit{bitTenYes, c.line10Yes(m, only(x), alias)}, bit{bitTenGoes, c.line10No(m, only(x), alias)},
		bit{bitOwns, c.line11(m, alias)}, bit{bitTeam, c.line12(m, only(x), alias)}, bit{bitGrant, c.line13(m, only(x), alias)})
	bits = append(bits, c.parentBits(m, x, alias)...)
	bits = append(bits, c.extraBits(m, x, alias)...)
	return append(bits, bit{bitAll, c.may(m, only(x), alias)})
}

// parentBits are line 14, one for each reference.
func (c *compiler) parentBits(m *registry.Model, x Actions, alias string) []bit {
	var bits []bit
	for _, ref := range m.Inherits() {
		switch ref.Ref.Target {
		case nil:
		case m: // the row itself, met again on a cycle, adds nothing
			bits = append(bits, bit{bitParent + ref.Name, c.inheritedAbove(m, only(x), alias, []*registry.Column{ref}, true)})
		default:
			bits = append(bits, bit{bitParent + ref.Name, c.clause("line 14: inherited", c.mayParent(ref, only(x), alias))})
		}
	}
	return bits
}

// extraBits are line 15, one for each rule that gives the action.
func (c *compiler) extraBits(m *registry.Model, x Actions, alias string) []bit {
	var bits []bit
	for i, rule := range m.Policy.Extra {
		if rule.SQL != nil && rule.Actions.Has(x) {
			bits = append(bits, bit{numbered(bitExtra, i), c.clause("line 15: extra", c.extra(m, rule, alias))})
		}
	}
	return bits
}

// pointers are the columns whose rows the rules go on to.
func (e *Engine) pointers(m *registry.Model) []string {
	var columns []string
	switch m {
	case e.bound.memberships, e.bound.roles:
		return []string{"team_id"}
	case e.bound.grants:
		return []string{"row_id"}
	}
	if m.Team != nil {
		columns = append(columns, m.Team.Name)
	}
	for _, ref := range m.Inherits() {
		columns = append(columns, ref.Name)
	}
	return columns
}

// bitsKey is what the text of the bits of rows depends on.
type bitsKey struct {
	m     *registry.Model
	x     Actions
	class class
	on    string
}

// bitsText is the query for the bits of rows of a model, with the names of its
// columns after the id.
type bitsText struct {
	*statement
	pointers, names []string
}

func (e *Engine) bitsText(k bitsKey, a joinery.Actor) (*bitsText, error) {
	return e.explains.GetOr(k, func() (*bitsText, error) {
		t := &bitsText{pointers: e.pointers(k.m)}
		s, err := e.statement(k.class, a, func(c *compiler) squirrel.Sqlizer {
			c.grantsOn = k.on
			row := c.fresh()
			id := c.col(row, k.m.ID.Name)
			columns, args := []string{id}, []any{}
			for _, name := range t.pointers {
				columns, args = append(columns, "COALESCE("+c.col(row, name)+", ?)"), append(args, slotNobody)
			}
			for _, b := range c.bits(k.m, k.x, row) {
				columns, args, t.names = append(columns, "?"), append(args, when(b.cond, 1)), append(t.names, b.name)
			}
			return squirrel.Expr("SELECT "+strings.Join(columns, ", ")+" FROM "+c.from(k.m, row)+" WHERE ?",
				append(args, sqldb.In(e.dialect, id, c.arg(0)))...)
		})
		t.statement = s
		return t, err
	})
}

// judge asks the database about rows, and decides by the lines. Hidden rows are
// not asked about.
func (x *explaining) judge(ctx context.Context, rows []*explained) error {
	alike := map[bitsKey][]*explained{}
	var order []bitsKey
	for _, r := range rows {
		r.judged = true
		if r.hidden {
			continue
		}
		k := bitsKey{r.m, r.x, x.class, r.on}
		if alike[k] == nil {
			order = append(order, k)
		}
		alike[k] = append(alike[k], r)
	}
	for _, k := range order {
		if err := x.readBits(ctx, k, alike[k]); err != nil {
			return fmt.Errorf("perm: explain an answer on rows of %s: %w", k.m.Table, err)
		}
		for _, r := range alike[k] {
			if err := x.decide(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// readBits asks about rows of one model, for one action.
func (x *explaining) readBits(ctx context.Context, k bitsKey, rows []*explained) error {
	text, err := x.e.bitsText(k, x.who)
	if err != nil {
		return err
	}
	byID, ids := map[uuid.UUID]*explained{}, []uuid.UUID{}
	for _, r := range rows {
		byID[r.id] = r
		ids = append(ids, r.id)
	}
	stmt, err := text.ofAt(x.e, x.at, x.who, ids)
	if err != nil {
		return err
	}
	found, err := x.e.db.Query(ctx, stmt)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := text.read(found, byID); err != nil {
			return err
		}
	}
	return found.Err()
}

// read is one row of the bits.
func (t *bitsText) read(rows sqldb.Rows, byID map[uuid.UUID]*explained) error {
	ids, bits := make([]uuid.UUID, 1+len(t.pointers)), make([]int64, len(t.names))
	var dest []any
	for i := range ids {
		dest = append(dest, &ids[i])
	}
	for i := range bits {
		dest = append(dest, &bits[i])
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	r := byID[ids[0]]
	r.held, r.ids = map[string]bool{}, map[string]uuid.UUID{}
	for i, name := range t.pointers {
		r.ids[name] = ids[1+i]
	}
	for i, name := range t.names {
		r.held[name] = bits[i] == 1
	}
	return nil
}
