package main

//lint:file-ignore SA4006 the README shows the calls, not what to do with each error

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"testing/fstest"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/julienschmidt/httprouter"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/crudtest"
	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/anydb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqldbtest"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/logx"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/permtest"
	"github.com/joinery-go/joinery/perm/teams"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
	"github.com/joinery-go/joinery/rest/resttest"
	"github.com/joinery-go/joinery/seed"
)

// This file is the Go code of the README, each block in a function of its own.

func TestReadmeCode(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	ctx := t.Context()
	is.NoErr(readmeHook(ctx, Order{}))
	is.NoErr(readmeSqldb(ctx))
	db, err := anydb.Open(ctx, "memory", nil)
	is.NoErr(err)
	defer db.Close()
	is.NoErr(readmeRegistry(db))
	a, err := newApp(db)
	is.NoErr(err)
	is.NoErr(a.makeTables(ctx, ""))
	_, err = a.writeSample(ctx, slog.New(slog.DiscardHandler))
	is.NoErr(err)
	is.NoErr(readmeQuery(a.notes.Model()))
	ctx = as(ctx, ben)
	note, err := a.notes.Create(ctx, CreateNote{Title: "Read"})
	is.NoErr(err)
	is.NoErr(readmeCrud(ctx, a.reg, db, crud.Unrestricted))
	is.NoErr(readmePerm(ctx, a.reg, db, a.notes.Model(), ben.id, note.ID))
	is.NoErr(readmeTeams(ctx, a, note.ID, cleo.id))
	is.NoErr(readmeRoot(ctx, ben.id))
	is.NoErr(readmeCrudMore(ctx, a.notes, note))
	is.NoErr(readmeIdemstore(ctx))
	report, err := readmeSeed(ctx, a, fstest.MapFS{"projects.yaml": {Data: []byte("key: name\nowner: system\nrows: [{name: First steps}]")}}, ada.id)
	is.NoErr(err)
	is.Equal(report.Count(seed.Insert), 2)
	_, _, _ = readmeAttach, readmeCaches, readmeIdempotency
	_, _, _ = readmeLogx, readmeRest, readmeOwnPool // compiled only
	_, _, _ = readmeBackends, readmeClient, readmeSuites
	_ = readmeMigrate
}

// The table that an app has works as the README says: rows belong to who
// makes them.
func TestReadmeOwnTable(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, err := anydb.Open(t.Context(), "memory", nil)
	is.NoErr(err)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{
		"CREATE TABLE billing_invoices (id TEXT PRIMARY KEY, owner_id TEXT, invoice_no TEXT NOT NULL, team_id TEXT)",
	}))
	invoices, err := readmeOwnTable(t.Context(), registry.New(nil), db)
	is.NoErr(err)
	made, err := invoices.Create(as(t.Context(), ben), CreateInvoice{Number: "2026-1"})
	is.NoErr(err)
	is.Equal(*made.OwnerID, ben.id)
	page, err := invoices.List(as(t.Context(), ben), query.Query{})
	is.NoErr(err)
	is.Equal(len(page.Items), 1)
	page, err = invoices.List(as(t.Context(), cleo), query.Query{})
	is.NoErr(err)
	is.Equal(len(page.Items), 0)
}

// Functions without a database answer, also to nobody in particular.
func TestReadmeOwnFunctions(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	api, err := readmeOwnFunctions()
	is.NoErr(err)
	w := httptest.NewRecorder()
	api.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/v1/books", nil))
	is.Equal(w.Code, 200)
}

// Order is what the example of hooks is about.
type Order struct{ lines int }

// Receipt is what it gives.
type Receipt struct{}

func (o Order) check() error {
	if o.lines < 0 {
		return errors.New("an order cannot have fewer than no lines")
	}
	return nil
}

func save(context.Context, Order) (Receipt, error) { return Receipt{}, nil }
func mail(context.Context, Receipt) error          { return nil }

