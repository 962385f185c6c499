package e2e_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// A server is killed in the middle of writes, several times: what it has
// acknowledged is there, and nothing is there by half. JOINERY_KILLS is how
// often.
func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		url := b.url(t)
		db := b.opened(t, url, nil)
		s, err := newService(db)
		must(t, err)
		must(t, s.install(t.Context()))
		told := &told{}
		for range scale(t, "JOINERY_KILLS", 5) {
			before := told.count()
			told.writeAndKill(t, startChild(t, url))
			told.check(t, db)
			if told.count() == before {
				t.Error("nothing was written before the kill")
			}
		}
		t.Logf("%d writes acknowledged", told.count())
	})
}

// told is what servers acknowledged.
type told struct {
	sync.Mutex
	teams   []uuid.UUID // each with the membership of its creator, in one transaction
	batches []uuid.UUID // each of perBatch items with its id as their title
}

const perBatch = 3

func (w *told) count() int {
	w.Lock()
	defer w.Unlock()
	return len(w.teams) + len(w.batches)
}

// writeAndKill writes from several goroutines until the server is gone.
func (w *told) writeAndKill(t *testing.T, c *child) {
	var wg sync.WaitGroup
	actor, first := newUser(), sync.OnceFunc(func() {
		time.AfterFunc(rand.N(200*time.Millisecond), func() { _ = c.process.Process.Kill() })
	})
	for range 4 {
		wg.Go(func() {
			for w.team(t, c, actor) && w.batch(t, c, actor) {
				first()
			}
		})
	}
	wg.Wait()
	_ = c.process.Process.Kill()
	_ = c.wait(t)
}

// team creates a team; false when the server is gone.
func (w *told) team(t *testing.T, c *child, actor joinery.Actor) bool {
	a, err := c.try(t.Context(), actor, "POST", "/v1/teams", object{"name": "team"})
	if err != nil {
		return false
	}
	if a.status == 201 {
		var row ident
		a.into(t, &row)
		w.Lock()
		defer w.Unlock()
		w.teams = append(w.teams, row.ID)
	}
	return true
}

// batch creates several items at once.
func (w *told) batch(t *testing.T, c *child, actor joinery.Actor) bool {
	id := uuid.New()
	items := make([]object, perBatch)
	for i := range items {
		items[i] = object{"title": id.String()}
	}
	a, err := c.try(t.Context(), actor, "POST", "/v1/items", items)
	if err != nil {
		return false
	}
	if a.status == 201 {
		w.Lock()
		defer w.Unlock()
		w.batches = append(w.batches, id)
	}
	return true
}

// check compares the tables with what was acknowledged.
func (w *told) check(t *testing.T, db *sqldb.DB) {
	t.Helper()
	batches := counts[string](t, db, "SELECT title, count(*) FROM items GROUP BY title")
	teams := counts[uuid.UUID](t, db, "SELECT t.id, count(m.id) FROM teams t LEFT JOIN memberships m ON m.team_id = t.id GROUP BY t.id")
	for title, n := range batches {
		if n != perBatch {
			t.Errorf("batch %s has %d items", title, n)
		}
	}
	for id, n := range teams {
		if n != 1 {
			t.Errorf("team %s has %d memberships", id, n)
		}
	}
	for _, id := range w.batches {
		if batches[id.String()] == 0 {
			t.Errorf("batch %s was acknowledged and is lost", id)
		}
	}
	for _, id := range w.teams {
		if teams[id] == 0 {
			t.Errorf("team %s was acknowledged and is lost", id)
		}
	}
}

// counts reads a key and a number from each row.
func counts[K comparable](t *testing.T, db *sqldb.DB, text string) map[K]int {
	t.Helper()
	rows, err := db.Query(t.Context(), sqldb.Raw(text))
	must(t, err)
	defer rows.Close()
	all := map[K]int{}
	for rows.Next() {
		var key K
		var n int
		must(t, rows.Scan(&key, &n))
		all[key] = n
	}
	must(t, rows.Err())
	return all
}
