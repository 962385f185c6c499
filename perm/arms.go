package perm

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Few keys are looked up one by one. Beyond, it may be quicker to look at some
// rows in the order of the list.
const (
	fewTeams   = 16
	fewParents = 200
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

// arm is sqldb.Arm with its text to come.
type arm struct {
	column *registry.Column // nil: no keys
	keys   squirrel.Sqlizer
	and    squirrel.Sqlizer // nil: nothing
	many   squirrel.Sqlizer // nil: never
	depth  int              // as of sqldb.ArmsText
	few    bool
	once   bool // each key comes once
}

func (w *armsWriter) write(m *registry.Model, alias string) (*armed, error) {
	if w.plain(m) {
		return &armed{}, nil
	}
	var arms []arm
	if len(selfInherits(m)) > 0 {
		arms = []arm{inheritArm(m.ID, depth(m), w.tree(m, "p_leaf", w.armsOf(m, "p_leaf")))}
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

// armsOf are the arms of a model, but for references to itself.
func (w *armsWriter) armsOf(m *registry.Model, alias string) []arm {
	arms := append(w.ownArms(m, alias), w.grantArms(m)...)
	if m.Team != nil {
		arms = append(arms, w.teamArm(m))
	}
	for _, ref := range m.Inherits() {
		if target := ref.Ref.Target; target != nil && target != m {
			arms = append(arms, inheritArm(ref, 1+depth(target), w.seen(target)))
		}
	}
	if extra := w.line15(m, only(View), alias); extra != truth(false) {
		arms = append(arms, arm{and: extra})
	}
	return arms
}

// inheritArm is the rows whose column has an id of a table of those.
func inheritArm(column *registry.Column, depth int, seen string) arm {
	ids := squirrel.Expr("SELECT p_seen.id FROM " + seen + " p_seen")
	return arm{column: column, keys: ids, many: moreThan(fewParents, ids), depth: depth}
}

// depth is how many references up the rows that allow one may be, no limit for
// a tree.
func depth(m *registry.Model) int {
	most := 0
	for _, ref := range m.Inherits() {
		switch target := ref.Ref.Target; target {
		case nil:
		case m:
			return sqldb.AnyDepth
		default:
			most = max(most, min(1+depth(target), sqldb.AnyDepth))
		}
	}
	return most
}

// moreThan is that a query has more than n rows, which it stops at.
func moreThan(n int, query squirrel.Sqlizer) squirrel.Sqlizer {
	return squirrel.Expr("(SELECT COUNT(*) FROM (SELECT 1 FROM (?) p_rows LIMIT "+strconv.Itoa(n+1)+") p_some) > "+strconv.Itoa(n), query)
}

// ownArms are lines 10 and 11: what the actor, System and Template own.
func (w *armsWriter) ownArms(m *registry.Model, alias string) []arm {
	owners := squirrel.Expr("SELECT ? AS id UNION ALL SELECT ? UNION ALL SELECT ?", w.uuid(slotActor), w.uuid(slotSystem), w.uuid(slotTemplate))
	var and []squirrel.Sqlizer
	if m.Team != nil && m.Policy.OwnerNeedsReach {
		and = []squirrel.Sqlizer{anyOf(w.line10Yes(m, only(View), alias), w.line11(m, alias))}
	}
	var arms []arm
	if m.Owner != nil {
		arms = append(arms, arm{column: m.Owner, keys: owners, and: allOf(and...), few: true, once: true})
	}
	if m.CreatedBy != nil && (m.Owner == nil || m.Owner.Nullable) {
		if m.Owner != nil {
			and = append(and, squirrel.Expr(w.col(alias, m.Owner.Name)+" IS NULL"))
		}
		arms = append(arms, arm{column: m.CreatedBy, keys: owners, and: allOf(and...), few: true, once: true})
	}
	return arms
}

// uuid is a slot whose type is said, since nothing around it does.
func (w *armsWriter) uuid(slot sqldb.Slot) squirrel.Sqlizer {
	if w.e.dialect.Name() == "postgres" {
		return squirrel.Expr("CAST(? AS uuid)", slot)
	}
	return squirrel.Expr("?", slot)
}

// teamArm is line 12.
func (w *armsWriter) teamArm(m *registry.Model) arm {
	if !w.teams {
		w.teams = true
		w.tables = append(w.tables, squirrel.Expr("p_teams (team_id) AS "+w.materialized()+"(SELECT DISTINCT p_team.team_id FROM (?) p_team)",
			w.clause("line 12: team", w.reached(only(View)))))
	}
	teams := squirrel.Expr("SELECT p_teams.team_id AS id FROM p_teams")
	return arm{column: m.Team, keys: teams, many: moreThan(fewTeams, teams), once: true}
}

// grantArms are line 13, by each target that a grant may have.
func (w *armsWriter) grantArms(m *registry.Model) []arm {
	w.usesReach = true
	to := func(target string, from string, conds ...squirrel.Sqlizer) arm {
		conds = append(w.active13(squirrel.Expr("?", w.constant(m.Table)), only(View)), conds...)
		return arm{column: m.ID, keys: squirrel.Expr("SELECT p_grant.row_id AS id FROM "+from+" WHERE ?", w.clause(target, allOf(conds...)))}
	}
	nobodys := w.clause("grant: to a group and no user", squirrel.Expr("p_grant.member_id IS NULL"))
	return []arm{
		to("arm: granted to the user", "grants p_grant", w.grantedToUser()),
		to("arm: granted to a team", "p_reach CROSS JOIN grants p_grant", among("p_grant.team_id", "p_reach.team_id"),
			nobodys, squirrel.Expr("COALESCE(p_grant.role_id, ?) = p_reach.role_id", slotNobody)),
		to("arm: granted to a role", "p_reach CROSS JOIN grants p_grant", among("p_grant.role_id", "p_reach.team_id"),
			nobodys, squirrel.Expr("p_grant.team_id IS NULL"), squirrel.Expr("p_grant.role_id = p_reach.role_id")),
	}
}

// seen makes a table of the ids of all rows of a model that the actor may view,
// some perhaps more than once: who reads a few of its rows does not wait for
// all.
func (w *armsWriter) seen(m *registry.Model) string {
	row := w.fresh()
	if w.plain(m) {
		return w.table(squirrel.Expr("SELECT "+w.col(row, m.ID.Name)+" AS id FROM "+w.from(m, row)+" WHERE ?", w.can(m, View, row)))
	}
	arms := w.armsOf(m, row)
	if len(selfInherits(m)) > 0 {
		return w.tree(m, row, arms)
	}
	return w.table(w.all(m, row, arms))
}

// table makes a table of ids.
func (w *armsWriter) table(ids squirrel.Sqlizer) string {
	w.seens++
	name := "p_seen_" + strconv.Itoa(w.seens)
	w.tables = append(w.tables, squirrel.Expr(name+" (id) AS "+w.read()+"(?)", ids))
	return name
}

// read is that a table is made as far as it is read: PostgreSQL does that of
// one that it makes once, SQLite of one that it makes for each who reads it.
func (w *armsWriter) read() string {
	if w.e.dialect.Has(sqldb.Lateral) {
		return w.materialized()
	}
	return "NOT MATERIALIZED "
}

// all is the ids of the rows in the arms.
func (w *armsWriter) all(m *registry.Model, row string, arms []arm) squirrel.Sqlizer {
	selects := make([]any, len(arms))
	for i, a := range arms {
		conds := []squirrel.Sqlizer{w.open(m, row)}
		if a.and != nil {
			conds = append(conds, a.and)
		}
		selects[i] = w.rows(m, row, a, allOf(conds...))
	}
	return squirrel.Expr("?"+strings.Repeat(" UNION ALL ?", len(arms)-1), selects...)
}

// rows is the ids of the rows in an arm that meet a condition, looked up key by
// key: a database that joined the keys with all rows would read these.
func (w *armsWriter) rows(m *registry.Model, row string, a arm, cond squirrel.Sqlizer) squirrel.Sqlizer {
	id, from := w.col(row, m.ID.Name), w.from(m, row)
	if a.column == nil {
		return squirrel.Expr("SELECT "+id+" AS id FROM "+from+" WHERE ?", cond)
	}
	return w.each(m, row, squirrel.Expr("(?) p_key", a.keys), "p_key.id", []*registry.Column{a.column}, cond)
}

// tree makes a table of the rows in the arms and of all that inherits from
// them, as far as every row on the way is open.
func (w *armsWriter) tree(m *registry.Model, row string, arms []arm) string {
	w.seens++
	name, child := "p_seen_"+strconv.Itoa(w.seens), w.fresh()
	open := w.clause("line 14: the path ends at a row that answers no", allOf(w.open(m, child), w.line10No(m, only(View), child)))
	w.tables = append(w.tables, squirrel.Expr(name+" (id) AS "+w.read()+"(? UNION ?)",
		w.all(m, row, arms), w.each(m, child, squirrel.Expr(name+" p_up"), "p_up.id", selfInherits(m), open)))
	return name
}

// each is the ids of the rows that meet a condition and have a key in one of
// their columns, for each key of a table.
func (w *armsWriter) each(m *registry.Model, row string, keys squirrel.Sqlizer, key string, columns []*registry.Column, cond squirrel.Sqlizer) squirrel.Sqlizer {
	has := make([]squirrel.Sqlizer, len(columns))
	for i, c := range columns {
		has[i] = among(w.col(row, c.Name), key)
	}
	return squirrel.Expr("SELECT "+w.col(row, m.ID.Name)+" AS id FROM ? CROSS JOIN "+w.from(m, row)+" WHERE ?", keys, allOf(anyOf(has...), cond))
}

// among is that a column has a key of another table, as one looks it up key by
// key in the index of the column. A database that is told of an equality may
// read all rows and join, where it takes a key for frequent; so it is told of a
// range.
func among(column, key string) squirrel.Sqlizer {
	return squirrel.Expr(column + " >= " + key + " AND " + column + " <= " + key)
}

// text is the arms with all their text.
func (w *armsWriter) text(where, open squirrel.Sqlizer, arms []arm) (*armed, error) {
	t := &sqldb.ArmsText{}
	var many []squirrel.Sqlizer
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
		out := sqldb.Arm{Few: a.few, Repeats: !a.once}
		if a.column != nil {
			out.Column = a.column.Name
			put(&out.Keys, a.keys)
		}
		put(&out.And, a.and)
		t.Arms = append(t.Arms, out)
		if a.many != nil {
			many = append(many, a.many)
		}
		t.Depth = max(t.Depth, a.depth)
	}
	put(&t.Where, where)
	put(&t.Open, open)
	put(&t.Many, anyOf(many...))
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
