package permtest

import (
	"context"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Database is the engine over a database as a [Subject]. Make one with [Open].
// It is for one goroutine.
type Database struct {
	db      *sqldb.DB
	engines map[setting]*engine
	loads   int
	add     func(*registry.Registry) error // an app's models; nil: those of this package
	models  []*Model                       // likewise, once they are asked for
	cached  bool                           // the engines keep what actors reach, see Options.AccessCache

	world *World
	*engine
}

// setting is what a world asks of the engine's options.
type setting struct {
	ids     joinery.WellKnown
	noUsers bool
}

// engine is perm's, with the registry it was made for.
type engine struct {
	perm *perm.Engine
	reg  *registry.Registry
	now  time.Time

	changes chan query.Changed // what the engine hears
}

// Open makes the tables of the worlds in an empty database. They have no keys
// but the primary ones and no checks, so that they hold worlds that those
// would keep out, and on which the rules must hold all the same.
func Open(t testing.TB, db *sqldb.DB) *Database {
	t.Helper()
	return openTables(t, &Database{db: db, engines: map[setting]*engine{}})
}

// OpenCached is [Open] with the engine's AccessCache on. Load tells the engine
// that everything has changed, as a feed does.
func OpenCached(t testing.TB, db *sqldb.DB) *Database {
	t.Helper()
	return openTables(t, &Database{db: db, engines: map[setting]*engine{}, cached: true})
}

// openTables makes the tables.
func openTables(t testing.TB, d *Database) *Database {
	t.Helper()
	db := d.db
	tables, err := d.open(t, setting{}).reg.Tables(db.Dialect())
	must(t, err)
	for _, table := range tables {
		_, err := db.Exec(t.Context(), sqldb.Raw(createTable(db.Dialect(), table)))
		must(t, err)
	}
	return d
}

// createTable is the table with its columns and nothing else.
func createTable(d sqldb.Dialect, table registry.TableSpec) string {
	text := "CREATE TABLE " + d.Quote(table.Model.Table) + " ("
	for _, c := range table.Columns {
		text += d.Quote(c.Column.Name) + " " + c.Type + ", "
	}
	return text + "PRIMARY KEY (" + d.Quote(table.Model.ID.Name) + "))"
}

// open is the engine for the setting, made once.
func (d *Database) open(t testing.TB, s setting) *engine {
	if e, ok := d.engines[s]; ok {
		return e
	}
	reg, err := d.registry(!s.noUsers)
	must(t, err)
	e := &engine{reg: reg, changes: make(chan query.Changed, 1)}
	opts := &perm.Options{IDs: s.ids, Now: func() time.Time { return e.now }, AccessCache: d.cached}
	if reg.Model("users") != nil {
		opts.Users = "users"
	}
	e.perm, err = perm.New(e.reg, d.db, opts)
	must(t, err)
	must(t, e.reg.Validate())
	e.perm.Hear(func() <-chan query.Changed { return e.changes })
	d.engines[s] = e
	return e
}

// registry has the models of an app, or of this package.
func (d *Database) registry(users bool) (*registry.Registry, error) {
	if d.add == nil {
		return Registry(users), nil
	}
	reg := registry.New(nil)
	return reg, d.add(reg)
}

// Registry has the models of the worlds, but for those of package perm, which
// perm.New adds; users is whether [Account] is among them.
func Registry(users bool) *registry.Registry {
	reg := registry.New(nil)
	if users {
		registry.MustAdd[Account](reg)
	}
	registry.MustAdd[Project](reg)
	registry.MustAdd[Note](reg)
	registry.MustAdd[Label](reg)
	registry.MustAdd[Comment](reg)
	registry.MustAdd[Folder](reg)
	registry.MustAdd[Box](reg)
	registry.MustAdd[Article](reg)
	registry.MustAdd[Poll](reg)
	registry.MustAdd[Setting](reg)
	registry.MustAdd[Secret](reg)
	registry.MustAdd[Attachment](reg)
	return reg
}

// Check asks Engine.Check.
func (d *Database) Check(t testing.TB, a joinery.Actor, x joinery.Actions, table string, id uuid.UUID) error {
	return d.perm.Check(as(t, a), d.reg.Model(table), x, id)
}

// Actions asks Engine.Actions for all the ids at once.
func (d *Database) Actions(t testing.TB, a joinery.Actor, table string, ids ...uuid.UUID) (map[uuid.UUID]joinery.Actions, error) {
	return d.perm.Actions(as(t, a), d.reg.Model(table), ids...)
}

// Explain asks Engine.Explain.
func (d *Database) Explain(t testing.TB, asker, who joinery.Actor, x joinery.Actions, table string, id uuid.UUID) (registry.Explanation, error) {
	return d.perm.Explain(as(t, asker), who, d.reg.Model(table), x, id)
}

// Visible selects the ids of the rows for which Engine.Filter holds.
func (d *Database) Visible(t testing.TB, a joinery.Actor, x joinery.Actions, table string) ([]uuid.UUID, error) {
	ctx, m, dialect := as(t, a), d.reg.Model(table), d.db.Dialect()
	filter, err := d.perm.Filter(ctx, m, x, "w")
	if err != nil {
		return nil, err
	}
	return sqldb.Column[uuid.UUID](ctx, d.db, squirrel.Select("w."+dialect.Quote(m.ID.Name)).From(dialect.Quote(table)+" w").Where(filter))
}

func as(t testing.TB, a joinery.Actor) context.Context { return joinery.WithActor(t.Context(), a) }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
