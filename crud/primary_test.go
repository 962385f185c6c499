package crud_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/registry"
)

// stale is a driver with a replica that follows no more.
type stale struct {
	sqldb.Driver
	replica sqldb.Executor
}

func (d stale) Replica() sqldb.Executor      { return d.replica }
func (d stale) ReplicaPool() sqldb.PoolStats { return sqldb.PoolStats{} }
func (d stale) Answered(error) bool          { return true }
func (d stale) DropReplica()                 {}

// TestWritesGoByThePrimary: a write is judged and explained by rows as they
// are, in a ctx that does not track its writes too; only reads lag.
func TestWritesGoByThePrimary(t *testing.T) {
	t.Parallel()
	path := testdb.SQLitePath(t)
	lagging, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer lagging.Close()
	primary, err := sqlitedb.Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer primary.Close()
	a := newApp(t, sqldb.New(stale{primary.Driver(), lagging.Driver().Executor(false)}, primary.Dialect(), nil), nil, nil)
	ddl, err := a.reg.DDL(lagging.Dialect())
	a.NoErr(err)
	a.NoErr(sqldb.ExecAll(t.Context(), lagging, ddl))

	p, err := a.projects.Create(a.ann, CreateProject{Name: "p"})
	a.NoErr(err)
	n, err := a.notes.Create(a.ann, CreateNote{Title: "n", ProjectID: ptr(registry.To[Project](p.ID))})
	a.NoErr(err)
	_, err = a.notes.Get(a.ann, n.ID)
	a.Equal(joinery.KindOf(err), joinery.NotFound) // so it lags

	_, err = a.notes.Update(a.ann, n.ID, n.Version+1, UpdateNote{Title: crud.Set("x")})
	a.Equal(joinery.KindOf(err), joinery.Stale)
	_, err = a.notes.Update(a.ann, n.ID, n.Version, UpdateNote{Title: crud.Set("")})
	a.Equal(joinery.KindOf(err), joinery.Invalid)
	same, err := a.notes.Update(a.ann, n.ID, n.Version, UpdateNote{})
	a.NoErr(err)
	a.Equal(same.Title, "n")
	_, err = a.notes.Create(a.ann, CreateNote{Title: "n", ProjectID: ptr(registry.To[Project](uuid.New()))})
	a.Equal(joinery.KindOf(err), joinery.Invalid)
	var e *joinery.Error
	a.True(errors.As(err, &e))
	a.Equal(len(e.Fields), 1)
	a.Equal(e.Fields[0].Pointer, "/project_id")
	a.Equal(joinery.KindOf(a.notes.Delete(a.ann, n.ID, n.Version+1)), joinery.Stale)
	_, err = a.notes.Copy(a.ann, n.ID, nil)
	a.NoErr(err)
	moved, err := a.notes.Update(a.ann, n.ID, n.Version, UpdateNote{Priority: crud.Set(1)})
	a.NoErr(err)
	a.NoErr(a.notes.Delete(a.ann, n.ID, moved.Version))

	request := joinery.TrackWrites(a.ann)
	n, err = a.notes.Create(request, CreateNote{Title: "another"})
	a.NoErr(err)
	_, err = a.notes.Get(request, n.ID)
	a.NoErr(err)
}
