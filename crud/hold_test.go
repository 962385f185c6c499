package crud_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Bin restricts, as its scraps refer to it.
type Bin struct {
	crud.Entity
	crud.SoftDelete
}

type Scrap struct {
	crud.Entity
	crud.SoftDelete
	BinID *registry.Ref[Bin] `json:"bin_id" ref:"bins"`
}

type (
	CreateBin   struct{}
	CreateScrap struct {
		BinID *registry.Ref[Bin] `json:"bin_id"`
	}
	UpdateScrap struct {
		BinID crud.Opt[registry.Ref[Bin]] `json:"bin_id,omitzero"`
	}
)

type bins struct {
	*app
	bins   *crud.Manager[Bin, CreateBin, struct{}]
	scraps *crud.Manager[Scrap, CreateScrap, UpdateScrap]
}

func newBins(t *testing.T, db *sqldb.DB) *bins {
	t.Helper()
	var b bins
	b.app = newAppWith(t, db, nil, func(a *app) {
		var err error
		b.bins, err = crud.New[Bin, CreateBin, struct{}](a.reg, db, crud.Unrestricted, nil)
		a.NoErr(err)
		b.scraps, err = crud.New[Scrap, CreateScrap, UpdateScrap](a.reg, db, crud.Unrestricted, nil)
		a.NoErr(err)
	})
	return &b
}

// A row that is deleted is one that is missing, to who would refer to it.
func TestNothingRefersToADeletedRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		b := newBins(t, db)
		bin, err := b.bins.Create(b.ann, CreateBin{})
		b.NoErr(err)
		scrap, err := b.scraps.Create(b.ann, CreateScrap{})
		b.NoErr(err)
		b.NoErr(b.bins.Delete(b.ann, bin.ID, bin.Version))
		for _, id := range []uuid.UUID{bin.ID, uuid.New()} {
			to := registry.To[Bin](id)
			_, one := b.scraps.Create(b.ann, CreateScrap{BinID: &to})
			_, many := b.scraps.CreateMany(b.ann, []CreateScrap{{}, {BinID: &to}})
			_, moved := b.scraps.Update(b.ann, scrap.ID, scrap.Version, UpdateScrap{BinID: crud.Set(to)})
			for pointer, err := range map[string]error{"/bin_id": one, "/1/bin_id": many, "/bin_id ": moved} {
				e, ok := err.(*joinery.Error)
				b.True(ok && e.Kind == joinery.Invalid && len(e.Fields) == 1)
				b.Equal(e.Fields[0].Code, "not_found")
				b.Equal(e.Fields[0].Pointer, pointer[:len(e.Fields[0].Pointer)])
			}
		}
		n, err := b.scraps.Count(b.ann, query.Query{})
		b.NoErr(err)
		b.Equal(n, int64(1))
	})
}

// Of a delete and a write that refers to the row, at the same moment, one is
// refused: whoever comes first.
func TestBar60_DeleteAgainstReference(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		b := newBins(t, db)
		spare, err := b.scraps.Create(b.ann, CreateScrap{})
		b.NoErr(err)
		for name, refer := range map[string]func(to registry.Ref[Bin]) error{
			"create": func(to registry.Ref[Bin]) error {
				_, err := b.scraps.Create(b.ann, CreateScrap{BinID: &to})
				return err
			},
			"create many": func(to registry.Ref[Bin]) error {
				_, err := b.scraps.CreateMany(b.ann, []CreateScrap{{BinID: &to}, {BinID: &to}})
				return err
			},
			"move": func(to registry.Ref[Bin]) error {
				_, err := b.scraps.Update(b.ann, spare.ID, crud.AnyVersion, UpdateScrap{BinID: crud.Set(to)})
				return err
			},
		} {
			for range scale(t, "JOINERY_ROUNDS", 100) {
				bin, err := b.bins.Create(b.ann, CreateBin{})
				b.NoErr(err)
				var deleted, referred error
				var both sync.WaitGroup
				both.Go(func() { deleted = b.bins.Delete(b.ann, bin.ID, bin.Version) })
				both.Go(func() { referred = refer(registry.To[Bin](bin.ID)) })
				both.Wait()
				if (deleted == nil) == (referred == nil) {
					t.Fatalf("%s: delete: %v, %s: %v", name, deleted, name, referred)
				}
			}
		}
	})
}

// A create that meets a delete with its cascade under way waits for it, and is
// refused.
func TestBar60_CascadeAgainstReference(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		a := newApp(t, db, nil, nil)
		n, err := a.notes.Create(a.ann, CreateNote{Title: "n"})
		a.NoErr(err)
		inside, started := make(chan struct{}), make(chan error, 1)
		a.notes.Hooks().Delete.After(func(context.Context, *crud.DeleteEvent[Note]) error {
			go func() {
				close(inside)
				_, err := a.comments.Create(a.ann, CreateComment{NoteID: registry.To[Note](n.ID), Text: "late"})
				started <- err
			}()
			<-inside
			return nil
		})
		a.NoErr(a.notes.Delete(a.ann, n.ID, crud.AnyVersion))
		a.Equal(joinery.KindOf(<-started), joinery.Invalid)
		left, err := a.comments.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(left, int64(0))
	})
}
