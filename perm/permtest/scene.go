package permtest

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// The actions by one letter each, as the tables of the matrix name them.
const (
	fV = joinery.View
	fX = joinery.Execute
	fC = joinery.Copy
	fE = joinery.Edit
	fD = joinery.Delete
	fS = joinery.Share

	fNone = joinery.NoActions
	fAll  = joinery.AllActions
)

// scene is a world written by hand.
type scene struct{ *World }

// step adds something to a scene.
type step func(*scene)

// noon is the time in every scene.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 6000, time.UTC)

// newScene is the stage of the matrix: users ann, bob, cho; teams top > mid >
// low, and side; the roles none, sharer and editor (one action each), viewer
// and user < admin < superadmin, of no team.
func newScene(steps ...step) *World {
	s := &scene{&World{Now: noon}}
	for _, name := range []string{"ann", "bob", "cho"} {
		s.Users = append(s.Users, User{Head{ID: ID(name)}})
	}
	s.team("top", "")
	s.team("mid", "top")
	s.team("low", "mid")
	s.team("side", "")
	s.role("none", fNone, "", "")
	s.role("sharer", fS, "", "")
	s.role("editor", fE, "", "")
	s.role("viewer", fV, "", "")
	s.role("user", fV|fX|fC, "", "")
	s.role("admin", fE|fD, "", "user")
	s.role("superadmin", fS, "", "admin")
	for _, add := range steps {
		add(s)
	}
	return s.World
}

func (s *scene) team(name, parent string) {
	s.Teams = append(s.Teams, Team{Head: head(name), Parent: ID(parent)})
}

func (s *scene) role(name string, actions joinery.Actions, team, parent string) {
	s.Roles = append(s.Roles, Role{Head: head(name), Team: ID(team), Parent: ID(parent), Actions: actions})
}

// head is the beginning of a row that somebody made who plays no part.
func head(name string) Head { return Head{ID: ID(name), CreatedBy: ID("nobody")} }

// team, role, member, grant and row are steps; what follows their first
// arguments changes the row that they add.

func team(name, parent string, changes ...func(*Team)) step {
	return func(s *scene) {
		s.team(name, parent)
		apply(&s.Teams[len(s.Teams)-1], changes)
	}
}

func role(name string, actions joinery.Actions, team, parent string, changes ...func(*Role)) step {
	return func(s *scene) {
		s.role(name, actions, team, parent)
		apply(&s.Roles[len(s.Roles)-1], changes)
	}
}

// member makes the user a member of the team; the membership is named after
// both, and the role too where there is one of that name already.
func member(user, team, role string, changes ...func(*Membership)) step {
	return func(s *scene) {
		m := Membership{Head: head(user + "." + team), Team: ID(team), Member: ID(user), Role: ID(role)}
		if _, taken := pick(s.Memberships, m.ID); taken {
			m.ID = ID(user + "." + team + "." + role)
		}
		apply(&m, changes)
		s.Memberships = append(s.Memberships, m)
	}
}

// grant is a grant on a row, named "g" unless changed.
func grant(table, row string, actions joinery.Actions, changes ...func(*Grant)) step {
	return func(s *scene) {
		g := Grant{Head: head("g"), Model: table, Row: ID(row), Actions: actions}
		apply(&g, changes)
		s.Grants = append(s.Grants, g)
	}
}

// row is a row of any model that is not special.
func row(table, name string, changes ...func(*Row)) step {
	return func(s *scene) {
		r := Row{Head: head(name), Model: table}
		apply(&r, changes)
		s.Rows = append(s.Rows, r)
	}
}

// account is a user beyond those of every scene.
func account(name string, changes ...func(*User)) step {
	return func(s *scene) {
		u := User{head(name)}
		apply(&u, changes)
		s.Users = append(s.Users, u)
	}
}

func apply[R any](r *R, changes []func(*R)) {
	for _, change := range changes {
		change(r)
	}
}

// Changes of rows.

func ownedBy(name string) func(*Row) { return func(r *Row) { r.Owner = ID(name) } }
func ownedByID(id uuid.UUID) func(*Row) {
	return func(r *Row) { r.Owner = id }
}
func createdBy(name string) func(*Row) { return func(r *Row) { r.CreatedBy = ID(name) } }
func inTeam(name string) func(*Row)    { return func(r *Row) { r.Team = ID(name) } }
func deletedRow(r *Row)                { r.Deleted = true }
func shared(r *Row)                    { r.Shared = true }
func ranked(rank int64) func(*Row)     { return func(r *Row) { r.Rank = rank } }
func ref(column, to string) func(*Row) {
	return func(r *Row) {
		if r.Refs == nil {
			r.Refs = map[string]uuid.UUID{}
		}
		r.Refs[column] = ID(to)
	}
}

// Changes of grants.

func toUser(name string) func(*Grant) { return func(g *Grant) { g.Member = ID(name) } }
func toTeam(name string) func(*Grant) { return func(g *Grant) { g.Team = ID(name) } }
func toRole(name string) func(*Grant) { return func(g *Grant) { g.Role = ID(name) } }
func named(name string) func(*Grant)  { return func(g *Grant) { g.ID = ID(name) } }
func endsGrant(after time.Duration) func(*Grant) {
	return func(g *Grant) { g.ExpiresAt = noon.Add(after) }
}

// Changes of memberships.

func ends(after time.Duration) func(*Membership) {
	return func(m *Membership) { m.ExpiresAt = noon.Add(after) }
}
func disabled(m *Membership)      { m.DisabledAt = noon.Add(-time.Hour) }
func deletedMember(m *Membership) { m.Deleted = true }

// Changes of what is there already.

func deleteTeam(name string) step {
	return func(s *scene) { alter(s.Teams, name, func(t *Team) { t.Deleted = true }) }
}
func moveTeam(name, parent string) step {
	return func(s *scene) { alter(s.Teams, name, func(t *Team) { t.Parent = ID(parent) }) }
}
func deleteRole(name string) step {
	return func(s *scene) { alter(s.Roles, name, func(r *Role) { r.Deleted = true }) }
}
func moveRole(name, parent string) step {
	return func(s *scene) { alter(s.Roles, name, func(r *Role) { r.Parent = ID(parent) }) }
}
func deleteUser(name string) step {
	return func(s *scene) { alter(s.Users, name, func(u *User) { u.Deleted = true }) }
}
func ofRoot(r *Row)   { r.CreatedBy = joinery.WellKnownIDs().Root }
func ofSystem(r *Row) { r.CreatedBy = joinery.WellKnownIDs().System }

func alter[R Record](rows []R, name string, change func(*R)) {
	for i := range rows {
		if rows[i].head().ID == ID(name) {
			change(&rows[i])
		}
	}
}

// The actors of the matrix.

func user(name string) joinery.Actor { return joinery.Actor{ID: ID(name), Kind: joinery.User} }
func scoped(a joinery.Actor, scope map[string]joinery.Actions) joinery.Actor {
	a.Scope = scope
	return a
}

var (
	nobody = joinery.Actor{}
	system = joinery.SystemActor()
	root   = joinery.RootActor()
)

type actions = joinery.Actions