func readmeRoot(ctx context.Context, userID uuid.UUID) error {
	ctx = joinery.WithActor(ctx, joinery.Actor{ID: userID, Kind: joinery.User})
	actor, err := joinery.ActorFrom(ctx) // Unauthenticated where nobody acts
	taken := joinery.Errorf(joinery.Conflict, "seat_taken", "Somebody sits there: choose another seat.")
	isTaken := joinery.KindOf(fmt.Errorf("book: %w", taken)) == joinery.Conflict
	actions, err := joinery.ParseActions("view", "edit")
	if actor.ID != userID || !isTaken || actions != joinery.View|joinery.Edit {
		return errors.New("the README's lines on the root are wrong")
	}
	return err
}

func readmeHook(ctx context.Context, order Order) error {
	var placed hook.Point[hook.Call[Order, Receipt]]
	place := hook.Wrap(&placed, save)
	placed.Before(func(ctx context.Context, c *hook.Call[Order, Receipt]) error { return c.In.check() })
	placed.Committed(func(ctx context.Context, c hook.Call[Order, Receipt]) error { return mail(ctx, c.Out) })
	receipt, err := place(ctx, order)
	_ = receipt
	return err
}

func readmeLogx(ctx context.Context) {
	log := logx.New(os.Stderr, &logx.Options{Level: logx.LevelVerbose})
	ctx = logx.With(ctx, slog.String("request", "42"))
	log.InfoContext(ctx, "signed in", "user", "ada", "token", "hunter2") // token=[redacted] request=42
}

func readmeRegistry(db *sqldb.DB) error {
	type Note struct {
		crud.Entity
		Title string `json:"title" validate:"required"`
	}
	out := io.Discard
	reg := registry.New(nil)
	model, err := registry.Add[Note](reg)
	err = reg.Validate() // every mistake at once, with type and field; unknown validate rules are told by crud.New and rest.Mount
	tables, err := reg.DDL(db.Dialect())
	fmt.Fprintln(out, model.Table, model.Field("title").Kind, len(tables))
	return err
}

// Billing is what the README attaches to notes.
type Billing struct {
	registry.Side[Note]
	registry.SoftDelete
	Account string `json:"account"`
}

func readmeAttach(reg *registry.Registry, note *Note, url string) error {
	err := registry.Attach[Note, Billing](reg, nil) // before Validate: notes take include=billing, and filters by it
	billing, ok := crud.Attached[Billing](note)     // of a note that was read with it, also by a client that has the registry
	client, err := rest.NewClient[Note, CreateNote, UpdateNote](url, &rest.ClientOptions{Registry: reg})
	_, _, _ = billing, ok, client
	return err
}

func readmeCaches(reg *registry.Registry, db *sqldb.DB, access crud.Access) error {
	notes, err := crud.New[Note, CreateNote, UpdateNote](reg, db, access, &crud.Options{RowCache: &crud.RowCache{}})
	engine, err := perm.New(reg, db, &perm.Options{AccessCache: true})
	_, _ = notes, engine
	return err
}

func readmeIdempotency(router *httprouter.Router, authenticate func(http.Handler) http.Handler, store *idemstore.Store) *rest.API {
	api := rest.New(router, &rest.Options{Auth: authenticate, Idempotency: store})
	return api
}

func readmeQuery(model *registry.Model) error {
	q, err := query.ParseURL(model, url.Values{"title.contains": {"ship"}, "sort": {"-priority"}})
	q = query.Query{Filter: query.Or(query.Eq("status", "open"), query.Gte("priority", 3)), Limit: 20}
	_, resolved := query.Resolve(model, q)
	return errors.Join(err, resolved)
}

