package teams_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

// Ada makes a team and takes Ben in; Ben sees the team, and cannot take in
// anybody himself.
func Example() {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	check(err)
	m, err := teams.New(reg, db, engine, nil)
	check(err)
	ddl, err := reg.DDL(db.Dialect())
	check(err)
	check(sqldb.ExecAll(ctx, db, ddl))
	check(m.EnsureRoles(ctx))

	ada := joinery.WithActor(ctx, joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	benID := uuid.New()
	ben := joinery.WithActor(ctx, joinery.Actor{ID: benID, Kind: joinery.User})

	crew, err := m.Teams.Create(ada, teams.CreateTeam{Name: "Telescope crew"})
	check(err)
	_, err = m.Teams.Get(ben, crew.ID)
	fmt.Println(err)
	_, err = m.Memberships.Create(ada, teams.CreateMembership{
		TeamID: crew.ID, MemberID: benID, RoleID: teams.WellKnownRoles().User,
	})
	check(err)
	seen, err := m.Teams.Get(ben, crew.ID)
	fmt.Println(seen.Name, err)
	_, err = m.Memberships.Create(ben, teams.CreateMembership{
		TeamID: crew.ID, MemberID: uuid.New(), RoleID: teams.WellKnownRoles().User,
	})
	fmt.Println(joinery.KindOf(err))
	// Output:
	// not_found: not found
	// Telescope crew <nil>
	// forbidden
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
