package perm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
)

func TestReachGoesDownThousandsOfTeams(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, top := newID(), w.team(nil)
		w.member(top, ann, w.role(perm.View))
		bottom := top
		w.must(sqldb.InTx(t.Context(), w.db, func(ctx context.Context) error {
			for range 5000 {
				below := perm.Team{Entity: entity(ann), Name: "below", ParentID: ptr(bottom)}
				if err := insertIn(ctx, w, &below); err != nil {
					return err
				}
				bottom = below.ID
			}
			return nil
		}))
		is.NoErr(w.e.Check(w.as(ann), w.model("projects"), perm.View, w.project(&bottom)))
	})
}

func TestReachEndsOnCycles(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, a := newID(), w.team(nil)
		b := w.team(&a)
		_, err := w.db.Exec(t.Context(), sqldb.Raw("UPDATE teams SET parent_id = ? WHERE id = ?", b, a))
		is.NoErr(err)
		w.member(b, ann, w.role(perm.View))
		is.NoErr(w.e.Check(w.as(ann), w.model("projects"), perm.View, w.project(&a)))
	})
}

func TestMembershipEndsAtTheInstantItNames(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		ann, team := newID(), w.team(nil)
		end := w.now
		m := perm.Membership{Entity: entity(ann), TeamID: team, MemberID: ann, RoleID: w.role(perm.View), ExpiresAt: &end}
		insert(w, &m)
		project := w.project(&team)
		w.now = end.Add(-time.Microsecond)
		is.NoErr(w.e.Check(w.as(ann), w.model("projects"), perm.View, project))
		w.now = end
		is.True(joinery.IsKind(w.e.Check(w.as(ann), w.model("projects"), perm.View, project), joinery.NotFound))
	})
}

// A row that is found by its key must not cost a walk over the table, whatever
// the rules ask for.
func TestOneRowIsFoundByItsKey(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	w := newWorld(t, openPostgres(t))
	_, err := w.db.Exec(t.Context(), sqldb.Raw(`INSERT INTO projects (id, created_at, version, title)
		SELECT gen_random_uuid(), now(), 1, 'p' FROM generate_series(1, 20000)`))
	is.NoErr(err)
	_, err = w.db.Exec(t.Context(), sqldb.Raw("ANALYZE"))
	is.NoErr(err)
	f, err := w.e.Filter(w.as(newID()), w.model("projects"), perm.Edit, "n")
	is.NoErr(err)
	plan, err := sqldb.Column[string](t.Context(), w.db, squirrel.Expr("EXPLAIN ?",
		squirrel.Select("n.id").From("projects n").Where("n.id = ?", newID()).Where(f)))
	is.NoErr(err)
	is.True(strings.Contains(plan[0], "Index Scan using projects_pkey")) // the outermost node
	is.True(!strings.Contains(strings.Join(plan, "\n"), "Seq Scan on projects"))
}
