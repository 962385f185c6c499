package teams_test

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
)

// Ada shares a document with Ben, first to look at, then to change.
func ExampleManagers_Share() {
	m, docs, db := library()
	defer db.Close()
	ada, _ := someone()
	ben, benID := someone()
	doc, err := docs.Create(ada, CreateDoc{Title: "Star chart"})
	check(err)
	for _, actions := range []perm.Actions{perm.View, perm.View | perm.Edit} {
		grant, err := m.Share(ada, teams.Sharing{Model: "docs", RowID: doc.ID, With: teams.WithUser(benID), Actions: actions})
		check(err)
		_, err = docs.Update(ben, doc.ID, crud.AnyVersion, UpdateDoc{Title: crud.Set("Star map")})
		fmt.Println(grant.Actions, joinery.KindOf(err) == joinery.Forbidden)
	}
	// Output:
	// view true
	// view|edit false
}

// What is not shared any more is as if it were not there.
func ExampleManagers_Unshare() {
	m, docs, db := library()
	defer db.Close()
	ada, _ := someone()
	ben, benID := someone()
	doc, err := docs.Create(ada, CreateDoc{Title: "Star chart"})
	check(err)
	_, err = m.Share(ada, teams.Sharing{Model: "docs", RowID: doc.ID, With: teams.WithUser(benID), Actions: perm.View})
	check(err)
	seen, err := docs.Get(ben, doc.ID)
	fmt.Println(seen.Title, err)
	check(m.Unshare(ada, "docs", doc.ID, teams.WithUser(benID)))
	_, err = docs.Get(ben, doc.ID)
	fmt.Println(err)
	// Output:
	// Star chart <nil>
	// not_found: not found
}

// library is the managers of the rules and of documents, on a database in
// memory.
func library() (*teams.Managers, *crud.Manager[Doc, CreateDoc, UpdateDoc], *sqldb.DB) {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	reg := registry.New(nil)
	engine, err := perm.New(reg, db, nil)
	check(err)
	m, err := teams.New(reg, db, engine, nil)
	check(err)
	docs, err := crud.New[Doc, CreateDoc, UpdateDoc](reg, db, engine, nil)
	check(err)
	check(crud.CreateTables(ctx, reg, db))
	return m, docs, db
}

// someone is a context in which a new user acts.
func someone() (context.Context, uuid.UUID) {
	id := uuid.Must(uuid.NewV7())
	return joinery.WithActor(context.Background(), joinery.Actor{ID: id, Kind: joinery.User}), id
}
