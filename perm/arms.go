package perm

import (
	"context"
	"errors"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// armed is the arms for a key, compiled once; text is nil where there are none.
type armed struct {
	text     *sqldb.ArmsText
	compiled *compiled
}

// Arms is the condition of [Engine.Filter] for View, taken apart: into the rows
// that the actor owns, those of its teams, those granted to it, those below
// references that pass permissions down, and those of each Extra. A list that
// takes the first rows of each arm and the first of those stays quick where
// the condition as a whole makes a database walk all rows.
//
// It is nil where Filter serves as well: where the model or the kind of actor
// decides alone, and for users, teams, memberships, roles and grants. The text
// is the same pointer for the same model, alias and kind of actor. Errors as of
// Filter.
func (e *Engine) Arms(ctx context.Context, m *registry.Model, alias string) (*sqldb.Arms, error) {
	actor, err := e.begin(ctx, m)
	if err != nil {
		return nil, err
	}
	e.notice(ctx, m)
	key := filterKey{m, View, alias, e.classOf(actor)}
	if key.class != user || !actor.Allows(m.Table, View) {
		return nil, nil
	}
	arms, err := e.armsText(actor, key)
	if err != nil || arms.text == nil {
		return nil, err
	}
	var r *reach
	if arms.compiled.usesReach {
		if r, err = e.remembered(ctx, actor); err != nil {
			return nil, err
		}
	}
	if r != nil {
		key.class = known
		if arms, err = e.armsText(actor, key); err != nil {
			return nil, err
		}
	}
	values, err := arms.compiled.values(e, e.options.Now(), actor, r)
	return &sqldb.Arms{ArmsText: arms.text, Values: values, Of: e}, err
}

func (e *Engine) armsText(actor joinery.Actor, key filterKey) (*armed, error) {
	return e.arms.GetOr(key, func() (*armed, error) {
		if err := checkAlias(key.alias); err != nil {
			return nil, err
		}
		w := armsWriter{compiler: e.compiler(key.class, actor)}
		return w.write(key.m, key.alias)
	})
}

// armsWriter writes the arms of one model.
type armsWriter struct {
	*compiler
	tables []any // common ones beside those of the reach
	teams  bool  // whether p_teams is among them
	seens  int   // tables of ids among them
}

func (w *armsWriter) write(m *registry.Model, alias string) (*armed, error) {
	if w.plain(m) {
		return &armed{}, nil
	}
	var arms []arm
	if len(selfInherits(m)) > 0 {
		arms = []arm{inheritArm(m.ID, w.tree(m, "p_leaf", w.armsOf(m, "p_leaf")), w.fewOfTree(), false)}
	} else {
		arms = w.armsOf(m, alias)
	}
	return w.text(w.allGranted(m, View, alias), w.open(m, alias), arms)
}

// plain reports whether nothing of a model is to be taken apart.
func (w *armsWriter) plain(m *registry.Model) bool {
	_, decided := w.e.compiler(w.class, w.actor).granted(m, only(View), "p_row").(truth)
	return decided || w.special(m)
}

// text is the arms with all their text.
func (w *armsWriter) text(where, open squirrel.Sqlizer, arms []arm) (*armed, error) {
	t := &sqldb.ArmsText{}
	var many, wide []squirrel.Sqlizer
	var failed error
	put := func(into *sqldb.Fragment, cond squirrel.Sqlizer) {
		if cond == nil || cond == truth(true) {
			return
		}
		f, err := fragment(cond)
		failed = errors.Join(failed, err)
		*into = f
	}
	for _, a := range arms {
		out := sqldb.Arm{Few: a.few, Repeats: !a.once, Ranked: a.ranked}
		if a.column != nil {
			out.Column = a.column.Name
			put(&out.Keys, a.keys)
		}
		put(&out.And, a.and)
		t.Arms = append(t.Arms, out)
		if a.many != nil {
			many = append(many, a.many)
		}
		if a.wide {
			wide = append(wide, a.many)
		}
	}
	put(&t.Where, where)
	put(&t.Open, open)
	put(&t.Many, anyOf(many...))
	if len(wide) > 0 {
		put(&t.Wide, anyOf(wide...))
	}
	if w.usesReach {
		w.tables = append(w.reachTables(), w.tables...)
	}
	for _, table := range w.tables {
		var f sqldb.Fragment
		put(&f, table.(squirrel.Sqlizer))
		t.With = append(t.With, f)
	}
	return &armed{t, w.done(nil)}, failed
}
