package rest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// Film is an entity with all abilities of a manager.
type Film struct {
	crud.Entity
	crud.SoftDelete
	Title string `json:"title" validate:"required" sortable:"true"`
}

type CreateFilm struct {
	Title string `json:"title"`
}

type UpdateFilm struct {
	Title query.Opt[string] `json:"title,omitzero"`
}

// films is a client of a server with films, for whoever the actor is.
func films(actor joinery.Actor) (client *rest.Client[Film, CreateFilm, UpdateFilm], done func()) {
	ctx := context.Background()
	db, err := sqlitedb.Open(ctx, sqlitedb.Memory, nil)
	check(err)
	reg := registry.New(nil)
	manager, err := crud.New[Film, CreateFilm, UpdateFilm](reg, db, crud.Unrestricted, nil)
	check(err)
	keys, err := idemstore.New(reg, db, nil)
	check(err)
	check(crud.CreateTables(ctx, reg, db))
	api := rest.New(nil, &rest.Options{Auth: as(actor), Idempotency: keys, NoAccessLog: true, Log: slog.New(slog.DiscardHandler)})
	check(rest.Mount(api, "/v1/films", manager, nil))
	server := httptest.NewServer(api)
	client, err = rest.NewClient[Film, CreateFilm, UpdateFilm](server.URL+"/v1/films", nil)
	check(err)
	return client, func() { server.Close(); _ = db.Close() }
}

// A client reads as the manager does: pages, all rows, how many, one of them.
func ExampleClient_All() {
	client, done := films(joinery.RootActor())
	defer done()
	ctx := context.Background()
	made, err := client.CreateMany(ctx, []CreateFilm{{Title: "Metropolis"}, {Title: "Nosferatu"}})
	check(err)

	byTitle := query.Query{Sort: []string{"-title"}, Limit: 1}
	for f, err := range client.All(ctx, byTitle) {
		fmt.Println(f.Title, err)
	}
	page, err := client.List(ctx, byTitle)
	check(err)
	fmt.Println(len(page.Items), page.Next != "")
	n, err := client.Count(ctx, query.Query{Filter: query.Contains("title", "o")})
	fmt.Println(n, err)
	f, err := client.Get(ctx, made[0].ID, query.Fields("title"))
	fmt.Println(f.Title, err)
	there, err := client.Exists(ctx, uuid.New())
	fmt.Println(there, err)
	// Output:
	// Nosferatu <nil>
	// Metropolis <nil>
	// 1 true
	// 2 <nil>
	// Metropolis <nil>
	// false <nil>
}

// Many rows at once, all or none; and what has been deleted comes back.
func ExampleClient_UpdateMany() {
	client, done := films(joinery.RootActor())
	defer done()
	ctx := context.Background()
	made, err := client.CreateMany(ctx, []CreateFilm{{Title: "Metropolis"}, {Title: "Nosferatu"}})
	check(err)
	_, err = client.UpdateMany(ctx, []query.Change[UpdateFilm]{
		{ID: made[0].ID, Version: 1, Update: UpdateFilm{Title: query.Set("M")}},
		{ID: made[1].ID, Version: 1, Update: UpdateFilm{Title: query.Set("")}},
	})
	var bad *joinery.Error
	if errors.As(err, &bad) {
		fmt.Println(bad.Kind, bad.Fields[0].Pointer, bad.Fields[0].Message)
	}
	check(client.DeleteMany(ctx, []query.Ident{{ID: made[0].ID, Version: 1}}))
	check(client.Delete(ctx, made[1].ID, query.AnyVersion))
	back, err := client.Restore(ctx, made[0].ID, query.AnyVersion)
	fmt.Println(back.Title, err)
	// Output:
	// invalid /1/title is required
	// Metropolis <nil>
}

// What the caller may do with a row, and why.
func ExampleClient_Explain() {
	ada := joinery.Actor{ID: uuid.New(), Kind: joinery.User}
	client, done := films(ada)
	defer done()
	ctx := context.Background()
	film, err := client.Create(ctx, CreateFilm{Title: "Metropolis"})
	check(err)
	may, err := client.Access(ctx, film.ID)
	fmt.Println(may, err)
	why, err := client.Explain(ctx, ada, film.ID, joinery.Edit)
	fmt.Println(why.Allowed, why.Reason, err)
	// Output:
	// view|execute|copy|edit|delete|share <nil>
	// true Permissions are not restricted. <nil>
}

// A key that was stored before the call makes it safe to repeat, even after a
// crash: it is done once.
func ExampleWithIdempotencyKey() {
	client, done := films(joinery.RootActor())
	defer done()
	ctx := context.Background()
	film, err := client.Create(ctx, CreateFilm{Title: "Metropolis"})
	check(err)
	once := rest.WithIdempotencyKey(ctx, "copy-of-metropolis")
	title := func(in *CreateFilm) error { in.Title = "Metropolis, restored"; return nil }
	first, err := client.Copy(once, film.ID, title)
	check(err)
	again, err := client.Copy(once, film.ID, title)
	check(err)
	n, err := client.Count(ctx, query.Query{})
	fmt.Println(first.ID == again.ID, n, err)
	// Output:
	// true 2 <nil>
}

// as stands for real authentication: the caller is always the actor.
func as(actor joinery.Actor) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(joinery.WithActor(r.Context(), actor)))
		})
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
