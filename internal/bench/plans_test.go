package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/notes"
	"github.com/joinery-go/joinery/internal/bench/store"
	"github.com/joinery-go/joinery/internal/testdb"
)

// mostBuffers is how many pages a list may look at, whoever asks, and
// mostOfTotal how many its total up to 1,001, which is that of a page so long.
const (
	mostBuffers = 4_000
	mostOfTotal = 10_000
)

// TestPlans counts the pages that each caller's lists look at among 100,000
// notes, under the plan that is made for all callers.
func TestPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("loads 100,000 notes, which -short leaves out")
	}
	t.Parallel()
	url := testdb.PostgresURL(t)
	data := dataset.New(100_000)
	if err := store.Postgres(t.Context(), url, data); err != nil {
		t.Fatal(err)
	}
	p := openPlans(t, url)
	var err error
	if p.app, err = notes.New(p.db); err != nil {
		t.Fatal(err)
	}
	for _, c := range dataset.Callers() {
		page := p.list(t, c, "newest", query.Query{Limit: 50})
		if page.Next != "" {
			p.list(t, c, "cursor", query.Query{Limit: 50, After: page.Next})
		}
		p.list(t, c, "sorted", query.Query{Limit: 50, Sort: []string{"-updated_at"}, Filter: query.Eq("status", "done")})
		p.list(t, c, "total", query.Query{Limit: 1, Count: query.CountCapped})
	}
	for _, c := range dataset.ProjectCallers() {
		p.counted(t, c, "tasks", func(ctx context.Context) error {
			_, err := p.app.Tasks.List(ctx, query.Query{Limit: 50})
			return err
		})
	}
}

// plans runs lists and explains the statements that they were.
type plans struct {
	db   *sqldb.DB
	app  *notes.App
	conn *pgx.Conn // where they are explained
	last *lastQuery
}

func openPlans(t *testing.T, url string) *plans {
	t.Helper()
	opened, err := pgdb.Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	p := &plans{last: &lastQuery{Driver: opened.Driver()}}
	p.db = sqldb.New(p.last, opened.Dialect(), nil)
	if p.conn, err = pgx.Connect(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.conn.Close(context.Background()) })
	if _, err := p.conn.Exec(t.Context(), "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off"); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *plans) list(t *testing.T, c dataset.Caller, name string, q query.Query) (page query.Page[notes.Note]) {
	t.Helper()
	p.counted(t, c, name, func(ctx context.Context) (err error) {
		page, err = p.app.Notes.List(ctx, q)
		return err
	})
	return page
}

// counted fails the test if the list looks at too many pages.
func (p *plans) counted(t *testing.T, c dataset.Caller, name string, list func(context.Context) error) {
	t.Helper()
	if err := list(joinery.WithActor(t.Context(), joinery.Actor{ID: c.ID(), Kind: joinery.User})); err != nil {
		t.Fatal(err)
	}
	plan, text := p.explain(t)
	buffers := plan.Hit + plan.Read
	t.Logf("%-12s %-6s %5d buffers", c, name, buffers)
	most := mostBuffers
	if name == "total" {
		most = mostOfTotal
	}
	if buffers > most {
		t.Errorf("%s of %s looks at %d buffers:\n%s", name, c, buffers, text)
	}
}

// plan is what EXPLAIN says of the whole statement.
type plan struct {
	Hit  int `json:"Shared Hit Blocks"`
	Read int `json:"Shared Read Blocks"`
}

// explain runs the last query once more, by a plan for all values.
func (p *plans) explain(t *testing.T) (plan, string) {
	t.Helper()
	text, args, generic := p.last.taken()
	if !generic {
		t.Fatalf("the list is not planned once for all values: %s", text)
	}
	if _, err := p.conn.Prepare(t.Context(), "list", text); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.conn.Deallocate(t.Context(), "list"); err != nil {
			t.Fatal(err)
		}
	}()
	values := make([]string, len(args))
	for i, v := range args {
		values[i] = literal(t, v)
	}
	var out string
	execute := "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE list (" + strings.Join(values, ", ") + ")"
	if err := p.conn.QueryRow(t.Context(), execute, pgx.QueryExecModeSimpleProtocol).Scan(&out); err != nil {
		t.Fatalf("%v: %s", err, execute)
	}
	var explained []struct{ Plan plan }
	if err := json.Unmarshal([]byte(out), &explained); err != nil {
		t.Fatal(err)
	}
	return explained[0].Plan, out
}

// literal is a value of the tests' own as text of a statement.
func literal(t *testing.T, v any) string {
	t.Helper()
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return "'" + v.Format(time.RFC3339Nano) + "'"
	case string:
		return "'" + v + "'"
	case [16]byte:
		return "'" + uuid.UUID(v).String() + "'"
	case fmt.Stringer:
		return "'" + v.String() + "'"
	}
	t.Fatalf("a value is a %T", v)
	return ""
}

// lastQuery is a driver that remembers the last query.
type lastQuery struct {
	sqldb.Driver

	mu      sync.Mutex
	text    string
	args    []any
	generic bool
}

func (l *lastQuery) Executor(write bool) sqldb.Executor {
	return rememberedBy{l.Driver.Executor(write), l}
}

func (l *lastQuery) remember(text string, args []any, generic bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text, l.args, l.generic = text, args, generic
}

func (l *lastQuery) taken() (text string, args []any, generic bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text, l.args, l.generic
}

type rememberedBy struct {
	sqldb.Executor
	by *lastQuery
}

func (r rememberedBy) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	r.by.remember(text, args, false)
	return r.Executor.Query(ctx, text, args)
}

func (r rememberedBy) QueryGeneric(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	r.by.remember(text, args, true)
	if generic, ok := r.Executor.(sqldb.GenericExecutor); ok {
		return generic.QueryGeneric(ctx, text, args)
	}
	return r.Executor.Query(ctx, text, args)
}
