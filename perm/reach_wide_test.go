package perm_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
)

// Whoever reaches ten thousand teams asks what may be done with some rows: each
// team is looked up in the reach, which is read once, not searched for in it
// again for each row and action.
func TestAWideReachIsLookedUp(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		is := is.New(t)
		wide := w.wide()
		all, err := w.e.Actions(w.as(wide.ann), w.model("projects"), wide.ids...)
		is.NoErr(err)
		is.Equal(all[wide.ids[0]], perm.View|perm.Edit|perm.Share)
		is.Equal(all[wide.ids[1]], perm.View)

		query, err := perm.ActionsQuery(w.e, joinery.Actor{ID: wide.ann, Kind: joinery.User}, w.model("projects"), wide.ids...)
		is.NoErr(err)
		switch w.db.Dialect().Name() {
		case "sqlite":
			w.readsReachOnce(query)
		case "postgres":
			w.countsReads(query)
		}
	})
}

// readsReachOnce checks the plan on SQLite: the reach is read for lists, which
// are made once, and nowhere within what is asked again for each row.
func (w *world) readsReachOnce(query sqldb.Stmt) {
	w.t.Helper()
	type node struct {
		parent int
		detail string
	}
	plan, lists := map[int]node{}, 0
	rows, err := w.db.Query(w.t.Context(), explain("EXPLAIN QUERY PLAN ", query))
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		var id, unused int
		var n node
		w.must(rows.Scan(&id, &n.parent, &unused, &n.detail))
		plan[id] = n
	}
	w.must(rows.Err())
	for id, n := range plan {
		if !strings.HasPrefix(n.detail, "SCAN p_reach") && !strings.HasPrefix(n.detail, "SEARCH p_reach") {
			continue
		}
		for id = n.parent; id != 0 && !strings.Contains(plan[id].detail, "SUBQUERY"); id = plan[id].parent {
		}
		if !strings.HasPrefix(plan[id].detail, "LIST SUBQUERY") {
			w.t.Errorf("the reach is read in %q, want in lists alone", plan[id].detail)
		}
		lists++
	}
	if lists == 0 {
		w.t.Error("the plan does not read the reach: look at how it is written")
	}
}

// countsReads runs the query on PostgreSQL and counts how often it read the
// reach through.
func (w *world) countsReads(query sqldb.Stmt) {
	w.t.Helper()
	plan, err := sqldb.Column[string](w.t.Context(), w.db, explain("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF, SUMMARY OFF) ", query))
	w.must(err)
	reads := 0
	for _, line := range plan {
		found := regexp.MustCompile(`CTE Scan on p_reach\b.*loops=(\d+)`).FindStringSubmatch(line)
		if found == nil {
			continue
		}
		loops, err := strconv.Atoi(found[1])
		w.must(err)
		reads++
		if loops > 1 {
			w.t.Errorf("the reach is read %d times over: %s", loops, strings.TrimSpace(line))
		}
	}
	if reads == 0 {
		w.t.Errorf("the plan does not read the reach:\n%s", strings.Join(plan, "\n"))
	}
}

// explain is a query for the plan of another.
func explain(how string, query sqldb.Stmt) sqldb.Stmt {
	return sqldb.Stmt{SQL: how + query.SQL, Args: query.Args}
}

func BenchmarkActionsOfAWideReach(b *testing.B) {
	for name, open := range databases {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, open(b))
			wide := w.wide()
			ctx := w.as(wide.ann)
			for b.Loop() {
				if _, err := w.e.Actions(ctx, w.model("projects"), wide.ids...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// wide is somebody who reaches ten thousand teams, and forty projects: in turn
// one in the last team, and one with three grants.
type wide struct {
	ann uuid.UUID
	ids []uuid.UUID
}

func (w *world) wide() wide {
	w.t.Helper()
	ann, top := newID(), w.team(nil)
	low := perm.Role{Entity: entity(ann), Name: "low", Actions: perm.View}
	insert(w, &low)
	high := perm.Role{Entity: entity(ann), Name: "high", Actions: perm.Edit | perm.Share, ParentID: &low.ID}
	insert(w, &high)
	w.member(top, ann, high.ID)
	last := w.teamsBelow(top, 10_000)
	var ids []uuid.UUID
	for range 20 {
		own, given := w.project(&last), w.project(nil)
		for _, g := range []perm.Grant{{TeamID: &last}, {RoleID: &low.ID}, {TeamID: &last, RoleID: &low.ID}} {
			g.Entity, g.Model, g.RowID, g.Actions = entity(ann), "projects", given, perm.View
			insert(w, &g)
		}
		ids = append(ids, own, given)
	}
	return wide{ann, ids}
}

// teamsBelow writes n teams, ten below each, and returns one without any below
// it.
func (w *world) teamsBelow(top uuid.UUID, n int) uuid.UUID {
	w.t.Helper()
	ids := []uuid.UUID{top}
	for len(ids) <= n {
		insert := squirrel.Insert("teams").Columns("id", "created_at", "updated_at", "version", "name", "parent_id")
		for range 1000 {
			id, parent := newID(), ids[(len(ids)-1)/10]
			insert = insert.Values(id, w.now, w.now, 1, "team", parent)
			ids = append(ids, id)
		}
		_, err := w.db.Exec(w.t.Context(), insert)
		w.must(err)
	}
	return ids[n]
}
