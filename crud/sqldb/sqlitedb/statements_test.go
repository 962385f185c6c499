package sqlitedb_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/matryer/is"
	"modernc.org/sqlite"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// compiler counts how often connections compile something, by SQLite's own
// account: it asks what a statement may do whenever it compiles one.
type compiler struct{ calls int }

// watch counts for a pool of one connection.
func (c *compiler) watch(t testing.TB, pool *sql.DB) {
	t.Helper()
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = conn.Raw(func(driverConn any) error {
		return driverConn.(sqlite.AuthorizerRegisterer).RegisterAuthorizer(func(sqlite.AuthorizerActionCode, string, string, string, string) sqlite.AuthorizerReturnCode {
			c.calls++
			return sqlite.AuthorizerOK
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// compiles reports whether f makes SQLite compile anything.
func (c *compiler) compiles(f func()) bool {
	before := c.calls
	f()
	return c.calls > before
}

// single is a DB with one connection that writes and one that reads, both
// watched, and a table v of the numbers 1 to 3.
func single(t testing.TB) (*sqldb.DB, *compiler) {
	t.Helper()
	db := open(t, &sqldb.Options{MaxConns: 1})
	t.Cleanup(func() { _ = db.Close() })
	if err := sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n INTEGER PRIMARY KEY)", "INSERT INTO v VALUES (1), (2), (3)"}); err != nil {
		t.Fatal(err)
	}
	c := &compiler{}
	writer, reader, _ := sqlitedb.Pools(db)
	c.watch(t, writer)
	c.watch(t, reader)
	return db, c
}

func TestStatementsAreCompiledOnce(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, c := single(t)
	read := func(ctx context.Context, n int) {
		got, err := sqldb.Column[int](ctx, db, sqldb.Raw("SELECT n FROM v WHERE n >= ? ORDER BY n", n))
		is.NoErr(err)
		is.Equal(len(got), 4-n)
	}
	write := func(ctx context.Context) {
		changed, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET n = n WHERE n > ?", 1))
		is.NoErr(err)
		is.Equal(changed, int64(2))
	}
	inTx := func() {
		is.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			read(ctx, 2)
			write(ctx)
			return nil
		}))
	}
	is.True(c.compiles(func() { read(t.Context(), 3) }))
	is.True(c.compiles(func() { write(t.Context()) }))
	is.True(c.compiles(inTx)) // the writer has not read yet
	is.True(!c.compiles(func() {
		for n := range 3 {
			read(t.Context(), n+1)
			write(t.Context())
			inTx()
		}
	}))
}

// A statement that failed, or was stopped, serves as well as before.
func TestStatementsAfterErrors(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, _ := single(t)
	insert := func(n any) error {
		_, err := sqldb.Column[int](t.Context(), db, sqldb.Raw("INSERT INTO v VALUES (?) RETURNING n", n))
		return err
	}
	is.NoErr(insert(4))
	is.Equal(sqldb.ClassOf(insert(4)), sqldb.Unique)
	is.True(insert("a text") != nil)
	is.NoErr(insert(5))
	run := func(ctx context.Context, n int) (int, error) {
		return sqldb.Scalar[int](ctx, db, sqldb.Raw("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?) SELECT count(*) FROM c", n))
	}
	n, err := run(t.Context(), 10)
	is.NoErr(err)
	is.Equal(n, 10)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = run(ctx, 1<<40)
	is.True(err != nil)
	n, err = run(t.Context(), 20)
	is.NoErr(err)
	is.Equal(n, 20)
}

// A statement whose rows are still read is not disturbed by another run of it.
func TestStatementWithinItself(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, c := single(t)
	_, reader, _ := sqlitedb.Pools(db)
	conn, err := reader.Conn(t.Context())
	is.NoErr(err)
	defer conn.Close()
	var pairs func(depth, from int) []string
	pairs = func(depth, from int) (all []string) {
		rows, err := conn.QueryContext(t.Context(), "SELECT n FROM v WHERE n > ? ORDER BY n", from)
		is.NoErr(err)
		defer rows.Close()
		for rows.Next() {
			var n int
			is.NoErr(rows.Scan(&n))
			all = append(all, fmt.Sprint(depth, n))
			all = append(all, pairs(depth+1, n)...)
		}
		is.NoErr(rows.Err())
		return all
	}
	want := "0 1,1 2,2 3,1 3,0 2,1 3,0 3"
	is.Equal(strings.Join(pairs(0, 0), ","), want)
	is.True(!c.compiles(func() { // one of them was kept
		rows, err := conn.QueryContext(t.Context(), "SELECT n FROM v WHERE n > ? ORDER BY n", 0)
		is.NoErr(err)
		is.NoErr(rows.Close())
	}))
}

