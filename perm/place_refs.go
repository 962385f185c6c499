package perm

import (
	"slices"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

const (
	codeNotFound = "not_found"
	textNotFound = "there is no such row"
)

// references judges the team and every reference whose value is new, except
// for the columns that the model's own rules have judged.
func (j *judgement) references(old, new registry.Row, except ...string) {
	for _, col := range j.m.Columns {
		if slices.Contains(except, col.Name) {
			continue
		}
		id, named := new.UUID(col.Name)
		if named && (old == nil || !same(old, new, col.Name)) {
			j.reference(col, id, old, new)
		}
	}
}

// reference judges one new value.
func (j *judgement) reference(col *registry.Column, id uuid.UUID, old, new registry.Row) {
	if col == j.m.Team {
		j.enterTeam(col.Name, id)
	}
	if col.Ref == nil || col.Ref.Target == nil {
		return
	}
	switch target := col.Ref.Target; {
	case col.Ref.Inherit:
		seen := j.under(col, id)
		if target == j.m {
			j.inTree(old, new, col.Name, selfInherits(j.m), seen)
		}
	case col == j.m.Team: // judged above
	case target == j.e.bound.users && !col.Ref.NeedView:
	default:
		j.see(target, id, col.Name)
	}
}

// enterTeam needs View on the team, then CreateInTeam there by reach. It
// returns the number of the first question.
func (j *judgement) enterTeam(column string, team uuid.UUID) (seen int) {
	seen = j.see(j.e.bound.teams, team, column)
	j.require(j.e.askReach(j.m.Policy.NeededInTeam(), team), refused, seen)
	return seen
}

// under needs View on the row that an inherit reference names, then
// CreateUnder. It returns the number of the first question.
func (j *judgement) under(col *registry.Column, id uuid.UUID) (seen int) {
	seen = j.see(col.Ref.Target, id, col.Name)
	j.require(j.e.askMay(col.Ref.Target, j.m.Policy.NeededUnder(), id), refused, seen)
	return seen
}

// see needs View on a row that a column names. It returns the question's
// number.
func (j *judgement) see(m *registry.Model, id uuid.UUID, column string) int {
	return j.requireField(j.e.askView(m, id), column, codeNotFound, textNotFound)
}

// leaves reports whether the row leaves a team or a parent that it inherits
// from.
func (j *judgement) leaves(old, new registry.Row) bool {
	for _, col := range j.m.Columns {
		if col != j.m.Team && (col.Ref == nil || !col.Ref.Inherit) {
			continue
		}
		if _, had := old.UUID(col.Name); had && !same(old, new, col.Name) {
			return true
		}
	}
	return false
}
