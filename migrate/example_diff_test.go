package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/registry"
)

// task is a model in its second version: the title was called name, and the
// rank is new.
type task struct {
	ID    uuid.UUID `json:"id"`
	Title string    `json:"title" was:"name"`
	Rank  int       `json:"rank" default:"1" index:"true"`
}

// The next migration is written from the models and what the database has, for
// people to read before it is applied.
func ExampleDiff() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()
	check(sqldb.ExecAll(ctx, db, []string{`CREATE TABLE "tasks" ("id" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL)`}))
	reg := registry.New(nil)
	registry.MustAdd[task](reg)

	dir, err := os.MkdirTemp("", "migrations")
	check(err)
	defer os.RemoveAll(dir)
	draft, err := migrate.Diff(ctx, db, reg, "rank_tasks", &migrate.DiffOptions{Dir: dir})
	check(err)
	fmt.Println(len(draft.Files), "files")
	for _, statement := range draft.Up {
		fmt.Println(statement + ";")
	}
	// Output:
	// 2 files
	// CREATE TABLE "joinery_new_tasks" (
	//   "id" TEXT NOT NULL,
	//   "title" TEXT NOT NULL,
	//   "rank" INTEGER NOT NULL DEFAULT 1,
	//   CONSTRAINT "tasks_pkey" PRIMARY KEY ("id")
	// );
	// INSERT INTO "joinery_new_tasks" ("id", "title") SELECT "id", "name" FROM "tasks";
	// DROP TABLE "tasks";
	// ALTER TABLE "joinery_new_tasks" RENAME TO "tasks";
	// CREATE INDEX "tasks_rank_idx_6c2066c1" ON "tasks" ("rank");
}

// A demo needs no files. What would lose rows is refused here too.
func ExampleAuto() {
	ctx := context.Background()
	db := open(ctx)
	defer db.Close()
	reg := registry.New(nil)
	registry.MustAdd[task](reg)
	check(migrate.Auto(ctx, db, reg))

	check(sqldb.ExecAll(ctx, db, []string{"ALTER TABLE tasks ADD COLUMN notes TEXT"}))
	var lost *migrate.DestructiveError
	if errors.As(migrate.Auto(ctx, db, reg), &lost) {
		fmt.Println(lost.Lost[0])
	}
	// Output: column tasks.notes is dropped with its values
}
