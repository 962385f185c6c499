package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/internal/testdb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Steps inherit from jobs, which inherit from areas; boxes stand in each other.
type (
	area struct {
		registry.Entity
		registry.Owned
	}
	job struct {
		registry.Entity
		registry.Owned
		AreaID registry.Ref[area] `json:"area_id" ref:"areas,inherit"`
	}
	step struct {
		registry.Entity
		registry.Owned
		JobID registry.Ref[job] `json:"job_id" ref:"jobs,inherit"`
	}
	box struct {
		registry.Entity
		registry.Owned
		ParentID *uuid.UUID `json:"parent_id" ref:"self,inherit"`
		Weight   int64      `json:"weight"`
	}
)

func (area) Table() registry.Table { return registry.Table{Name: "areas"} }
func (job) Table() registry.Table  { return registry.Table{Name: "jobs"} }
func (step) Table() registry.Table { return registry.Table{Name: "steps"} }
func (box) Table() registry.Table  { return registry.Table{Name: "boxes"} }

// mostNested is how many pages a list may look at where the rows that allow
// others are few. All jobs alone fill more than two thousand. Where a boss sees
// all boxes, each box of the page is climbed from; all boxes would take more
// than two hundred thousand.
const (
	mostNested = 700
	mostOfBoss = 80 // of each row of the page
)

// TestNestedPlans counts the pages that lists look at where rows are allowed by
// others two references up, or anywhere above in a tree, and almost all belong
// to one user: rows must be found by what they refer to, never by reading all.
func TestNestedPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("loads 250,000 rows, which -short leaves out")
	}
	t.Parallel()
	p := openPlans(t, testdb.PostgresURL(t))
	steps, boxes := nestedManagers(t, p)
	nested := func(user int, table string, most int, list func(context.Context) error) {
		t.Helper()
		actor := joinery.Actor{ID: uuid.MustParse(nestedID(9, user)), Kind: joinery.User}
		if err := list(joinery.WithActor(t.Context(), actor)); err != nil {
			t.Fatal(err)
		}
		plan, text := p.explain(t)
		buffers := plan.Hit + plan.Read
		t.Logf("user %d, %s: %d buffers", user, table, buffers)
		if buffers > most {
			t.Errorf("%s of user %d looks at %d buffers:\n%s", table, user, buffers, text)
		}
	}
	for user := range 3 { // who has nothing, a row of each, and some more
		nested(user, "steps", mostNested, func(ctx context.Context) error {
			page, err := steps.List(ctx, query.Query{Limit: 20})
			return found(page.Items, err, user > 0)
		})
		nested(user, "boxes", mostNested, func(ctx context.Context) error {
			page, err := boxes.List(ctx, query.Query{Limit: 20})
			return found(page.Items, err, user > 0)
		})
	}
	for _, limit := range []int{20, 500} {
		nested(4, "boxes", limit*mostOfBoss, func(ctx context.Context) error {
			page, err := boxes.List(ctx, query.Query{Limit: limit, Sort: []string{"-id"}})
			if err == nil && len(page.Items) != limit {
				err = fmt.Errorf("the page has %d rows", len(page.Items))
			}
			return err
		})
		nested(4, "boxes", limit*mostOfBoss, func(ctx context.Context) error {
			page, err := boxes.List(ctx, query.Query{Limit: limit, Filter: query.Eq("weight", 0)})
			if err == nil && len(page.Items) != limit {
				err = fmt.Errorf("the page has %d rows", len(page.Items))
			}
			return err
		})
	}
}

func found[T any](items []T, err error, some bool) error {
	if err == nil && some != (len(items) == 20) {
		return fmt.Errorf("the page has %d rows", len(items))
	}
	return err
}

// nestedManagers are those of steps and boxes, with many rows. User 1 has one
// area and one box, user 2 four areas and one box, user 4 the boxes that hold
// all others. One box in ten weighs nothing.
func nestedManagers(t *testing.T, p *plans) (*crud.Manager[step, none, none], *crud.Manager[box, none, none]) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	reg := registry.New(nil)
	registry.MustAdd[area](reg)
	registry.MustAdd[job](reg)
	registry.MustAdd[step](reg)
	registry.MustAdd[box](reg)
	engine, err := perm.New(reg, p.db, nil)
	must(err)
	steps, err := crud.New[step, none, none](reg, p.db, engine, nil)
	must(err)
	boxes, err := crud.New[box, none, none](reg, p.db, engine, nil)
	must(err)
	must(reg.Validate())
	must(crud.CreateTables(t.Context(), reg, p.db))
	must(sqldb.ExecAll(t.Context(), p.db, nestedRows()))
	return steps, boxes
}

type none struct{}

func nestedRows() []string {
	id := func(kind int, number string) string {
		return fmt.Sprintf("CAST('01900000-0000-7000-800%d-' || lpad(to_hex(%s), 12, '0') AS uuid)", kind, number)
	}
	owner := func(one, two string) string {
		return id(9, "CASE WHEN "+one+" THEN 1 WHEN "+two+" THEN 2 ELSE 3 END")
	}
	insert := func(rows int, table, columns, values string, kind int, owner string) string {
		return fmt.Sprintf("INSERT INTO %s (id, created_at, version, user_id, %s) SELECT %s, now(), 1, %s, %s FROM generate_series(1, %d) i", table, columns, id(kind, "i"), owner, values, rows)
	}
	return []string{
		insert(5_000, "areas", "created_by_id", "NULL", 1, owner("i = 7", "i BETWEEN 10 AND 13")),
		insert(100_000, "jobs", "area_id", id(1, "(i - 1) / 20 + 1"), 2, id(9, "3")),
		insert(100_000, "steps", "job_id", id(2, "i"), 3, id(9, "3")),
		insert(50_000, "boxes", "weight, parent_id", "i % 10, CASE WHEN i > 10 THEN "+id(4, "i / 10")+" END", 4, owner("i = 400", "i = 450")),
		"UPDATE boxes SET user_id = " + id(9, "4") + " WHERE parent_id IS NULL",
		"ANALYZE",
	}
}

// nestedID is the id that statements make of a number.
func nestedID(kind, number int) string {
	return fmt.Sprintf("01900000-0000-7000-800%d-%012x", kind, number)
}
