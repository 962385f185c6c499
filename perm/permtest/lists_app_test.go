package permtest

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// listApp has two managers of every model: one whose lists take the arms of
// the engine, and one that has the condition alone.
type listApp struct {
	*Database
	spy    *spy
	sent   *sent
	models []*Model
	armed  map[string]lister // by table
	whole  map[string]lister
	held   map[listed]bool  // see branches; of the present world
	seen   map[string]*seen // by actor; of the present world
}

// listed is whose list of what, and a condition of its arms.
type listed struct {
	actor string
	table string
	cond  *sqldb.Fragment
}

// lister is a manager's List.
type lister func(context.Context, query.Query) (page, error)

// page is one page of any model.
type page struct {
	ids        []uuid.UUID
	rows       any
	next, prev string
	total      *int64
}

// spy is the engine, and notes the arms that it gave last.
type spy struct {
	*perm.Engine
	arms *sqldb.Arms
}

func (s *spy) Arms(ctx context.Context, m *registry.Model, alias string) (*sqldb.Arms, error) {
	arms, err := s.Engine.Arms(ctx, m, alias)
	if arms != nil {
		arms.Of = s
	}
	s.arms = arms
	return arms, err
}

// sent is the last list by arms that was sent to the database.
type sent struct {
	slog.Handler
	text string
}

func (s *sent) Enabled(context.Context, slog.Level) bool { return true }

func (s *sent) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if text := a.Value.String(); a.Key == "sql" && strings.Contains(text, "p_top") {
			s.text = text
		}
		return true
	})
	return nil
}

// whole hides that an Access has arms.
type whole struct{ crud.Access }

// Setup is what lists are compared by.
type Setup struct {
	Open   func(testing.TB, *sqldb.Options) *sqldb.DB
	Cached bool // what actors reach is kept
	Bare   bool // tables have no indexes but the primary ones
	Plain  bool // the database has no lists by arms: both forms are the condition
}

// lostRows is the seed of a large world of which MariaDB loses rows where it may
// merge indexes.
const lostRows = 8373431387162887175

// sized are the seeds of worlds that are not small. Without indexes each takes
// longer than all the small ones, and the condition alone has no branches that
// small ones would not take.
func (s Setup) sized() []uint64 {
	if s.Plain {
		return []uint64{lostRows}
	}
	if s.Bare {
		return []uint64{largeOf}
	}
	return []uint64{longOf, largeOf, 2 * largeOf, 3 * largeOf, 4 * largeOf}
}

func openLists(t testing.TB, by Setup) *listApp {
	t.Helper()
	sent := &sent{}
	db := by.Open(t, &sqldb.Options{Logger: slog.New(sent), StatementTimeout: 10 * time.Minute}) // the detector of races is slow
	e := &engine{reg: registry.New(nil), changes: make(chan query.Changed, 1)}
	registry.MustAdd[Account](e.reg)
	var err error
	e.perm, err = perm.New(e.reg, db, &perm.Options{Users: "users", Now: func() time.Time { return e.now }, AccessCache: by.Cached})
	must(t, err)
	app := &listApp{
		Database: &Database{db: db, engines: map[setting]*engine{{}: e}, cached: by.Cached},
		spy:      &spy{Engine: e.perm}, sent: sent, armed: map[string]lister{}, whole: map[string]lister{},
	}
	manage[Room](t, app, nil)
	manage[Task](t, app, &crud.Options{Search: map[string]crud.Search{"below": below()}})
	manage[Remark](t, app, nil)
	manage[Shelf](t, app, nil)
	manage[Volume](t, app, nil)
	manage[Crate](t, app, nil)
	manage[Pass](t, app, nil)
	manage[Label](t, app, nil)
	manage[Article](t, app, nil)
	manage[Poll](t, app, nil)
	manage[Setting](t, app, nil)
	manage[Secret](t, app, nil)
	manage[Attachment](t, app, nil)
	must(t, e.reg.Validate())
	e.perm.Hear(func() <-chan query.Changed { return e.changes })
	app.models = modelsOf(e.reg)
	openTables(t, app.Database)
	if !by.Bare {
		app.openIndexes(t)
	}
	return app
}

// openIndexes makes the indexes that follow from the models, but no unique ones.
func (app *listApp) openIndexes(t testing.TB) {
	t.Helper()
	ddl, err := app.engines[setting{}].reg.DDL(app.db.Dialect())
	must(t, err)
	for _, text := range ddl {
		if strings.HasPrefix(text, "CREATE INDEX") {
			_, err := app.db.Exec(t.Context(), sqldb.Raw(text))
			must(t, err)
		}
	}
}

// below is a search field of tasks: a rank less than the value.
func below() crud.Search {
	return crud.Search{SQL: func(_ context.Context, v any) (squirrel.Sqlizer, error) {
		n, err := strconv.ParseInt(v.(string), 10, 64)
		return squirrel.Expr("rank < ?", n), err
	}}
}

func manage[T any](t testing.TB, app *listApp, opts *crud.Options) {
	t.Helper()
	reg := app.engines[setting{}].reg
	armed, err := crud.New[T, struct{}, struct{}](reg, app.db, app.spy, opts)
	must(t, err)
	wholly, err := crud.New[T, struct{}, struct{}](reg, app.db, whole{app.spy.Engine}, opts)
	must(t, err)
	table := armed.Model().Table
	app.armed[table], app.whole[table] = listerOf(armed), listerOf(wholly)
}

func listerOf[T any](m *crud.Manager[T, struct{}, struct{}]) lister {
	return func(ctx context.Context, q query.Query) (page, error) {
		got, err := m.List(ctx, q)
		p := page{rows: got.Items, next: got.Next, prev: got.Prev, total: got.Total}
		for i := range got.Items {
			p.ids = append(p.ids, m.Model().ID.Value(unsafe.Pointer(&got.Items[i])).(uuid.UUID))
		}
		return p, err
	}
}
