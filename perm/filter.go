package perm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// filterKey is what the text of a filter depends on.
type filterKey struct {
	m       *registry.Model
	actions Actions
	alias   string
	class   class
}

// Filter is a condition for the WHERE of any SELECT, UPDATE or DELETE over
// m's table under alias: it holds for the rows on which the actor of ctx may
// View and do all of a. It is never unknown, so it may stand under NOT. The
// zero a asks for View alone. Root's filter holds for deleted rows too.
//
// The result is a [*sqldb.Cond]: its Fragment is the same pointer for the same
// model, actions, alias and kind of actor, so that statements can be kept by
// it. Its values belong to one actor and one moment; ask again for each
// statement. They are in the form of the engine's database, so that the
// condition may also stand in a statement that the app runs on its own pool.
//
// The first time that rows of a model are asked for, outside transactions,
// indexes that the database lacks are written to the log, see [Options].Log.
//
// The alias stands quoted in the text; it is the table's own name where the
// statement gives none, and must not begin with "p_", as perm's own do.
// Without an actor in ctx the error is of kind
// Unauthenticated.
func (e *Engine) Filter(ctx context.Context, m *registry.Model, a joinery.Actions, alias string) (squirrel.Sqlizer, error) {
	actor, err := e.begin(ctx, m)
	if err != nil {
		return nil, err
	}
	if err := checkActions(a); err != nil {
		return nil, err
	}
	a |= View
	if a == View {
		e.notice(ctx, m)
	}
	if !actor.Allows(m.Table, a) { // line 0
		return e.filter(ctx, actor, filterKey{m: m, alias: alias, class: nobody})
	}
	return e.filter(ctx, actor, filterKey{m, a, alias, e.classOf(actor)})
}

// filter is the condition for a key. For View alone it may be one in which the
// reach is a value; whatever else is asked for guards a write.
func (e *Engine) filter(ctx context.Context, actor joinery.Actor, key filterKey) (*sqldb.Cond, error) {
	cp, err := e.filterText(actor, key)
	if err != nil {
		return nil, err
	}
	var r *reach
	if cp.usesReach && key.actions == View {
		if r, err = e.remembered(ctx, actor); err != nil {
			return nil, err
		}
	}
	if r != nil {
		key.class = known
		if cp, err = e.filterText(actor, key); err != nil {
			return nil, err
		}
	}
	return cp.condBy(e, e.options.Now(), actor, r)
}

// filterText is the condition for a key, compiled once.
func (e *Engine) filterText(actor joinery.Actor, key filterKey) (*compiled, error) {
	return e.filters.GetOr(key, func() (*compiled, error) {
		if err := checkAlias(key.alias); err != nil {
			return nil, err
		}
		return e.compile(key.class, actor, func(c *compiler) squirrel.Sqlizer { return c.canWhole(key.m, key.actions, key.alias) })
	})
}

// checkAlias refuses the names of perm's own inner tables, which would hide
// the caller's.
func checkAlias(alias string) error {
	if alias == "" || len(alias) > 63 || strings.HasPrefix(alias, inner) {
		return fmt.Errorf("perm: the alias %q must be an identifier of up to 63 bytes that does not begin with %q", alias, inner)
	}
	return nil
}

func checkActions(a Actions) error {
	if a&^joinery.AllActions != 0 {
		return errors.New("perm: unknown actions: combine View, Execute, Copy, Edit, Delete and Share")
	}
	return nil
}
