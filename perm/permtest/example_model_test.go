package permtest_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/registry"
)

// The rules without a database: what would happen if Ann's membership ended
// next week, or the offer were shared with Bob?
func ExampleWorld_Check() {
	id := permtest.ID
	w := &permtest.World{
		Now:         time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC),
		NoUsers:     true,
		Teams:       []permtest.Team{{Head: permtest.Head{ID: id("sales")}}},
		Roles:       []permtest.Role{{Head: permtest.Head{ID: id("editor")}, Actions: joinery.View | joinery.Edit}},
		Memberships: []permtest.Membership{{Head: permtest.Head{ID: id("m")}, Member: id("ann"), Team: id("sales"), Role: id("editor")}},
		Rows:        []permtest.Row{{Head: permtest.Head{ID: id("offer")}, Model: "projects", Team: id("sales")}},
	}
	ann, bob := joinery.Actor{ID: id("ann"), Kind: joinery.User}, joinery.Actor{ID: id("bob"), Kind: joinery.User}
	offer, _ := w.Find("projects", id("offer"))
	fmt.Println("ann may edit:", w.Check(ann, joinery.Edit, "projects", id("offer")) == nil)
	fmt.Println("ann may share:", w.Check(ann, joinery.Share, "projects", id("offer")).Kind)
	fmt.Println("bob may view:", w.Check(bob, joinery.View, "projects", id("offer")).Kind)
	allowed, line := w.Explain(ann, joinery.Edit, offer)
	fmt.Println("by line", line, allowed, "for", w.Effective(id("editor")))

	soon := w.Memberships[0]
	soon.ExpiresAt = w.Now.AddDate(0, 0, 7)
	fmt.Println("until", w.With(soon).Until(ann, joinery.Edit, offer).Format(time.DateOnly))

	shared := w.With(permtest.Grant{Head: permtest.Head{ID: id("g")}, Model: "projects", Row: id("offer"), Member: id("bob"), Actions: joinery.View})
	for _, seen := range shared.Visible(bob, joinery.View, "projects") {
		fmt.Println("then bob sees the", permtest.Name(seen))
	}
	// Output:
	// ann may edit: true
	// ann may share: forbidden
	// bob may view: not_found
	// by line 12 true for view|edit
	// until 2026-11-30
	// then bob sees the offer
}

// Stall has a rule of its own: while it is open, everybody may look.
type Stall struct {
	registry.Entity
	registry.Owned
	Open bool `json:"open"`
}

func (Stall) Table() registry.Table {
	return registry.Table{Policy: registry.Policy{Extra: []registry.Extra{{
		Name: "open", Actions: joinery.View,
		SQL: func(alias string, _ joinery.Actor) registry.Sqlizer { return squirrel.Eq{alias + ".open": true} },
		Go:  func(_ joinery.Actor, row registry.Row) bool { return row.Value("open") == true },
	}}}}
}

// Ware is seen by who may see its stall.
type Ware struct {
	registry.Entity
	StallID registry.Ref[Stall] `json:"stall_id" ref:"stalls,cascade,inherit"`
}

// An app's own models: what their policies mean in SQL is what they mean in
// Go. (It needs a *testing.T: this example is only compiled.)
func ExampleEntities() {
	var t *testing.T // of func TestPermissions(t *testing.T)
	permtest.Entities(t, 200, func(reg *registry.Registry) error {
		_, errStall := registry.Add[Stall](reg)
		_, errWare := registry.Add[Ware](reg)
		return errors.Join(errStall, errWare)
	}, openSQLite)
}

// An implementation of the rules, here perm's own, is put every rule with both
// of its verdicts, and then random worlds. (It needs a *testing.T: this example
// is only compiled.)
func ExampleRunMatrix() {
	var t *testing.T
	permtest.RunMatrix(t, permtest.Open(t, openSQLite(t)))
	permtest.RunMatrix(t, &permtest.Reference{}) // the model itself
	permtest.Worlds(t, 2000, openSQLite)
}
