package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// leaf has orders by a text, and by a number that half of the rows lack.
type leaf struct {
	registry.Entity
	registry.SoftDelete
	registry.Owned
	registry.InTeam
	Title string `json:"title" sortable:"true"`
	Rank  *int64 `json:"rank" sortable:"true;-rank,title"`
}

func (leaf) Table() registry.Table { return registry.Table{Name: "leaves"} }

// TestSQLitePlans: where the walk looks at rows it finds them in order, by the
// index of the order, on every page there and back. SQLite is told by ANALYZE
// that all rows have one owner, and half of them no rank, for which it would go
// by other indexes and sort.
func TestSQLitePlans(t *testing.T) {
	t.Parallel()
	opened, err := sqlitedb.Open(t.Context(), testdb.SQLitePath(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	last := &lastQuery{Driver: opened.Driver()}
	leaves := leafManager(t, sqldb.New(last, opened.Dialect(), nil))
	ctx := joinery.WithActor(t.Context(), joinery.Actor{ID: uuid.MustParse(nestedID(9, 1)), Kind: joinery.User})
	for _, sort := range []string{"title", "-title", "rank", "-rank", "-rank,title"} {
		q := query.Query{Limit: 500, Sort: strings.Split(sort, ",")}
		for page := range 9 { // of 4,000 rows
			found, err := leaves.List(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if bad := walkPlan(t, last); bad != "" {
				t.Errorf("page %d by %s: the walk has %s", page+1, sort, bad)
			}
			if q.After = found.Next; page > 5 {
				q.After, q.Before = "", found.Prev
			}
		}
	}
}

// walkPlan is what the plan of the last list must not have in its walk.
func walkPlan(t *testing.T, last *lastQuery) string {
	t.Helper()
	text, args, _ := last.taken()
	rows, err := last.Driver.Executor(false).Query(context.Background(), "EXPLAIN QUERY PLAN "+text, args)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	looks, bad := false, ""
	for rows.Next() {
		var id, parent, unused int64
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		if looks = looks || strings.HasPrefix(detail, "SCAN n USING INDEX leaves_") || strings.HasPrefix(detail, "SEARCH n USING INDEX leaves_"); !looks {
			continue // p_many comes before
		}
		if strings.HasPrefix(detail, "SCAN p_walk") {
			return bad
		}
		if strings.Contains(detail, "ANY(") || strings.HasSuffix(detail, "OF ORDER BY") || detail == "USE TEMP B-TREE FOR ORDER BY" && !strings.Contains(text, "p_range_2") {
			bad += "; " + detail
		}
	}
	t.Fatalf("the list has no walk: %s", text)
	return ""
}

// leafManager is that of leaves in 20 teams, all of which are user 1's.
func leafManager(t *testing.T, db *sqldb.DB) *crud.Manager[leaf, none, none] {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	reg := registry.New(nil)
	registry.MustAdd[leaf](reg)
	engine, err := perm.New(reg, db, nil)
	must(err)
	leaves, err := crud.New[leaf, none, none](reg, db, engine, nil)
	must(err)
	must(reg.Validate())
	must(crud.CreateTables(t.Context(), reg, db))
	id := func(kind int, number string) string {
		return fmt.Sprintf("printf('01900000-0000-7000-800%d-%%012x', %s)", kind, number)
	}
	rows := func(n int, table, columns, values string) string {
		return fmt.Sprintf("INSERT INTO %s (created_at, version, %s) WITH RECURSIVE g (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM g WHERE i < %d) SELECT 0, 1, %s FROM g", table, columns, n, values)
	}
	must(sqldb.ExecAll(t.Context(), db, []string{
		rows(1, "roles", "id, updated_at, name, actions", id(8, "1")+", 0, 'viewer', 1"),
		rows(20, "teams", "id, updated_at, name", id(7, "i")+", 0, 'team'"),
		rows(20, "memberships", "id, updated_at, team_id, member_id, role_id", id(6, "i")+", 0, "+id(7, "i")+", "+id(9, "1")+", "+id(8, "1")),
		rows(4_000, "leaves", "id, user_id, team_id, title, rank", id(1, "i")+", "+id(9, "3")+", CASE WHEN i % 3 > 0 THEN "+id(7, "i % 20 + 1")+" END, 't' || (i * 7919 % 1000), CASE WHEN i % 2 = 0 THEN i * 7919 % 100 END"),
		"ANALYZE",
	}))
	return leaves
}
