package perm

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// checkKey is what the text of a check depends on.
type checkKey struct {
	m     *registry.Model
	class class
	on    string // where m is grants and it is not empty: the table of the rows that they are on
}

// question is what an actor may do with rows, at some moment.
type question struct {
	actor joinery.Actor
	m     *registry.Model
	on    string // as of checkKey
	asked Actions
	ids   []uuid.UUID
	at    time.Time
	reach *reach // the actor's, where it is known
}

// Check asks whether the actor of ctx may do all of a to the row of m with
// that id, in one statement. Nil: yes. NotFound: there is no such row, or the
// actor may not View it, which look the same. Forbidden: it may View the row,
// but not do all of a; for Anonymous that is Unauthenticated. The zero a asks
// for View alone. Without an actor in ctx the error is of kind
// Unauthenticated.
func (e *Engine) Check(ctx context.Context, m *registry.Model, a joinery.Actions, id uuid.UUID) error {
	actor, err := e.begin(ctx, m)
	if err != nil {
		return err
	}
	if err := checkActions(a); err != nil {
		return err
	}
	ask := e.actions
	if a&^View == 0 { // whatever else is asked for guards a write
		ask = e.recentActions
	}
	all, err := ask(ctx, actor, m, a|View, []uuid.UUID{id})
	if err != nil {
		return err
	}
	switch may, visible := all[id]; {
	case !visible:
		return notFound(m)
	case !may.Has(a):
		return e.forbidden(actor, m)
	}
	return nil
}

// Actions is what the actor of ctx may do with each of the rows of m with
// those ids, in one statement. Rows that are missing, or that the actor may
// not View, are absent from the map; the others have View at least. Without an
// actor in ctx the error is of kind Unauthenticated.
func (e *Engine) Actions(ctx context.Context, m *registry.Model, ids ...uuid.UUID) (map[uuid.UUID]joinery.Actions, error) {
	actor, err := e.begin(ctx, m)
	if err != nil {
		return nil, err
	}
	return e.recentActions(ctx, actor, m, joinery.AllActions, ids)
}

// recentActions is actions, by a reach that may be remembered.
func (e *Engine) recentActions(ctx context.Context, actor joinery.Actor, m *registry.Model, asked Actions, ids []uuid.UUID) (map[uuid.UUID]joinery.Actions, error) {
	q := question{actor: actor, m: m, asked: asked, ids: ids}
	s, err := e.checkText(q)
	if err == nil && s.compiled.usesReach {
		q.reach, err = e.remembered(ctx, actor)
	}
	if err != nil {
		return nil, err
	}
	q.at = e.options.Now()
	return e.answer(ctx, q)
}

// actions is which of the actions asked for the actor has on the rows.
func (e *Engine) actions(ctx context.Context, actor joinery.Actor, m *registry.Model, asked Actions, ids []uuid.UUID) (map[uuid.UUID]joinery.Actions, error) {
	return e.answer(ctx, question{actor: actor, m: m, asked: asked, ids: ids, at: e.options.Now()})
}

// answer is actions for a question.
func (e *Engine) answer(ctx context.Context, q question) (map[uuid.UUID]joinery.Actions, error) {
	s, err := e.checkText(q)
	if err != nil {
		return nil, err
	}
	stmt, err := s.by(e, q.at, q.actor, q.reach, q.ids, int64(q.asked))
	if err != nil {
		return nil, err
	}
	rows, err := e.db.Query(ctx, stmt)
	if err != nil {
		return nil, fmt.Errorf("perm: ask for the actions on rows of %s: %w", q.m.Table, err)
	}
	defer rows.Close()
	return collectActions(rows, q.actor, q.m)
}

// checkText is the statement for a question, compiled once.
func (e *Engine) checkText(q question) (*statement, error) {
	key := checkKey{q.m, e.classOf(q.actor), q.on}
	if q.reach != nil {
		key.class = known
	}
	return e.checks.GetOr(key, func() (*statement, error) { return e.statement(key.class, q.actor, key.query) })
}

// collectActions reads rows of an id and one action each.
func collectActions(rows sqldb.Rows, actor joinery.Actor, m *registry.Model) (map[uuid.UUID]joinery.Actions, error) {
	all := map[uuid.UUID]joinery.Actions{}
	for rows.Next() {
		var id uuid.UUID
		var flag int64
		if err := rows.Scan(&id, &flag); err != nil {
			return nil, err
		}
		all[id] |= joinery.Actions(flag)
	}
	for id, may := range all {
		if actor.Scope != nil {
			may &= actor.Scope[m.Table] // line 0
		}
		if all[id] = may; !may.Has(View) {
			delete(all, id)
		}
	}
	return all, rows.Err()
}

// query is a row for each of the actions asked for that the actor has on each
// of the rows. One text serves for all actions.
func (k checkKey) query(c *compiler) squirrel.Sqlizer {
	c.grantsOn = k.on
	row, flag := c.fresh(), c.fresh()
	one := act{expr: c.col(flag, "flag")}
	id := c.col(row, k.m.ID.Name)
	return squirrel.Expr("SELECT "+id+", "+one.expr+" FROM "+c.from(k.m, row)+" CROSS JOIN "+flags()+" "+c.e.dialect.Quote(flag)+
		" WHERE ? AND ("+one.expr+" & ?) <> 0 AND ?",
		sqldb.In(c.e.dialect, id, c.arg(0)), c.arg(1), c.may(k.m, one, row))
}