func TestStatementsSeeTheSchema(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, _ := single(t)
	columns := func() []string {
		rows, err := db.Query(t.Context(), sqldb.Raw("SELECT * FROM v"))
		is.NoErr(err)
		defer rows.Close()
		names, err := rows.Columns()
		is.NoErr(err)
		return names
	}
	is.Equal(columns(), []string{"n"})
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"ALTER TABLE v ADD COLUMN x"}))
	is.Equal(columns(), []string{"n", "x"})
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"DROP TABLE v"}))
	_, err := db.Query(t.Context(), sqldb.Raw("SELECT * FROM v"))
	is.True(err != nil)
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (y)"}))
	is.Equal(columns(), []string{"y"})
}

// What takes effect as it is compiled is compiled each time; SQLite sees to it.
func TestPragmasRunEachTime(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db, _ := single(t)
	for _, want := range []int{10, 20, 10, 20} {
		for _, spelled := range []string{"PRAGMA busy_timeout = %d", "\n pragma busy_timeout(%d)", "/* SELECT */ PRAGMA busy_timeout = %d"} {
			_, err := db.Exec(t.Context(), sqldb.Raw("PRAGMA busy_timeout = 30"))
			is.NoErr(err)
			_, err = db.Exec(t.Context(), sqldb.Raw(fmt.Sprintf(spelled, want)))
			is.NoErr(err)
			got, err := sqldb.Scalar[int](t.Context(), db, sqldb.Write(sqldb.Raw("PRAGMA busy_timeout")))
			is.NoErr(err)
			is.Equal(got, want)
		}
	}
}

// TestStatementsAreBounded: those used least recently go, by number and by
// length.
func TestStatementsAreBounded(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]int{"number": 0, "length": 30_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			is := is.New(t)
			db, c := single(t)
			run := func(i int) {
				got, err := sqldb.Scalar[string](t.Context(), db, sqldb.Raw(fmt.Sprintf("SELECT '%0*d' FROM v WHERE n = 1", length, i)))
				is.NoErr(err)
				is.True(strings.HasSuffix(got, fmt.Sprint(i)))
			}
			kept := map[int]int{0: 512, 30_000: 512 << 10 / 30_000}[length]
			for i := range kept {
				run(i)
			}
			is.True(!c.compiles(func() { run(0) }))
			run(kept)                               // drives out 1
			is.True(!c.compiles(func() { run(0) })) // used since
			is.True(!c.compiles(func() { run(2) }))
			is.True(c.compiles(func() { run(1) })) // drives out 3
			is.True(!c.compiles(func() { run(kept) }))
			is.True(c.compiles(func() { run(3) }))
		})
	}
	t.Run("too long", func(t *testing.T) {
		t.Parallel()
		is := is.New(t)
		db, c := single(t)
		run := func() {
			_, err := sqldb.Column[int](t.Context(), db, sqldb.Raw("SELECT n FROM v WHERE '"+strings.Repeat("x", 40_000)+"' != ''"))
			is.NoErr(err)
		}
		run()
		is.True(c.compiles(run))
	})
}

func TestStatementsInParallel(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 3})
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n INTEGER)"}))
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 50 {
				n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw(fmt.Sprintf("SELECT %d + ?", i%5), g))
				if err != nil || n != g+i%5 {
					t.Error(n, err)
				}
				if _, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (?)", g)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	sum, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT sum(n) FROM v"))
	is.NoErr(err)
	is.Equal(sum, 28*50)
}

// TestNothingStaysOpen: SQLite keeps a file open for as long as a statement on
// it lives.
func TestNothingStaysOpen(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("needs /proc, where Linux tells the open files")
	}
	path := testdb.SQLitePath(t)
	db, err := sqlitedb.Open(t.Context(), path, nil)
	is.NoErr(err)
	_, err = sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM sqlite_master"))
	is.NoErr(err)
	is.True(isOpen(path))
	is.NoErr(db.Close())
	is.True(!isOpen(path))
}

func isOpen(path string) bool {
	links, _ := filepath.Glob("/proc/self/fd/*")
	for _, link := range links {
		if file, _ := os.Readlink(link); strings.HasPrefix(file, path) {
			return true
		}
	}
	return false
}

// TestConnectorRefuses a DSN that cannot be read, at once or when it connects.
func TestConnectorRefuses(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	_, err := sqlitedb.NewConnector("file:x.db?%zz")
	is.True(err != nil)
	c, err := sqlitedb.NewConnector("file:" + filepath.Join(t.TempDir(), "x.db") + "?_txlock=nonsense")
	is.NoErr(err)
	_, err = c.Connect(t.Context())
	is.True(err != nil)
}
