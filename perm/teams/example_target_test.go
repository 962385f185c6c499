package teams_test

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// With whom one may share: one user, everybody in a team, those in a team who
// have a role, or those who have a role anywhere.
func ExampleTarget() {
	m, docs, db := library()
	defer db.Close()
	check(m.EnsureRoles(context.Background()))
	ada, _ := someone()
	ben, benID := someone()
	roles := teams.WellKnownRoles()
	crew, err := m.Teams.Create(ada, teams.CreateTeam{Name: "Telescope crew"})
	check(err)
	_, err = m.Memberships.Create(ada, teams.CreateMembership{TeamID: crew.ID, MemberID: benID, RoleID: roles.User})
	check(err)

	for _, to := range []struct {
		whom string
		teams.Target
	}{
		{"ben", teams.WithUser(benID)},
		{"the crew", teams.WithTeam(crew.ID)},
		{"users of the crew", teams.WithTeamRole(crew.ID, roles.User)},
		{"admins of the crew", teams.WithTeamRole(crew.ID, roles.Admin)},
		{"users of any team", teams.WithRole(roles.User)},
	} {
		doc, err := docs.Create(ada, CreateDoc{Title: "Star chart"})
		check(err)
		_, err = m.Share(ada, teams.Sharing{Model: "docs", RowID: doc.ID, With: to.Target, Actions: perm.View})
		check(err)
		seen, err := docs.Exists(ben, doc.ID)
		fmt.Println("shared with", to.whom+":", seen, err)
	}
	// Output:
	// shared with ben: true <nil>
	// shared with the crew: true <nil>
	// shared with users of the crew: true <nil>
	// shared with admins of the crew: false <nil>
	// shared with users of any team: true <nil>
}