func readmeSqldb(ctx context.Context) error {
	type Note struct {
		Priority int
		Status   string
	}
	db, err := anydb.Open(ctx, "memory", nil)
	_, err = db.Exec(ctx, sqldb.Raw("CREATE TABLE notes (priority INTEGER, status TEXT)"))
	err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("UPDATE notes SET priority = ? WHERE status = ?", 1, "open"))
		return err // an error rolls back; a nested InTx is a savepoint
	})
	open, err := sqldb.Select[Note](ctx, db, squirrel.Select("priority", "status").From("notes").Where(squirrel.Eq{"status": "open"}))
	_ = open
	return errors.Join(err, db.Close())
}

func readmeBackends(ctx context.Context, pool *pgxpool.Pool) (*sqldb.DB, error) {
	db, err := pgdb.Open(ctx, "postgres://localhost/notes", &sqldb.Options{MaxConns: 20})
	db = pgdb.Wrap(pool, nil) // your *pgxpool.Pool, which stays yours
	db, err = sqlitedb.Open(ctx, "notes.db", nil)
	db, err = anydb.Open(ctx, os.Getenv("DATABASE_URL"), nil) // either, by the URL
	return db, err
}

func readmeCrudMore(ctx context.Context, notes *crud.Manager[Note, CreateNote, UpdateNote], n Note) error {
	asRoot := joinery.WithActor(ctx, joinery.RootActor())
	if err := notes.Delete(ctx, n.ID, n.Version); err != nil {
		return err
	}
	restored, err := notes.Restore(asRoot, n.ID, crud.AnyVersion)
	if err != nil || restored.ID != n.ID {
		return fmt.Errorf("restored %v: %w", restored, err)
	}
	draft, err := notes.Copy(ctx, n.ID, func(in *CreateNote) error { in.Title = "Again"; return nil })
	n, err = notes.Restore(asRoot, n.ID, crud.AnyVersion) // what Delete took away, with what went along
	groups, err := notes.Aggregate(ctx, query.Query{}, crud.GroupBy("status"), crud.Count(), crud.Avg("priority"))
	notes.Hooks().Create.Before(func(ctx context.Context, e *crud.CreateEvent[Note, CreateNote]) error { return nil })
	changes := notes.Feed().Subscribe(100)
	defer changes.Close()
	if draft.Title != "Again" || len(groups) == 0 {
		return errors.New("the README's lines on managers are wrong")
	}
	return err
}

func readmeIdemstore(ctx context.Context) error {
	pay := func(context.Context) ([]byte, error) { return []byte("paid"), nil }
	db, err := anydb.Open(ctx, "memory", nil)
	if err != nil {
		return err
	}
	defer db.Close()
	reg := registry.New(nil)
	if _, err := idemstore.New(reg, db, nil); err != nil {
		return err
	}
	if err := crud.CreateTables(ctx, reg, db); err != nil {
		return err
	}
	reg = registry.New(nil)
	store, err := idemstore.New(reg, db, nil) // before the tables are made
	answer, replayed, err := store.Do(ctx, "ada:order-7", "pay 1200", func(ctx context.Context) ([]byte, error) {
		return pay(ctx) // what it writes is kept with its answer, or not at all
	})
	removed, err := store.Clean(ctx) // what has expired
	_, _, _ = answer, replayed, removed
	return err
}

func readmeCrud(ctx context.Context, reg *registry.Registry, db *sqldb.DB, access crud.Access) error {
	notes, err := crud.New[Note, CreateNote, UpdateNote](reg, db, access, nil)
	n, err := notes.Create(ctx, CreateNote{Title: "Ship it"})
	n, err = notes.Update(ctx, n.ID, n.Version, UpdateNote{Title: crud.Set("Shipped")})
	page, err := notes.List(ctx, query.Query{Sort: []string{"-priority"}, Include: []string{"project"}})
	err = notes.Delete(ctx, n.ID, n.Version)
	_ = page
	return err
}

