package teams_test

import (
	"fmt"

	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// Ada shares a document with a whole team, with those of the team who have a
// role, and with a role wherever somebody has it.
func ExampleTarget() {
	m, docs, db := library()
	defer db.Close()
	ada, _ := someone()
	check(m.EnsureRoles(ada))
	crew, err := m.Teams.Create(ada, teams.CreateTeam{Name: "Telescope crew"})
	check(err)
	ben, benID := someone()
	_, err = m.Memberships.Create(ada, teams.CreateMembership{TeamID: crew.ID, MemberID: benID, RoleID: teams.WellKnownRoles().User})
	check(err)
	doc, err := docs.Create(ada, CreateDoc{Title: "Star chart"})
	check(err)

	roles := teams.WellKnownRoles()
	for _, with := range []teams.Target{
		teams.WithTeam(crew.ID),
		teams.WithTeamRole(crew.ID, roles.Admin),
		teams.WithRole(roles.User),
	} {
		_, err = m.Share(ada, teams.Sharing{Model: "docs", RowID: doc.ID, With: with, Actions: perm.View})
		check(err)
		there, err := docs.Exists(ben, doc.ID)
		fmt.Println("Ben, a user in the crew, sees it:", there, err)
		check(m.Unshare(ada, "docs", doc.ID, with))
	}
	// Output:
	// Ben, a user in the crew, sees it: true <nil>
	// Ben, a user in the crew, sees it: false <nil>
	// Ben, a user in the crew, sees it: true <nil>
}
