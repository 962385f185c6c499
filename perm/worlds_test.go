package perm_test

import (
	"testing"
	"time"

	joinery "github.com/joinery-go/joinery"
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
	permtest.Worlds(t, 300, openSQLite, openPostgres)
}