func readmePerm(ctx context.Context, reg *registry.Registry, db *sqldb.DB, model *registry.Model, userID, noteID uuid.UUID) error {
	engine, err := perm.New(reg, db, nil)
	ctx = joinery.WithActor(ctx, joinery.Actor{ID: userID, Kind: joinery.User})
	err = engine.Check(ctx, model, perm.Edit, noteID)       // nil, Forbidden or NotFound
	where, err := engine.Filter(ctx, model, perm.View, "n") // for a WHERE of your own
	may, err := engine.Actions(ctx, model, noteID)          // what the actor may do with each row
	_, _ = where, may
	return err
}

func readmeTeams(ctx context.Context, a *app, noteID, benID uuid.UUID) error {
	reg, db, engine := a.reg, a.db, a.engine
	t, err := teams.New(reg, db, engine, nil)
	err = t.EnsureRoles(ctx) // user, admin, superadmin
	crew, err := t.Teams.Create(ctx, teams.CreateTeam{Name: "Crew"})
	m, err := t.Memberships.Create(ctx, teams.CreateMembership{TeamID: crew.ID, MemberID: benID, RoleID: teams.WellKnownRoles().User})
	g, err := t.Share(ctx, teams.Sharing{Model: "notes", RowID: noteID, With: teams.WithTeam(crew.ID), Actions: perm.View})
	err = t.Unshare(ctx, "notes", noteID, teams.WithTeam(crew.ID))
	_, _ = m, g
	return err
}

func readmeMigrate(ctx context.Context, db *sqldb.DB, reg *registry.Registry, api *rest.API, files fs.FS, sources ...migrate.Source) (int, *migrate.Draft, error) {
	m, err := migrate.New(db, nil, migrate.Source{Name: "app", FS: files}) // 0001_create_notes.up.sql, 0001_create_notes.down.sql, …
	err = m.Up(ctx)                                                        // in any number of instances at once
	api.Health().Add("migrations", m.Check)
	code := migrate.Command(db, sources...).Run(ctx, os.Args[2:]) // up, down, status, plan, …
	draft, err := migrate.Diff(ctx, db, reg, "add_due_date", &migrate.DiffOptions{Dir: "migrations", Others: sources})
	err = migrate.Auto(ctx, db, reg) // for demos and tests: without files
	return code, draft, err
}

func readmeSeed(ctx context.Context, a *app, files fs.FS, adaID uuid.UUID) (*seed.Report, error) {
	db, reg, notes := a.db, a.reg, a.notes
	sample := seed.For(func(ctx context.Context) ([]Note, error) {
		return []Note{{Title: "Welcome", ProjectID: new(seed.RefOf[Project](ctx, "name", "First steps"))}}, nil
	}, seed.Key("title"), seed.Owner(adaID), seed.Through(notes), seed.Env("dev"))
	seeds, err := seed.Discover(files) // projects.yaml, people.dev.json, …
	s, err := seed.New(db, reg, &seed.Options{Env: "dev"})
	report, err := s.Run(ctx, append(seeds, sample)...) // in one transaction; s.Plan tells what it would do
	return report, err
}

func readmeRest(ctx context.Context, router *httprouter.Router, authenticate func(http.Handler) http.Handler, a *app) error {
	notes, projects, finish := a.notes, a.projects, a.finish
	api := rest.New(router, &rest.Options{Title: "Notes", Auth: authenticate})
	err := rest.Mount(api, "/v1/notes", notes, nil)
	err = rest.Mount(api, "/v1/projects/:project_id/notes", notes, &rest.MountOptions{Parent: "project_id", ParentOf: projects})
	err = rest.Handle(api, "POST", "/v1/notes/:id/done", finish)
	err = rest.Server(api, &rest.ServerOptions{Addr: ":8080"}).Run(ctx) // until ctx ends, then drains
	return err
}

