package perm

import (
	"slices"
	"strconv"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Few keys are looked up one by one. Beyond, it may be quicker to look at some
// rows in the order of the list.
const (
	fewTeams   = 16
	fewParents = 200
)

// arm is sqldb.Arm with its text to come.
type arm struct {
	column *registry.Column // nil: no keys
	keys   squirrel.Sqlizer
	and    squirrel.Sqlizer // nil: nothing
	many   squirrel.Sqlizer // nil: never
	wide   bool             // many keys are very many: as of sqldb.ArmsText
	few    bool
	once   bool // each key comes once
	ranked bool // keys come in order by an index
}

// armsOf are the arms of a model, but for references to itself.
func (w *armsWriter) armsOf(m *registry.Model, alias string) []arm {
	arms := append(w.ownArms(m, alias), w.grantArms(m)...)
	if m.Team != nil {
		arms = append(arms, w.teamArm(m))
	}
	for _, ref := range m.Inherits() {
		if target := ref.Ref.Target; target != nil && target != m {
			arms = append(arms, inheritArm(ref, w.seen(target), fewParents, !climbs(target)))
		}
	}
	if extra := w.line15(m, only(View), alias); extra != truth(false) {
		arms = append(arms, arm{and: extra})
	}
	return arms
}

// inheritArm is the rows whose column has an id of a table of those, which are
// many if more than a few.
func inheritArm(column *registry.Column, seen seen, few int, wide bool) arm {
	ids := func(table string) squirrel.Sqlizer {
		return squirrel.Expr("SELECT p_seen.id FROM " + table + " p_seen")
	}
	return arm{column: column, keys: ids(seen.table), many: moreThan(few, ids(seen.some)), wide: wide}
}

// climbs reports whether a row is judged by climbing a tree.
func climbs(m *registry.Model) bool {
	return slices.ContainsFunc(m.Inherits(), func(ref *registry.Column) bool {
		target := ref.Ref.Target
		return target != nil && (target == m || climbs(target))
	})
}

// moreThan is that a query has more than n rows, which it stops at.
func moreThan(n int, query squirrel.Sqlizer) squirrel.Sqlizer {
	return squirrel.Expr("(SELECT COUNT(*) FROM (SELECT 1 FROM (?) p_rows LIMIT "+strconv.Itoa(n+1)+") p_some) > "+strconv.Itoa(n), query)
}

// ownArms are lines 10 and 11: what the actor, System and Template own.
func (w *armsWriter) ownArms(m *registry.Model, alias string) []arm {
	owners := squirrel.Expr("SELECT p_owner.id FROM ?", w.values("p_owner", "id", w.uuid(slotActor), w.uuid(slotSystem), w.uuid(slotTemplate)))
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
	row := func(target, from string, conds ...squirrel.Sqlizer) squirrel.Sqlizer {
		conds = append(w.active13(squirrel.Expr("?", w.constant(m.Table)), only(View)), conds...)
		return squirrel.Expr("SELECT p_grant.row_id AS id FROM "+from+"grants p_grant WHERE ?", w.clause(target, allOf(conds...)))
	}
	nobodys := w.clause("grant: to a group and no user", squirrel.Expr("p_grant.member_id IS NULL"))
	return []arm{
		{column: m.ID, keys: row("arm: granted to the user", "", w.grantedToUser()), ranked: true},
		{column: m.ID, keys: w.ofReach(row, "arm: granted to a team", "p_grant.team_id",
			nobodys, squirrel.Expr("COALESCE(p_grant.role_id, ?) = p_reach.role_id", slotNobody))},
		{column: m.ID, keys: w.ofReach(row, "arm: granted to a role", "p_grant.role_id",
			nobodys, squirrel.Expr("p_grant.team_id IS NULL"), squirrel.Expr("p_grant.role_id = p_reach.role_id"))},
	}
}

// ofReach is the rows that grants give for each row of p_reach, whose team or
// role they have in a column. PostgreSQL is kept from reading all grants to
// groups at once instead.
func (w *armsWriter) ofReach(row func(target, from string, conds ...squirrel.Sqlizer) squirrel.Sqlizer, target, column string, conds ...squirrel.Sqlizer) squirrel.Sqlizer {
	if !w.e.dialect.Has(sqldb.Lateral) {
		return row(target, "p_reach CROSS JOIN ", append(conds, among(column, "p_reach.team_id"))...)
	}
	of := squirrel.Expr(column + " = p_reach.team_id")
	return squirrel.Expr("SELECT p_given.id FROM p_reach CROSS JOIN LATERAL (? OFFSET 0) p_given", row(target, "", append(conds, of)...))
}
