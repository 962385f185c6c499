package perm

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// What bounds an explanation, however much there is to tell. What is beyond is
// left out, and the explanation says so.
const (
	maxExplained = 16 // rows: the one asked for and those above it
	maxPaths     = 8  // of a rule
	maxChain     = 32 // teams or roles on one path
)

// Explain is why who may do a, one action, to the row of m with that id, or may
// not: the lines of the rules in their order, each held or not, and through
// which membership, role, grant, row above or rule of the app. The zero a asks
// for View. Its verdict is that of [Engine.Check] for who: without View on the
// row nothing is allowed.
//
// The actor of ctx is the asker. One's own verdict needs View on the row, that
// of another needs Share besides; an actor with a Scope asks about itself with
// the same Scope. NotFound: there is no such row, or the asker may not View it,
// which look the same. Forbidden: it may View the row, but not ask about
// another; for Anonymous that is Unauthenticated. Invalid: a is not one action.
//
// Ids and names of teams, roles, memberships, grants and rows that the asker may
// not View are left out, see [registry.Explanation]. An explanation is bounded:
// of many rows above, of many paths and of long ones it gives the first, those
// that last longest before others, and says so. It takes a few statements, in
// one snapshot of the database unless ctx carries a transaction already, and
// never asks the access cache.
func (e *Engine) Explain(ctx context.Context, who joinery.Actor, m *registry.Model, a joinery.Actions, id uuid.UUID) (registry.Explanation, error) {
	asker, err := e.begin(ctx, m)
	if err != nil {
		return registry.Explanation{}, err
	}
	if a == joinery.NoActions {
		a = View
	}
	if checkActions(a) != nil || len(a.Each()) != 1 {
		return registry.Explanation{}, joinery.Errorf(joinery.Invalid, "one_action", "an explanation is of one action: view, execute, copy, edit, delete or share")
	}
	x := &explaining{
		e: e, asker: asker, who: who, class: e.classOf(who), at: sqldb.Time(e.options.Now()),
		known: map[rowAsked]*explained{}, links: map[linked][]*registry.ExplainedLink{},
	}
	var answer registry.Explanation
	err = e.inSnapshot(ctx, func(ctx context.Context) error {
		if err := x.mayAsk(ctx, m, id); err != nil {
			return err
		}
		answer, err = x.explain(ctx, rowAsked{m: m, id: id, x: a})
		return err
	})
	if err != nil {
		return registry.Explanation{}, err
	}
	return answer, nil
}

// explaining collects one explanation.
type explaining struct {
	e          *Engine
	asker, who joinery.Actor
	class      class // of who
	at         time.Time

	rows     []*explained // in the order in which they were found
	known    map[rowAsked]*explained
	again    []repeat
	gifts    []gift
	searches []*search
	links    map[linked][]*registry.ExplainedLink
}

// inSnapshot runs fn so that all its statements see one state of the database,
// unless ctx carries a transaction that decides about that.
func (e *Engine) inSnapshot(ctx context.Context, fn func(ctx context.Context) error) error {
	if sqldb.InTransaction(ctx, e.db) {
		return fn(ctx)
	}
	return sqldb.InTx(ctx, e.db, fn, sqldb.ReadOnly, sqldb.Isolation(sql.LevelRepeatableRead))
}

// mayAsk reports whether the asker may have the explanation, by one statement
// whatever the answer.
func (x *explaining) mayAsk(ctx context.Context, m *registry.Model, id uuid.UUID) error {
	all, err := x.e.answer(ctx, question{actor: x.asker, m: m, asked: View | Share, ids: []uuid.UUID{id}, at: x.at})
	if err != nil {
		return err
	}
	switch may := all[id]; {
	case !may.Has(View):
		return notFound(m)
	case !may.Has(Share) && !x.own():
		return x.e.forbidden(x.asker, m)
	}
	return nil
}

// own reports whether the asker asks about itself. Whoever is narrowed by a
// Scope may not ask what it could do without.
func (x *explaining) own() bool {
	same := x.e.classOf(x.asker) == x.class && (x.asker.ID == x.who.ID || x.class != user)
	return same && (x.asker.Scope == nil || x.who.Scope != nil && maps.Equal(x.asker.Scope, x.who.Scope))
}

// explain is the explanation of the row asked for, which exists.
func (x *explaining) explain(ctx context.Context, asked rowAsked) (registry.Explanation, error) {
	if err := x.onTable(ctx, &asked); err != nil {
		return registry.Explanation{}, err
	}
	top, view := x.add(asked), &explained{rowAsked: asked, out: &registry.Explanation{}}
	top.top, view.top, view.x = true, true, View
	begin := []*explained{top}
	if asked.x != View {
		begin = append(begin, view)
	}
	if err := x.judge(ctx, begin); err != nil {
		return registry.Explanation{}, err
	}
	if err := x.follow(ctx, top); err != nil {
		return registry.Explanation{}, err
	}
	x.write()
	if asked.x != View {
		top.needView(view)
	}
	if !top.out.Allowed {
		return *top.out, nil
	}
	until, err := x.until(ctx, asked)
	top.out.Until = until
	return *top.out, err
}

// onTable finds out on rows of which table a grant is, so that not all tables
// are asked.
func (x *explaining) onTable(ctx context.Context, asked *rowAsked) error {
	if asked.m != x.e.bound.grants {
		return nil
	}
	_, err := sqldb.Row(ctx, x.e.db, sqldb.Raw("SELECT model FROM grants WHERE id = ?", asked.id), &asked.on)
	if err != nil {
		return fmt.Errorf("perm: find the row that a grant is on: %w", err)
	}
	return nil
}

// follow goes on to the rows above, and then looks up through what each rule is
// held.
func (x *explaining) follow(ctx context.Context, top *explained) error {
	for level := []*explained{top}; len(level) > 0; {
		for _, r := range level {
			x.lead(r)
		}
		level = x.rows[len(x.rows)-x.unjudged():]
		if err := x.hide(ctx, level); err != nil {
			return err
		}
		if err := x.judge(ctx, level); err != nil {
			return err
		}
	}
	if err := x.findGifts(ctx); err != nil {
		return err
	}
	if err := x.find(ctx); err != nil {
		return err
	}
	return x.redact(ctx)
}

// unjudged is how many rows were added since the last were judged.
func (x *explaining) unjudged() int {
	n := 0
	for _, r := range x.rows {
		if !r.judged {
			n++
		}
	}
	return n
}
