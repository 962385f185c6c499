package permtest_test

import (
	"fmt"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/perm/permtest"
)

// Ann is an editor of the company, and so of what is in its teams.
func Example() {
	id := permtest.ID
	w := &permtest.World{
		Now:         time.Now(),
		Teams:       []permtest.Team{{Head: permtest.Head{ID: id("company")}}, {Head: permtest.Head{ID: id("sales")}, Parent: id("company")}},
		Roles:       []permtest.Role{{Head: permtest.Head{ID: id("editor")}, Actions: joinery.View | joinery.Edit}},
		Memberships: []permtest.Membership{{Head: permtest.Head{ID: id("m")}, Member: id("ann"), Team: id("company"), Role: id("editor")}},
		Rows:        []permtest.Row{{Head: permtest.Head{ID: id("offer")}, Model: "projects", Team: id("sales")}},
	}
	for _, name := range []string{"ann", "bob"} {
		actor := joinery.Actor{ID: id(name), Kind: joinery.User}
		offer, _ := w.Find("projects", id("offer"))
		fmt.Println(name, w.Actions(actor, offer))
	}
	// Output:
	// ann view|edit
	// bob none
}
