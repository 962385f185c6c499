package migrate_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing/fstest"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/migrate"
)

// An app has these in a folder that it embeds.
var notesFiles = fstest.MapFS{
	"0001_create_notes.up.sql":   {Data: []byte("CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);")},
	"0001_create_notes.down.sql": {Data: []byte("DROP TABLE notes;")},
	"0002_add_done.up.sql":       {Data: []byte("ALTER TABLE notes ADD COLUMN done BOOLEAN NOT NULL DEFAULT false;\nCREATE INDEX notes_done ON notes (done);")},
	"0002_add_done.down.sql":     {Data: []byte("DROP INDEX notes_done;\nALTER TABLE notes DROP COLUMN done;")},
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func open(ctx context.Context) *sqldb.DB {
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	return db
}

func options() *migrate.Options {
	return &migrate.Options{
		AppVersion: "v1.4.0",
		Logger:     slog.New(slog.DiscardHandler),
		Now:        func() time.Time { return time.Date(2030, 1, 2, 15, 4, 5, 0, time.UTC) },
		Progress: func(e migrate.Event) {
			if e.Kind == migrate.Finished {
				fmt.Printf("%d of %d: %s\n", e.Number, e.Total, e.Name)
			}
		},
	}
}

// An app brings its database up at its start; what is there already is left
// alone.
func Example() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	m, err := migrate.New(db, options(), migrate.Source{Name: "notes", FS: notesFiles})
	check(err)
	check(m.Up(ctx))
	check(m.Up(ctx)) // nothing to do
	fmt.Println("ready:", m.Check(ctx) == nil)
	// Output:
	// 1 of 2: create_notes
	// 2 of 2: add_done
	// ready: true
}

// A source comes after those that it requires, and may have steps in Go, which
// run in the transaction of their ctx.
func ExampleNew() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	welcome := migrate.Step{Version: 1, Name: "welcome", Up: func(ctx context.Context, db *sqldb.DB) error {
		_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO notes (title) VALUES (?)", "Welcome"))
		return err
	}}
	m, err := migrate.New(db, options(),
		migrate.Source{Name: "samples", Requires: []string{"notes"}, Steps: []migrate.Step{welcome}},
		migrate.Source{Name: "notes", FS: notesFiles},
	)
	check(err)
	check(m.Up(ctx))
	// Output:
	// 1 of 3: create_notes
	// 2 of 3: add_done
	// 3 of 3: welcome
}

// Versions up to one, back, and the last one once more.
func ExampleMigrator_UpTo() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	m, err := migrate.New(db, options(), migrate.Source{Name: "notes", FS: notesFiles})
	check(err)
	check(m.UpTo(ctx, "notes", 1))
	pending, err := m.Pending(ctx)
	check(err)
	fmt.Println("pending:", pending[0].Name)
	fmt.Println(m.Check(ctx))
	check(m.Redo(ctx, "notes"))
	check(m.Down(ctx, "notes", 1))
	// Output:
	// 1 of 1: create_notes
	// pending: add_done
	// unavailable (migrations_pending): 1 migration is pending: 0002_add_done of notes
	// 1 of 1: create_notes
	// 1 of 1: create_notes
	// 1 of 1: create_notes
}

// What would be run, before it is.
func ExampleMigrator_Plan() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	m, err := migrate.New(db, options(), migrate.Source{Name: "notes", FS: notesFiles})
	check(err)
	check(m.UpTo(ctx, "notes", 1))
	up, err := m.Plan(ctx)
	check(err)
	down, err := m.PlanDown(ctx, "notes", 1)
	check(err)
	fmt.Println(up[0].SQL())
	fmt.Println(down[0].SQL())
	// Output:
	// 1 of 1: create_notes
	// -- apply 0002_add_done of notes
	// ALTER TABLE notes ADD COLUMN done BOOLEAN NOT NULL DEFAULT false;
	// CREATE INDEX notes_done ON notes (done);
	//
	// -- revert 0001_create_notes of notes
	// DROP TABLE notes;
}

// A database that had its tables before it had a history: the first migration
// counts as applied without being run.
func ExampleMigrator_Resolve() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()
	_, err := db.Exec(ctx, sqldb.Raw("CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL)"))
	check(err)

	m, err := migrate.New(db, options(), migrate.Source{Name: "notes", FS: notesFiles})
	check(err)
	check(m.Resolve(ctx, "notes", 1, migrate.AsApplied))
	check(m.Up(ctx))
	all, err := m.Status(ctx)
	check(err)
	for _, s := range all {
		fmt.Println(s.Name, s.State, s.AppliedAt.Format(time.DateOnly), s.AppVersion)
	}
	// Output:
	// 1 of 1: add_done
	// create_notes applied 2030-01-02 v1.4.0
	// add_done applied 2030-01-02 v1.4.0
}

// The same by hand: what an app does with the arguments behind its word
// "migrate".
func ExampleCommand() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()

	cli := migrate.Command(db, migrate.Source{Name: "notes", FS: notesFiles})
	cli.Name, cli.Err = "app migrate", os.Stdout
	fmt.Println(cli.Run(ctx, []string{"plan"}))
	fmt.Println(cli.Run(ctx, []string{"up", "--to", "2"}))
	// Output:
	// -- apply 0001_create_notes of notes
	// CREATE TABLE notes (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
	//
	// -- apply 0002_add_done of notes
	// ALTER TABLE notes ADD COLUMN done BOOLEAN NOT NULL DEFAULT false;
	// CREATE INDEX notes_done ON notes (done);
	//
	// 0
	// app migrate: up: --to: want source:version, such as app:3, got "2"
	// 2
}