func readmeClient(ctx context.Context) error {
	client, err := rest.NewClient[Note, CreateNote, UpdateNote]("https://api.example.com/v1/notes", nil)
	n, err := client.Create(ctx, CreateNote{Title: "Ship it"})
	for n, err := range client.All(ctx, query.Query{Filter: query.Gte("priority", 3)}) {
		fmt.Println(n.Title, err)
	}
	_ = n
	return err
}

func readmeSuites(t *testing.T, handler http.Handler, newNotes func(*crudtest.App) crudtest.Entity[Note, CreateNote, UpdateNote], addModels func(*registry.Registry) error, openMine sqldbtest.Open) {
	crudtest.Run(t, crudtest.Case[Note, CreateNote, UpdateNote]{New: newNotes})
	api := resttest.New(t, handler, nil).As(resttest.Bearer("ada"))
	api.Post("/v1/notes", CreateNote{}).Status(422).Problem("invalid", "/title")
	permtest.Entities(t, 200, addModels)
	sqldbtest.Run(t, openMine)
}

type Invoice struct {
	ID      uuid.UUID  `json:"id" api:"readonly"`
	OwnerID *uuid.UUID `json:"user_id" db:"owner_id" role:"owner"`
	Number  string     `json:"number" db:"invoice_no" validate:"required" sortable:"true"`
	TeamID  *uuid.UUID `json:"team_id" role:"team"`
}

func (Invoice) Table() registry.Table { return registry.Table{Name: "billing_invoices"} }

// CreateInvoice is what a caller may send to create one.
type CreateInvoice struct {
	Number string `json:"number"`
}

// UpdateInvoice is what a caller may change of one.
type UpdateInvoice struct {
	Number crud.Opt[string] `json:"number,omitzero"`
}

// invoiceManager is the manager of the example.
type invoiceManager = crud.Manager[Invoice, CreateInvoice, UpdateInvoice]

func readmeOwnPool(ctx context.Context, reg *registry.Registry, pool *pgxpool.Pool) (*invoiceManager, error) {
	db := pgdb.Wrap(pool, nil) // your *pgxpool.Pool, which stays yours
	engine, err := perm.New(reg, db, nil)
	invoices, err := crud.New[Invoice, CreateInvoice, UpdateInvoice](reg, db, engine, nil)
	err = crud.CreateTables(ctx, reg, db) // the four of perm, which keep its rules; yours stay as they are
	return invoices, err
}

// readmeOwnTable is the same on whatever database.
func readmeOwnTable(ctx context.Context, reg *registry.Registry, db *sqldb.DB) (*invoiceManager, error) {
	engine, err := perm.New(reg, db, nil)
	if err != nil {
		return nil, err
	}
	invoices, err := crud.New[Invoice, CreateInvoice, UpdateInvoice](reg, db, engine, nil)
	if err != nil {
		return nil, err
	}
	return invoices, crud.CreateTables(ctx, reg, db)
}

// Book is a row without a database.
type Book struct {
	ID    uuid.UUID `json:"id" api:"readonly"`
	Title string    `json:"title"`
}

// CreateBook is what a caller may send to create one.
type CreateBook struct {
	Title string `json:"title"`
}

// UpdateBook is what a caller may change of one.
type UpdateBook struct {
	Title query.Opt[string] `json:"title,omitzero"`
}

func getBook(context.Context, uuid.UUID, ...query.GetOption) (Book, error) { return Book{}, nil }

func listBooks(context.Context, query.Query) (query.Page[Book], error) {
	return query.Page[Book]{}, nil
}

func readmeOwnFunctions() (*rest.API, error) {
	api := rest.New(nil, nil)
	ops := rest.Ops[Book, CreateBook, UpdateBook]{Get: getBook, List: listBooks}
	err := rest.MountOps(api, "/v1/books", ops, &rest.MountOptions{Auth: rest.None})
	return api, err
}

// as is ctx with the account acting.
func as(ctx context.Context, a account) context.Context { return joinery.WithActor(ctx, a.actor()) }
