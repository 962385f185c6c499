package crudtest

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/perm/teams"
)

// own are the models with permission rules of their own.
var own = []string{"users", "teams", "memberships", "roles", "grants"}

// seenByAll tells whether a stranger may view rows by the model's policy.
func (s *suite[T, C, U]) seenByAll() bool {
	p := s.model.Policy
	return !p.Private && (p.System || p.Public.Has(joinery.View))
}

// users: a row of somebody else does not exist, whichever way it is asked for.
func (s *suite[T, C, U]) users() {
	if s.seenByAll() {
		return
	}
	s.hidden(s.app.User("bob"), s.row())
	s.hidden(joinery.WithActor(s.Context(), joinery.Actor{}), s.row())
	scoped := joinery.Actor{ID: personID("ann"), Kind: joinery.User, Scope: map[string]joinery.Actions{}}
	s.hidden(joinery.WithActor(s.Context(), scoped), s.row())
}

// hidden checks that the row does not exist for the actor, and stays as it is.
func (s *suite[T, C, U]) hidden(ctx context.Context, row T) {
	s.Helper()
	id := s.id(row)
	_, err := s.m.Get(ctx, id)
	s.wants(err, joinery.NotFound, "Get of a hidden row")
	_, err = s.m.Update(ctx, id, s.version(row), s.change(1))
	s.wants(err, joinery.NotFound, "Update of a hidden row")
	s.wants(s.m.Delete(ctx, id, s.version(row)), joinery.NotFound, "Delete of a hidden row")
	_, err = s.m.Copy(ctx, id, nil)
	s.wants(err, joinery.NotFound, "Copy of a hidden row")
	_, err = s.m.Access(ctx, id)
	s.wants(err, joinery.NotFound, "Access to a hidden row")
	found, err := s.m.Exists(ctx, id)
	s.must(err, "Exists of a hidden row")
	if found {
		s.Error("Exists finds a hidden row")
	}
	q := s.within(row, query.Query{Filter: query.Eq(s.model.ID.JSON, id), Count: query.CountExact})
	page, err := s.m.List(ctx, q)
	s.must(err, "List of a hidden row")
	if len(page.Items) != 0 || page.Total == nil || *page.Total != 0 {
		s.Errorf("List finds a hidden row: %d rows, total %s", len(page.Items), total(page.Total))
	}
	groups, err := s.m.Aggregate(ctx, s.within(row, query.Query{Filter: query.Eq(s.model.ID.JSON, id)}), query.Count())
	s.must(err, "Aggregate of a hidden row")
	if len(groups) != 1 || !number(groups[0].Value(query.Count()), 0) {
		s.Errorf("Aggregate counts a hidden row: %v", groups)
	}
	got, err := s.m.Get(s.maker, id)
	s.must(err, "Get after refused writes")
	s.equal(got, row, "after refused writes")
}

// teams: who reaches the row's team with a role sees it: members of the team
// and of those above it, and nobody else, for as long as they are members.
func (s *suite[T, C, U]) teams() {
	if s.model.Team == nil || s.closed() || s.seenByAll() || slices.Contains(own, s.model.Table) {
		return
	}
	top := s.team(nil)
	middle := s.team(&top)
	low := s.team(&middle)
	row := s.inTeam(s.row(), middle)
	s.join("top", top)
	s.join("low", low)
	leaving := s.join("bob", middle)
	for _, name := range []string{"top", "bob"} {
		_, err := s.m.Get(s.app.User(name), s.id(row))
		s.must(err, "Get by a member of the team")
		_, err = s.m.Update(s.app.User(name), s.id(row), s.version(row), s.change(1))
		s.wants(err, joinery.Forbidden, "Update by a plain member")
	}
	s.hidden(s.app.User("low"), row)
	s.hidden(s.app.User("zoe"), row)
	s.must(s.app.Teams.Memberships.Delete(s.app.User("ann"), leaving, crud.AnyVersion), "Delete of a membership")
	s.hidden(s.app.User("bob"), row)
}

func (s *suite[T, C, U]) team(parent *uuid.UUID) uuid.UUID {
	s.Helper()
	team, err := s.app.Teams.Teams.Create(s.app.User("ann"), teams.CreateTeam{Name: "team", ParentID: parent})
	s.must(err, "Create of a team")
	return team.ID
}

// join makes the person a plain member of the team.
func (s *suite[T, C, U]) join(name string, team uuid.UUID) uuid.UUID {
	s.Helper()
	in := teams.CreateMembership{TeamID: team, MemberID: personID(name), RoleID: teams.WellKnownRoles().User}
	m, err := s.app.Teams.Memberships.Create(s.app.User("ann"), in)
	s.must(err, "Create of a membership")
	return m.ID
}

// inTeam puts the row into the team.
func (s *suite[T, C, U]) inTeam(row T, team uuid.UUID) T {
	s.Helper()
	s.must(s.model.Team.SetValue(reflect.ValueOf(&row).UnsafePointer(), team), "a row for the team")
	moved, err := s.m.UpdateRow(s.app.root("ann"), row)
	s.must(err, "UpdateRow into the team by Root")
	return moved
}

// grants: a shared row can be viewed from then on, by whom it is shared with,
// and edited only when that is shared too; no longer when the grant ends.
func (s *suite[T, C, U]) grants() {
	if s.closed() || s.seenByAll() || slices.Contains(own, s.model.Table) && s.model.Table != "teams" {
		return
	}
	row, bob := s.row(), s.app.User("bob")
	view, err := s.grant(row, joinery.View, nil)
	s.must(err, "Create of a grant to view")
	got, err := s.m.Get(bob, s.id(row))
	s.must(err, "Get of a shared row")
	s.equal(got, row, "a shared row")
	_, err = s.m.Update(bob, s.id(row), s.version(row), s.change(1))
	s.wants(err, joinery.Forbidden, "Update of a row shared to view")
	s.hidden(s.app.User("zoe"), row)
	s.must(s.app.Teams.Grants.Delete(s.app.User("ann"), view, crud.AnyVersion), "Delete of a grant")
	s.hidden(bob, row)

	past := time.Now().Add(-time.Minute)
	_, err = s.grant(row, joinery.View, &past)
	s.must(err, "Create of a grant that is past")
	s.hidden(bob, row)
	_, err = s.grant(row, joinery.View|joinery.Edit, nil)
	s.must(err, "Create of a grant to view and edit")
	_, err = s.m.Update(bob, s.id(row), s.version(row), s.change(1))
	s.must(err, "Update of a row shared to edit, of n = 1")
}

func (s *suite[T, C, U]) grant(row T, actions joinery.Actions, until *time.Time) (uuid.UUID, error) {
	bob := personID("bob")
	g, err := s.app.Teams.Grants.Create(s.app.User("ann"), teams.CreateGrant{
		Model: s.model.Table, RowID: s.id(row), Actions: actions, MemberID: &bob, ExpiresAt: until,
	})
	return g.ID, err
}
