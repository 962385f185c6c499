package crud_test

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
)

// A process of the app's own, an import say, writes whole rows with their ids
// and times, or creates rows in somebody's name.
func ExampleManager_CreateRow() {
	tasks, ctx, done := newTasks()
	defer done()
	ctx = joinery.WithActor(ctx, joinery.SystemActor())
	old := Task{Title: "from the old system", Priority: 2}
	old.ID = uuid.MustParse("0199d8f0-0000-7000-8000-000000000042")
	old.CreatedAt = time.Date(2019, 5, 1, 8, 0, 0, 0, time.UTC)
	t, err := tasks.CreateRow(ctx, old)
	check(err)
	fmt.Println(t.ID, t.CreatedAt.Year(), t.Version)

	t.Priority = 3
	t, err = tasks.UpdateRow(ctx, t)
	check(err)
	fmt.Println(t.Priority, t.Version)

	ada := uuid.MustParse("0199d8f0-0000-7000-8000-00000000000a")
	mine, err := tasks.Create(crud.CreatedFor(ctx, ada), CreateTask{Title: "Ada's"})
	check(err)
	fmt.Println(*mine.CreatedByID == ada)
	// Output:
	// 0199d8f0-0000-7000-8000-000000000042 2019 1
	// 3 2
	// true
}

// Whoever keeps something made of rows hears of each change after its commit.
func ExampleFeed() {
	tasks, ctx, done := newTasks()
	defer done()
	changes := tasks.Feed().Subscribe(100)
	defer changes.Close()
	t, err := tasks.Create(ctx, CreateTask{Title: "ship it"})
	check(err)
	check(tasks.Delete(ctx, t.ID, t.Version))
	for range 2 {
		e := <-changes.Events()
		fmt.Println(e.Op, e.Model, e.ID == t.ID)
	}
	fmt.Println("lost some:", changes.Lagged())
	fmt.Println("the feed of all managers of the registry:", crud.FeedOf(tasks.Model().Registry()) == tasks.Feed())
	// Output:
	// create tasks true
	// delete tasks true
	// lost some: false
	// the feed of all managers of the registry: true
}

// Song is something with a reference that may be empty.
type Song struct {
	crud.Entity
	Title   string              `json:"title" validate:"required"`
	AlbumID *registry.Ref[Song] `json:"album_id" ref:"self,setnull"`
}

type CreateSong struct {
	Title   string              `json:"title"`
	AlbumID *registry.Ref[Song] `json:"album_id"`
}

type UpdateSong struct {
	Title   crud.Opt[string]             `json:"title,omitzero"`
	AlbumID crud.Opt[registry.Ref[Song]] `json:"album_id,omitzero"`
}

// Of a change, what is absent stays, null clears, and a value replaces.
func ExampleNull() {
	ctx := joinery.WithActor(context.Background(), joinery.SystemActor())
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	defer db.Close()
	reg := registry.New(nil)
	songs, err := crud.New[Song, CreateSong, UpdateSong](reg, db, crud.Unrestricted, nil)
	check(err)
	check(crud.CreateTables(ctx, reg, db))

	album, err := songs.Create(ctx, CreateSong{Title: "Winterreise"})
	check(err)
	song, err := songs.Create(ctx, CreateSong{Title: "Gute Nacht"})
	check(err)
	for _, change := range []UpdateSong{
		{AlbumID: crud.Set(crud.Ref[Song](album.ID))},
		{Title: crud.Set("Der Lindenbaum")},
		{AlbumID: crud.Null[registry.Ref[Song]]()},
	} {
		song, err = songs.Update(ctx, song.ID, song.Version, change)
		check(err)
		fmt.Println(song.Title, song.AlbumID != nil)
	}
	// Output:
	// Gute Nacht true
	// Der Lindenbaum true
	// Der Lindenbaum false
}
