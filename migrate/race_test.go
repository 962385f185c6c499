package migrate_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/migrate"
)

const childEnv = "MIGRATE_TEST_CHILD"

// job is what a child process is told.
type job struct {
	Server, URL string
	HangIn      string // the migration in which it hangs for good, before its second statement
	Head        string // of its files
	Note        string // before their second statements
}

// child brings the database up. It prints each migration that it has made, and
// where it hangs.
func child(ctx context.Context, text string) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	db, err := serverOf(j.Server).open(ctx, j.URL, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	hang := func(context.Context, *sqldb.DB) error {
		fmt.Println("hangs")
		select {}
	}
	opts := &migrate.Options{Progress: func(e migrate.Event) {
		switch {
		case e.Kind == migrate.Finished:
			fmt.Printf("%s/%d\n", e.Source, e.Version)
		case e.Kind == migrate.Running && e.Source+"/"+e.Name == j.HangIn && e.Statement == 2:
			_ = hang(ctx, db)
		}
	}}
	m, err := migrate.New(db, opts, shopSources(j.Head, j.Note)...)
	if err != nil {
		return err
	}
	return m.Up(ctx)
}

// shopSources are two sources of which every statement would fail if it were
// run twice.
func shopSources(head, note string) []migrate.Source {
	core := map[string]string{}
	for v := 1; v <= 6; v++ {
		core[fmt.Sprintf("%04d_t%d.up.sql", v, v)] = head + fmt.Sprintf("CREATE TABLE core%d (id INTEGER PRIMARY KEY, name VARCHAR(20));\n%sINSERT INTO core%d (id, name) VALUES (1, 'a;b');\nCREATE INDEX core%d_name ON core%d (name);\n", v, note, v, v, v)
		core[fmt.Sprintf("%04d_t%d.down.sql", v, v)] = fmt.Sprintf("DROP TABLE core%d;", v)
	}
	return []migrate.Source{
		{Name: "shop", Requires: []string{"core"}, FS: files(map[string]string{
			"0001_orders.up.sql":   "CREATE TABLE orders (id INTEGER PRIMARY KEY, core_id INTEGER NOT NULL REFERENCES core1 (id));",
			"0001_orders.down.sql": "DROP TABLE orders;",
		}), Steps: []migrate.Step{{
			Version: 2, Name: "first_order",
			Up: func(ctx context.Context, db *sqldb.DB) error {
				_, err := db.Exec(ctx, sqldb.Raw("INSERT INTO orders (id, core_id) VALUES (?, ?)", 1, 1))
				return err
			},
			Down: func(ctx context.Context, db *sqldb.DB) error {
				_, err := db.Exec(ctx, sqldb.Raw("DELETE FROM orders"))
				return err
			},
		}}},
		{Name: "core", FS: files(core)},
	}
}

const repeatable = "-- joinery:repeatable\n"

// process is a child.
type process struct {
	cmd    *exec.Cmd
	out    io.ReadCloser
	errOut bytes.Buffer
	lines  []string
	hung   chan struct{}
	done   chan error
}

func start(t testing.TB, j job) *process {
	t.Helper()
	text, err := json.Marshal(j)
	must(t, err)
	p := &process{cmd: exec.Command(os.Args[0]), hung: make(chan struct{}), done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	p.cmd.Stderr = &p.errOut
	p.out, err = p.cmd.StdoutPipe()
	must(t, err)
	must(t, p.cmd.Start())
	go func() {
		for lines := bufio.NewScanner(p.out); lines.Scan(); {
			if lines.Text() == "hangs" {
				close(p.hung)
				continue
			}
			p.lines = append(p.lines, lines.Text())
		}
		p.done <- p.cmd.Wait()
	}()
	return p
}

// wait is what the child has made; it must have succeeded.
func (p *process) wait(t testing.TB) []string {
	t.Helper()
	if err := <-p.done; err != nil {
		t.Fatalf("a process failed: %v\n%s", err, p.errOut.String())
	}
	return p.lines
}

var shopMigrations = []string{"core/1", "core/2", "core/3", "core/4", "core/5", "core/6", "shop/1", "shop/2"}

// TestBar55_ColdStartOfFive: five processes bring one empty database up at
// once; each migration is made by one of them, and none fails.
func TestBar55_ColdStartOfFive(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for range starts(t, 20) {
				on := s.target(t)
				var all []*process
				for range 5 {
					all = append(all, start(t, job{Server: s.name, URL: on.url, Note: repeatable}))
				}
				var made []string
				for _, p := range all {
					made = append(made, p.wait(t)...)
				}
				slices.Sort(made)
				is.New(t).Equal(made, shopMigrations)
				is.New(t).Equal(column[int](t, on.db, "SELECT count(*) FROM joinery_migrations WHERE state = 'applied'"), []int{8})
				must(t, on.db.Close())
			}
		})
	}
}

// TestBar55_KilledHolder: the process that holds the lock is killed in the
// middle of a migration, and the others, which wait, go on without it. Where
// there is no transaction to hold the migration, it stands at a statement that
// may be repeated; see TestKilledHalfway for one that may not.
func TestBar55_KilledHolder(t *testing.T) {
	t.Parallel()
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for range starts(t, 20) {
				killHolder(t, s)
			}
		})
	}
}

func killHolder(t *testing.T, s server) {
	on := s.target(t)
	holder := start(t, job{Server: s.name, URL: on.url, HangIn: "core/t3", Note: repeatable})
	<-holder.hung
	var others []*process
	for range 4 {
		others = append(others, start(t, job{Server: s.name, URL: on.url, Note: repeatable}))
	}
	time.Sleep(20 * time.Millisecond) // for some of them to wait
	must(t, holder.cmd.Process.Kill())
	<-holder.done
	made := holder.lines
	for _, p := range others {
		made = append(made, p.wait(t)...)
	}
	slices.Sort(made)
	is.New(t).Equal(made, shopMigrations)
	is.New(t).Equal(strings.Join(column[string](t, on.db, "SELECT state FROM joinery_migrations"), " "), strings.TrimSpace(strings.Repeat("applied ", 8)))
	must(t, on.db.Close())
}

// TestManyRunsInOneProcess: runs that share a pool wait for each other.
func TestManyRunsInOneProcess(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, on target) {
		var mu sync.Mutex
		var made []string
		m := newMigrator(t, on.db, &migrate.Options{Progress: func(e migrate.Event) {
			if e.Kind == migrate.Finished {
				mu.Lock()
				defer mu.Unlock()
				made = append(made, fmt.Sprintf("%s/%d", e.Source, e.Version))
			}
		}}, shopSources("", "")...)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := m.Up(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		is.New(t).Equal(made, shopMigrations)
	})
}
