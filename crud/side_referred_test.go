package crud_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Line is of a billing, and goes with it; a Refund keeps it.
type (
	Line struct {
		crud.Entity
		crud.SoftDelete
		BillingID registry.Ref[Billing] `json:"billing_id" ref:"billings,cascade"`
	}
	CreateLine struct {
		BillingID registry.Ref[Billing] `json:"billing_id"`
	}
	Refund struct {
		crud.Entity
		crud.SoftDelete
		BillingID registry.Ref[Billing] `json:"billing_id" ref:"billings"`
	}
)

// A row beside another can be made again whatever referred to the deleted one,
// and who may not make it is told that and nothing of those.
func TestAttachedRowsThatWereReferredTo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		access := &decision{}
		var lines *crud.Manager[Line, CreateLine, struct{}]
		var refunds *crud.Manager[Refund, CreateLine, struct{}]
		var b *billings
		a := newAppWith(t, db, access, func(a *app) {
			var err error
			b, err = crud.New[Billing, CreateBilling, UpdateBilling](a.reg, db, access, nil)
			a.NoErr(err)
			lines, err = crud.New[Line, CreateLine, struct{}](a.reg, db, access, nil)
			a.NoErr(err)
			refunds, err = crud.New[Refund, CreateLine, struct{}](a.reg, db, access, nil)
			a.NoErr(err)
		})
		n := letters(a, 1)[0]
		old := billing(a, b, n, "gold")
		line, err := lines.Create(a.ann, CreateLine{registry.To[Billing](n.ID)})
		a.NoErr(err)
		refund, err := refunds.Create(a.ann, CreateLine{registry.To[Billing](n.ID)})
		a.NoErr(err)
		a.NoErr(refunds.Delete(a.ann, refund.ID, 1))
		a.NoErr(b.Delete(a.ann, n.ID, old.Version))

		access.place = func() error { return joinery.Errorf(joinery.Forbidden, "", "no") }
		_, hidden := b.Create(a.bob, CreateBilling{ID: registry.To[Note](n.ID), Plan: "gold"})
		_, missing := b.Create(a.bob, CreateBilling{ID: registry.To[Note](uuid.New()), Plan: "gold"})
		a.Equal(hidden.Error(), missing.Error())
		a.Equal(joinery.KindOf(hidden), joinery.Forbidden)
		access.place = nil

		fresh := billing(a, b, n, "free")
		a.Equal(fresh.Version, old.Version+2)
		_, err = b.Create(a.ann, CreateBilling{ID: registry.To[Note](n.ID), Plan: "gold"})
		a.Equal(joinery.KindOf(err), joinery.Conflict)
		left, err := lines.Count(a.ann, query.Query{})
		a.NoErr(err)
		a.Equal(left, int64(0)) // it went with the old one
		root := joinery.WithActor(t.Context(), joinery.RootActor())
		_, err = lines.Restore(root, line.ID, crud.AnyVersion)
		a.NoErr(err)
	})
}
