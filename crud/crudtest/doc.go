// Package crudtest tests an app's entity through its manager, in every way
// that package crud and the permission rules promise, from a dozen lines:
//
//	func TestNotes(t *testing.T) {
//		crudtest.Run(t, crudtest.Case[Note, CreateNote, UpdateNote]{
//			New: func(app *crudtest.App) crudtest.Entity[Note, CreateNote, UpdateNote] {
//				notes, err := crud.New[Note, CreateNote, UpdateNote](app.Registry, app.DB, app.Access, nil)
//				app.Must(err)
//				return crudtest.Entity[Note, CreateNote, UpdateNote]{
//					Manager: notes,
//					Create:  func(_ context.Context, n int) CreateNote { return CreateNote{Title: fmt.Sprint("note ", n)} },
//					Update:  func(_ context.Context, n int) UpdateNote { return UpdateNote{Title: crud.Set(fmt.Sprint("new ", n))} },
//				}
//			},
//		})
//	}
//
// # What is tested
//
// What the entity can do is read from its model, and each of these is a subtest
// with a database and registry of its own: create and its rules, get, search by
// every column and operator, every declared sort order and pages in both
// directions, aggregates, update with versions, delete, restore and purge, copy,
// batches that do all or nothing, hooks that veto and hooks after the commit,
// and isolation: between users, by teams, and by grants that begin and end.
//
// The answers are compared with what a plain walk over the rows in Go gives, so
// that the rows need not be known in advance: whatever valid rows Create makes
// will do, as long as they are not all alike in what can be filtered and sorted
// by. The more the rows differ, the more is tested. What was sent may be kept in
// another form, as a decimal with more zeros, or other Go types in JSON.
//
// # Entities that say no
//
// Rows that never change have an update form without fields, which needs no
// Update; what there is to test about updates is then skipped.
//
// A hook that refuses what is tested, such as every delete, fails the test,
// which cannot tell a rule from a mistake. Let the app's code install that hook
// in a function of its own, which New does not call, so that the entity is
// tested without it; and test the hook by itself.
//
// # Entities that refer to others
//
// Create makes what it refers to, as the actor of its ctx, through managers
// that New has made beside:
//
//	Create: func(ctx context.Context, n int) CreateNote {
//		project, err := projects.Create(ctx, CreateProject{Name: fmt.Sprint("project ", n)})
//		app.Must(err)
//		return CreateNote{Title: fmt.Sprint("note ", n), ProjectID: project.ID}
//	},
//
// # Databases
//
// Without [Case.Databases] the tests run on SQLite, in a temporary file. Name
// the databases that the app is for:
//
//	Databases: []crudtest.Database{crudtest.SQLite(), {Name: "postgres", Open: openPostgres}},
//
// Each test opens a database of its own, which must be empty, and makes the
// tables of the registry in it.
package crudtest
