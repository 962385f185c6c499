package teams_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// moves is how many rows are moved at once.
const moves = 50

// forest is a table whose rows have parents in it. System moves them: that no
// row comes to be above itself holds for whoever acts.
type forest struct {
	table string
	move  func(id, parent uuid.UUID) error
}

// forests are the three kinds: teams, roles, and rows that inherit from their
// own kind.
func (w *world) forests() []forest {
	return []forest{
		{"teams", func(id, parent uuid.UUID) error {
			_, err := w.Teams.Update(w.system, id, crud.AnyVersion, teams.UpdateTeam{ParentID: crud.Set(parent)})
			return err
		}},
		{"roles", func(id, parent uuid.UUID) error {
			_, err := w.Roles.Update(w.system, id, crud.AnyVersion, teams.UpdateRole{ParentID: crud.Set(parent)})
			return err
		}},
		{"folders", func(id, parent uuid.UUID) error {
			_, err := w.folders.Update(w.system, id, crud.AnyVersion, UpdateFolder{ParentID: crud.Set(parent)})
			return err
		}},
	}
}

// TestBar34_FiftyMovesThatWouldCloseACycle moves each of fifty rows below the
// next, at the same moment. Each move is harmless by itself; together they
// would be a ring, so exactly one is refused, whichever it is.
func TestBar34_FiftyMovesThatWouldCloseACycle(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		for _, f := range w.forests() {
			ids := w.plant(f)
			errs := atOnce(func(i int) error { return f.move(ids[i], ids[(i+1)%moves]) })
			refused := 0
			for _, err := range errs {
				if err != nil {
					refused++
					w.refused(err, joinery.Invalid, "cycle")
				}
			}
			w.Equal(refused, 1)
			w.Equal(w.cycles(f.table), 0)
		}
	})
}

// TestBar34_FiftyRandomMovesLeaveAForest moves rows anywhere, fifty at the same
// moment.
func TestBar34_FiftyRandomMovesLeaveAForest(t *testing.T) {
	t.Parallel()
	inEach(t, func(w *world) {
		for _, f := range w.forests() {
			ids := w.plant(f)[:12] // few, so that many moves are up a tree
			refused := 0
			for _, err := range atOnce(func(int) error { return f.move(ids[rand.IntN(len(ids))], ids[rand.IntN(len(ids))]) }) {
				if err != nil {
					refused++
					w.refused(err, joinery.Invalid, "cycle")
				}
			}
			w.True(refused > 0 && refused < moves)
			w.Equal(w.cycles(f.table), 0)
		}
	})
}

// plant makes the rows, all without a parent.
func (w *world) plant(f forest) []uuid.UUID {
	w.t.Helper()
	now := w.db.Dialect().Bind(time.Now())
	insert := squirrel.Insert(f.table).Columns("id", "created_at", "created_by_id", "version", "name")
	var more []any
	switch f.table {
	case "teams":
		insert, more = insert.Columns("updated_at"), []any{now}
	case "roles":
		insert, more = insert.Columns("updated_at", "actions"), []any{now, perm.View}
	}
	ids := make([]uuid.UUID, moves)
	for i := range ids {
		ids[i] = uuid.Must(uuid.NewV7())
		insert = insert.Values(append([]any{ids[i], now, idOf(w.ann), 1, fmt.Sprint("row ", i)}, more...)...)
	}
	_, err := w.db.Exec(w.t.Context(), insert)
	w.NoErr(err)
	return ids
}

// atOnce does fifty things at the same moment.
func atOnce(do func(i int) error) []error {
	errs := make([]error, moves)
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range errs {
		wg.Go(func() {
			<-start
			errs[i] = settled(func() error { return do(i) })
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// cycles counts the rows of the table that are above themselves.
func (w *world) cycles(table string) int {
	w.t.Helper()
	parents := map[uuid.UUID]uuid.UUID{}
	rows, err := w.db.Query(w.t.Context(), sqldb.Raw("SELECT id, parent_id FROM "+table+" WHERE parent_id IS NOT NULL"))
	w.NoErr(err)
	defer rows.Close()
	for rows.Next() {
		var id, parent uuid.UUID
		w.NoErr(rows.Scan(&id, &parent))
		parents[id] = parent
	}
	w.NoErr(rows.Err())
	n := 0
	for id := range parents {
		at, steps := parents[id], 0
		for ; at != uuid.Nil && at != id && steps <= len(parents); steps++ {
			at = parents[at]
		}
		if at != uuid.Nil {
			n++
		}
	}
	return n
}
