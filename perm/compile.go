package perm

import (
	"fmt"
	"strconv"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// The values that every condition may use, by slot. Further ones follow as the
// condition needs them.
const (
	slotActor sqldb.Slot = iota
	slotNow
	slotRoot
	slotSystem
	slotTemplate
	slotNobody // the nil uuid, which nobody has: stands in for null where a comparison must not be unknown
	fixedSlots
)

// fixedValues are those of the fixed slots that no request changes, in the
// database's form.
func fixedValues(d sqldb.Dialect, ids joinery.WellKnown) (fixed [fixedSlots]any) {
	for slot, id := range map[sqldb.Slot]uuid.UUID{slotRoot: ids.Root, slotSystem: ids.System, slotTemplate: ids.Template, slotNobody: uuid.Nil} {
		fixed[slot] = d.Bind(id)
	}
	return fixed
}

// compiler writes one condition as text with slots. It lives for that one
// condition; what it made is kept as a compiled.
type compiler struct {
	e         *Engine
	class     class
	actor     joinery.Actor // for the text of Extra alone
	more      []source      // of the slots from fixedSlots on
	extras    []*extraUse
	shared    map[source]sqldb.Slot
	usesReach bool
	known     bool   // the reach is given as a value
	single    bool   // single rows are judged, not a table's
	grantsOn  string // where not empty, grants are known to be on rows of that table
	asked     asked
	tables    int // inner ones named so far

	hoisted []hoisted // tables of the one WITH, see hoist
	hoists  int       // how many were made
}

// asked is a row of which is known, by the column given, whether a grant gives
// the actor what is asked for.
type asked struct {
	row   string
	given squirrel.Sqlizer
}

// source says where the value of a slot comes from: a constant of the text, or
// one of the asker's arguments, or of a reach, or an Extra.
type source struct {
	constant any  // comparable
	reach    bool // the arg-th value of a reach that is known
	arg      int  // of the asker, where nothing else is said
	extra    *extraUse
}

// compiled is a condition whose text is done. It is immutable.
type compiled struct {
	fragment  *sqldb.Fragment
	more      []source
	extras    []*extraUse
	usesReach bool
}

func (e *Engine) compiler(cl class, a joinery.Actor) *compiler {
	c := &compiler{e: e, class: cl, known: cl == known, actor: a, shared: map[source]sqldb.Slot{}}
	if c.known {
		c.class = user
	}
	return c
}

// compile runs build once for all actors of a class.
func (e *Engine) compile(cl class, a joinery.Actor, build func(c *compiler) squirrel.Sqlizer) (*compiled, error) {
	c := e.compiler(cl, a)
	text, err := fragment(build(c))
	if err != nil {
		return nil, err
	}
	return c.done(&text), nil
}

// done is what has been compiled, and the slots that it needs.
func (c *compiler) done(text *sqldb.Fragment) *compiled {
	return &compiled{text, c.more, c.extras, c.usesReach}
}

// fragment is a condition as text whose values are slots.
func fragment(cond squirrel.Sqlizer) (none sqldb.Fragment, err error) {
	text, args, err := cond.ToSql()
	if err != nil {
		return none, fmt.Errorf("perm: compile a condition: %w", err)
	}
	slots := make([]int, len(args))
	for i, arg := range args {
		slot, ok := arg.(sqldb.Slot)
		if !ok {
			return none, fmt.Errorf("perm: compile a condition: value %d is a %T, not a slot", i+1, arg)
		}
		slots[i] = int(slot)
	}
	return sqldb.Fragment{SQL: text, Slots: slots}, nil
}

// cond is the condition with the values of one actor, now, and of the asker's
// arguments.
func (cp *compiled) cond(e *Engine, a joinery.Actor, args ...any) (*sqldb.Cond, error) {
	return cp.condAt(e, e.options.Now(), a, args...)
}

// condAt is cond at another moment.
func (cp *compiled) condAt(e *Engine, at time.Time, a joinery.Actor, args ...any) (*sqldb.Cond, error) {
	return cp.condBy(e, at, a, nil, args...)
}

// condBy is condAt with the actor's reach, which class known needs.
func (cp *compiled) condBy(e *Engine, at time.Time, a joinery.Actor, r *reach, args ...any) (*sqldb.Cond, error) {
	values, err := cp.values(e, at, a, r, args...)
	if err != nil {
		return nil, err
	}
	return &sqldb.Cond{Fragment: cp.fragment, Values: values}, nil
}

// values are those of the slots.
func (cp *compiled) values(e *Engine, at time.Time, a joinery.Actor, r *reach, args ...any) ([]any, error) {
	values := append(make([]any, 0, int(fixedSlots)+len(cp.more)), e.fixed[:]...)
	// In the database's own form already, so that the condition also means the
	// same where an app runs it on its own pool, past the DB that binds.
	values[slotActor], values[slotNow] = a.ID, e.dialect.Bind(sqldb.Time(at))
	extra, err := cp.extraValues(a)
	if err != nil {
		return nil, err
	}
	for _, s := range cp.more {
		switch {
		case s.extra != nil:
			values = append(values, e.dialect.Bind(extra[s.extra.number][s.arg]))
		case s.reach:
			values = append(values, r.values[s.arg])
		case s.constant != nil:
			values = append(values, s.constant)
		default:
			values = append(values, args[s.arg])
		}
	}
	return values, nil
}

// slot is the slot of a value that the condition needs beside the fixed ones.
func (c *compiler) slot(s source) sqldb.Slot {
	if slot, ok := c.shared[s]; ok {
		return slot
	}
	slot := fixedSlots + sqldb.Slot(len(c.more))
	c.more = append(c.more, s)
	c.shared[s] = slot
	return slot
}

// constant is the slot of a value that belongs to the text, as a table's name.
func (c *compiler) constant(v any) sqldb.Slot { return c.slot(source{constant: v}) }

// arg is the slot of the asker's i-th argument.
func (c *compiler) arg(i int) sqldb.Slot { return c.slot(source{arg: i}) }

// clause names a condition by the rule of the contract that it is, as
// "line 2: live". The names are for tests, which change one clause at a time.
func (c *compiler) clause(name string, cond squirrel.Sqlizer) squirrel.Sqlizer {
	if c.e.mutate != nil {
		return c.e.mutate(name, cond)
	}
	return cond
}

// inner is how the aliases of inner tables begin wherever columns of the
// caller's table are named beside them.
const inner = "p_"

// fresh is an alias that no other table of the condition has.
func (c *compiler) fresh() string {
	c.tables++
	return inner + strconv.Itoa(c.tables)
}

// col is a column of the app's, quoted.
func (c *compiler) col(alias, column string) string {
	return c.e.dialect.Quote(alias) + "." + c.e.dialect.Quote(column)
}

// from is a model's table under an alias, quoted.
func (c *compiler) from(m *registry.Model, alias string) string {
	return c.e.dialect.Quote(m.Table) + " AS " + c.e.dialect.Quote(alias)
}
