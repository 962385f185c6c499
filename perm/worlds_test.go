package perm_test

import (
	"testing"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
)

func TestMatrix(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permtest.RunMatrix(t, permtest.Open(t, open(t)))
		})
	}
}

// namedUsers is what this package adds to the page: a grant to a user who is
// not there is a slip that the one who makes it wants to hear of.
func namedUsers() []permtest.Placement {
	id := permtest.ID
	w := &permtest.World{
		Now:   time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Users: []permtest.User{{Head: permtest.Head{ID: id("ann")}}, {Head: permtest.Head{ID: id("gone"), Deleted: true}}},
		Rows:  []permtest.Row{{Head: permtest.Head{ID: id("p"), CreatedBy: id("ann")}, Model: "projects"}},
	}
	refused := &permtest.Refusal{Kind: joinery.Invalid, Pointer: "/member_id"}
	to := func(user string, want *permtest.Refusal) permtest.Placement {
		grant := permtest.Grant{Head: permtest.Head{ID: id("g"), CreatedBy: id("ann")}, Model: "projects", Row: id("p"), Actions: joinery.View, Member: id(user)}
		move := permtest.Move{Actor: joinery.Actor{ID: id("ann"), Kind: joinery.User}, New: grant}
		return permtest.Placement{Rule: "grants", Name: "to " + user, World: w, Move: move, Want: want}
	}
	return []permtest.Placement{to("ann", nil), to("gone", refused), to("nobody", refused)}
}

// oddGrants are grants whose targets no write would let pass. They give nothing
// to anybody.
func oddGrants() []permtest.Case {
	id := permtest.ID
	ann := joinery.Actor{ID: id("ann"), Kind: joinery.User}
	odd := func(name string, target permtest.Grant) permtest.Case {
		target.Head, target.Model, target.Row, target.Actions = permtest.Head{ID: id("g")}, "projects", id("p"), joinery.View
		return permtest.Case{Rule: "line 13", Name: name, Actor: ann, Table: "projects", Row: "p", World: &permtest.World{
			Now:         time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
			Users:       []permtest.User{{Head: permtest.Head{ID: id("ann")}}, {Head: permtest.Head{ID: id("bob")}}},
			Teams:       []permtest.Team{{Head: permtest.Head{ID: id("t")}}, {Head: permtest.Head{ID: id("far")}}},
			Roles:       []permtest.Role{{Head: permtest.Head{ID: id("r")}}, {Head: permtest.Head{ID: id("rare")}}},
			Memberships: []permtest.Membership{{Head: permtest.Head{ID: id("m")}, Member: id("ann"), Team: id("t"), Role: id("r")}},
			Rows:        []permtest.Row{{Head: permtest.Head{ID: id("p"), CreatedBy: id("bob")}, Model: "projects"}},
			Grants:      []permtest.Grant{target},
		}}
	}
	return []permtest.Case{
		odd("to nobody", permtest.Grant{}),
		odd("to a user and a team", permtest.Grant{Member: id("ann"), Team: id("far")}),
		odd("to a user and a role", permtest.Grant{Member: id("ann"), Role: id("rare")}),
		odd("to another user and a team", permtest.Grant{Member: id("bob"), Team: id("t")}),
	}
}

func TestOddGrantsGiveNothing(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := permtest.Open(t, open(t))
			for _, c := range oddGrants() {
				c.Run(t, db)
			}
		})
	}
}

func TestGrantsNameUsersThatExist(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := permtest.Open(t, open(t))
			for _, p := range namedUsers() {
				p.Run(t, db)
			}
		})
	}
}

func TestWorlds(t *testing.T) {
	t.Parallel()
	permtest.Worlds(t, 40, openSQLite, openPostgres)
}
