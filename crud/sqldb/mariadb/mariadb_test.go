package mariadb_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/sqldbtest"
	"github.com/joinery-go/joinery/internal/testdb"
)

// own is a pool as an app opens it: with the settings that Wrap asks for, and
// times as the driver gives them.
func own(t testing.TB, text string) *sql.DB {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	address := "tcp(" + u.Host + ")"
	if socket := u.Query().Get("socket"); socket != "" {
		address = "unix(" + socket + ")"
	}
	config, err := mysql.ParseDSN(u.User.Username() + "@" + address + u.Path + "?clientFoundRows=true&charset=utf8mb4&collation_connection=utf8mb4_nopad_bin" +
		"&max_recursive_iterations=4294967295&max_statement_time=3&optimizer_switch=" + url.QueryEscape("'index_merge=off'") + "&time_zone=" + url.QueryEscape("'+00:00'") + "&sql_mode=" + url.QueryEscape("'STRICT_ALL_TABLES,ANSI_QUOTES'"))
	if err != nil {
		t.Fatal(err)
	}
	config.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(connector)
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// TestContractWrapped runs the suite on a pool of the app's.
func TestContractWrapped(t *testing.T) {
	sqldbtest.Run(t, func(t testing.TB, opts *sqldb.Options) *sqldb.DB {
		pool := own(t, testdb.MariaDBURL(t))
		conns := 20
		if opts != nil && opts.MaxConns > 0 {
			conns = opts.MaxConns
		}
		pool.SetMaxOpenConns(conns)
		if strings.HasSuffix(t.Name(), "/closed") {
			_ = pool.Close() // as the app would
		}
		return mariadb.Wrap(pool, opts)
	})
}

func TestPoolIsTheApps(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	pool := own(t, testdb.MariaDBURL(t))
	db := mariadb.Wrap(pool, nil)
	got, ok := mariadb.Pool(db)
	is.True(ok)
	is.Equal(got, pool)
	is.NoErr(db.Close())
	is.NoErr(pool.PingContext(t.Context()))
	_, err := sqldb.Scalar[int](t.Context(), mariadb.Wrap(pool, &sqldb.Options{Replica: "x"}), sqldb.Raw("SELECT 1"))
	is.True(strings.Contains(err.Error(), "Options.Replica"))
}

// TestAppTransaction: statements join a transaction that the app began.
func TestAppTransaction(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	pool := own(t, testdb.MariaDBURL(t))
	db := mariadb.Wrap(pool, nil)
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n int)"}))
	tx, err := pool.BeginTx(t.Context(), nil)
	is.NoErr(err)
	ctx, done := sqldb.WithTx(t.Context(), db, tx)
	_, err = db.Exec(ctx, sqldb.Raw("INSERT INTO v VALUES (1), (2), (3)"))
	is.NoErr(err)
	found, err := sqldb.Column[int](ctx, db, sqldb.Raw("SELECT n FROM v WHERE ? ORDER BY n", true))
	is.NoErr(err)
	is.Equal(found, []int{1, 2, 3})
	err = tx.Rollback()
	done(errors.Join(err, errors.New("rolled back")))
	n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM v"))
	is.NoErr(err)
	is.Equal(n, 0)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"", "canary", "http://app:canary@host/db", "mysql://app:canary@host:port/db", "mysql://app:can/canary@host/db", "mysql:canary",
		"mysql://app:canary%@host/db", "mysql://app:canary@host/db?tls=canary", "mysql://app:canary@host/db?parseTime=canary",
		"mysql://app:canary@127.0.0.1:1/db", "mysql://app:canary@host/", "mysql://app:canary@localhost/db?socket=/no/such/socket",
		"mysql://app:canary@[::1/db", "mariadb://app:canary@host",
	} {
		is := is.New(t)
		_, err := mariadb.Open(t.Context(), url, nil)
		is.True(err != nil)
		t.Log(err)
		if s := err.Error(); strings.Contains(s, "canary") || strings.Contains(s, "\n") || !strings.HasPrefix(s, "mariadb: ") {
			t.Errorf("%s: %q", url, s)
		}
	}
}

func TestOpenWithoutDatabase(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	_, err := mariadb.Open(t.Context(), strings.Replace(testdb.MariaDBURL(t), "?", "nonsense?", 1), nil)
	is.True(err != nil)
	is.True(strings.Contains(err.Error(), "(1049)"))
}

func TestBar40_LimitsOnTheServer(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url := testdb.MariaDBURL(t)
	show := func(url string, opts *sqldb.Options) (limits [4]float64) {
		db, err := mariadb.Open(t.Context(), url, opts)
		is.NoErr(err)
		defer db.Close()
		for i, name := range []string{"max_statement_time", "innodb_lock_wait_timeout", "lock_wait_timeout", "idle_transaction_timeout"} {
			limits[i], err = sqldb.Scalar[float64](t.Context(), db, sqldb.Raw("SELECT @@"+name))
			is.NoErr(err)
		}
		return limits
	}
	is.Equal(show(url, nil), [4]float64{10, 3, 3, 10})
	is.Equal(show(url, &sqldb.Options{StatementTimeout: 1500 * time.Millisecond, LockTimeout: 1500 * time.Millisecond, IdleInTxTimeout: -1}), [4]float64{1.5, 2, 2, 0})
	is.Equal(show(url, &sqldb.Options{StatementTimeout: -1, LockTimeout: -1}), [4]float64{0, 31536000, 31536000, 10})
	is.Equal(show(url+"&innodb_lock_wait_timeout=7", nil), [4]float64{10, 7, 3, 10})
}

// TestBar40_LockWait: a lock that somebody holds for long is not waited for
// for long, whether it is a row's or a table's.
func TestBar40_LockWait(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{LockTimeout: time.Second})
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer)", "INSERT INTO v VALUES (1)"}))
	touch := sqldb.Raw("UPDATE v SET n = n + 1")
	is.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, touch)
		is.NoErr(err)
		for _, text := range []string{"UPDATE v SET n = n + 1", "ALTER TABLE v ADD COLUMN x integer"} {
			_, err = db.Exec(t.Context(), sqldb.Raw(text)) // on another connection
			is.Equal(sqldb.ClassOf(err), sqldb.Busy)
			is.Equal(joinery.KindOf(err), joinery.Unavailable)
		}
		return nil
	}))
	_, err := db.Exec(t.Context(), touch)
	is.NoErr(err)
}

func TestBar40_IdleInTransaction(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{IdleInTxTimeout: time.Second})
	defer db.Close()
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		time.Sleep(2500 * time.Millisecond)
		_, err := db.Exec(ctx, sqldb.Raw("SELECT 1"))
		return err
	})
	is.Equal(sqldb.ClassOf(err), sqldb.LostConnection)
	is.NoErr(db.Ping(t.Context()))
}

// TestCancelReachesServer: a statement nobody waits for does not go on, and
// what it locked is free.
func TestCancelReachesServer(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 2, StatementTimeout: -1})
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer)", "INSERT INTO v VALUES (1)"}))
	for _, stmt := range []sqldb.Sqlizer{sqldb.Raw("UPDATE v SET n = 2 WHERE sleep(3600) = 0"), sqldb.Raw("UPDATE v SET n = ? WHERE sleep(3600) = 0", 2)} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := db.Exec(ctx, stmt)
		cancel()
		is.Equal(sqldb.ClassOf(err), sqldb.Timeout)
		for { // until the test run's own limit
			n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'UPDATE%'"))
			is.NoErr(err)
			if n == 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	n, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT n FROM v FOR UPDATE"))
	is.NoErr(err)
	is.Equal(n, 1)
}

// TestDeadlockIsRetried: two transactions that lock each other out; the victim
// is run again.
func TestDeadlockIsRetried(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer PRIMARY KEY, x integer NOT NULL)", "INSERT INTO v VALUES (1, 0), (2, 0)"}))
	both := make(chan struct{}, 2)
	runs := make(chan int, 2)
	run := func(first, second int) error {
		tries := 0
		defer func() { runs <- tries }()
		return sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			tries++
			if _, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = x + 1 WHERE n = ?", first)); err != nil {
				return err
			}
			if tries == 1 { // meet the other one
				both <- struct{}{}
				for len(both) < 2 {
					time.Sleep(time.Millisecond)
				}
			}
			_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = x + 1 WHERE n = ?", second))
			return err
		}, sqldb.Repeatable)
	}
	other := make(chan error)
	go func() { other <- run(2, 1) }()
	is.NoErr(run(1, 2))
	is.NoErr(<-other)
	is.True(<-runs+<-runs > 2)
	xs, err := sqldb.Column[int](t.Context(), db, sqldb.Raw("SELECT x FROM v"))
	is.NoErr(err)
	is.Equal(xs, []int{2, 2})
}

// TestErrorsAreNamed: what the server's texts tell, whatever the names are.
func TestErrorsAreNamed(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{
		"CREATE TABLE \"a`b\" (id integer PRIMARY KEY, \"it's\" varchar(20) NOT NULL, u varchar(20), CONSTRAINT \"it`s u\" UNIQUE (u))",
		"CREATE TABLE c (id integer PRIMARY KEY, \"r`\" integer, n integer, CONSTRAINT \"c`k\" CHECK (n > 0), CONSTRAINT \"f`k\" FOREIGN KEY (\"r`\") REFERENCES \"a`b\" (id))",
		"INSERT INTO \"a`b\" VALUES (1, 'x', 'for key ''PRIMARY''')",
	}))
	for text, want := range map[string]sqldb.Error{
		"INSERT INTO \"a`b\" VALUES (2, 'x', 'for key ''PRIMARY''')": {Class: sqldb.Unique, Constraint: "it`s u"},
		"INSERT INTO \"a`b\" VALUES (1, 'x', 'y')":                   {Class: sqldb.Unique, Constraint: "PRIMARY"},
		"INSERT INTO \"a`b\" VALUES (2, NULL, 'y')":                  {Class: sqldb.NotNull, Columns: []string{"it's"}},
		"INSERT INTO \"a`b\" (id) VALUES (2)":                        {Class: sqldb.NotNull, Columns: []string{"it's"}},
		"INSERT INTO c VALUES (1, 7, 1)":                             {Class: sqldb.ForeignKey, Table: "c", Constraint: "f`k", Columns: []string{"r`"}},
		"INSERT INTO c VALUES (1, 1, 0)":                             {Class: sqldb.Check, Table: "c", Constraint: "c`k"},
	} {
		_, err := db.Exec(t.Context(), sqldb.Stmt{SQL: text})
		var got *sqldb.Error
		is.True(errors.As(err, &got))
		t.Log(err)
		is.Equal(sqldb.Error{Class: got.Class, Constraint: got.Constraint, Table: got.Table, Columns: got.Columns}, want)
	}
}

// TestLists: a list is found whatever its length, in every way it is written.
func TestLists(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n bigint PRIMARY KEY, id uuid, at datetime(6), x varchar(40), f double, b boolean, j json)"}))
	id, at := uuid.New(), sqldb.Time(time.Now())
	_, err := db.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (?, ?, ?, ?, ?, ?, ?)", 1<<60, id, at, "é", 0.1, true, []string{"a", "?"}))
	is.NoErr(err)
	for _, n := range []int{1, 2, 3, 64, 65, 1024, 1025, 5000} {
		ints, ids, times, texts, floats := make([]int64, n), make([]uuid.UUID, n), make([]time.Time, n), make([]string, n), make([]float64, n)
		for i := range n {
			ints[i], ids[i], times[i], texts[i], floats[i] = int64(1<<60+1+i), uuid.New(), at.Add(time.Duration(i+1)*time.Microsecond), "e"+strings.Repeat("\u0301", i%3), float64(i+1)
		}
		for column, l := range map[string]any{"n": ints, "id": ids, "at": times, "x": texts, "f": floats} {
			count := func() int {
				found, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT count(*) FROM v WHERE '?' <> ? AND "+db.Dialect().In(column)+" AND n > ?", "a", l, 0))
				if err != nil {
					t.Fatal(column, n, err)
				}
				return found
			}
			is.Equal(count(), 0)
			ints[n-1], ids[n-1], times[n-1], texts[n-1], floats[n-1] = 1<<60, id, at, "é", 0.1
			is.Equal(count(), 1)
			ints[n-1], ids[n-1], times[n-1], texts[n-1], floats[n-1] = 7, uuid.New(), at.Add(-time.Second), "E", 7
		}
	}
	// A slice that is no list is JSON.
	j, err := sqldb.Scalar[[]string](t.Context(), db, sqldb.Raw("SELECT j FROM v"))
	is.NoErr(err)
	is.Equal(j, []string{"a", "?"})
}

// TestPlaceholders: what is code and what is not, in MariaDB's own ways of
// writing; with a list, whose place must be found again.
func TestPlaceholders(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	var text string
	var sum, last int
	found, err := sqldb.Row(t.Context(), db, sqldb.Raw(`SELECT '\'?', 1--?, ? # ?
		-- ?
		FROM (SELECT 8 AS "b?") d /* ? */ WHERE 7 <> '?\\' AND `+db.Dialect().In("7")+` AND "b?" = 8 `, 2, 3, []int{6, 7}), &text, &sum, &last)
	is.NoErr(err)
	is.True(found)
	is.Equal(text, "'?")
	is.Equal(sum, 3)
	is.Equal(last, 3)
}

// TestExecOfRows: rows that nobody reads do no harm, whatever gives them.
func TestExecOfRows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, &sqldb.Options{MaxConns: 1})
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer, x text)"}))
	for _, text := range []string{
		"SELECT n, x FROM v WHERE n = ?", "select n from v where n > ?", "(SELECT ?)", "WITH a AS (SELECT ? AS b) SELECT * FROM a",
		"INSERT INTO v VALUES (?, 'returning') RETURNING n, x", "insert into v select ?, 'y' returning x, n", "DELETE FROM v WHERE n = ? RETURNING n",
		"INSERT INTO v VALUES (?, 'RETURNING')", "UPDATE v SET x = 'z' WHERE n = ?", "SELECT n, x FROM v WHERE n = ?",
	} {
		_, err := db.Exec(t.Context(), sqldb.Raw(text, 1))
		is.NoErr(err)
		one, err := sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT ?", 1)) // on the same connection
		is.NoErr(err)
		is.Equal(one, 1)
	}
	n, err := db.Exec(t.Context(), sqldb.Raw("UPDATE v SET x = ?", "z"))
	is.NoErr(err)
	is.Equal(n, int64(1))
}

// TestReplica: another database of the server plays the replica.
func TestReplica(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	primary, replica := testdb.MariaDBURL(t), testdb.MariaDBURL(t)
	for n, url := range []string{primary, replica} {
		db, err := mariadb.Open(t.Context(), url, nil)
		is.NoErr(err)
		is.NoErr(sqldb.ExecAll(t.Context(), db, []string{"CREATE TABLE v (n integer)"}))
		_, err = db.Exec(t.Context(), sqldb.Raw("INSERT INTO v VALUES (?), (7)", n))
		is.NoErr(err)
		is.NoErr(db.Close())
	}
	read := func(ctx context.Context, db *sqldb.DB) int {
		t.Helper()
		ns, err := sqldb.Column[int](ctx, db, sqldb.Raw("SELECT n FROM v ORDER BY n"))
		is.NoErr(err)
		is.Equal(len(ns), 2)
		return ns[0]
	}
	db, err := mariadb.Open(t.Context(), primary, &sqldb.Options{Replica: replica})
	is.NoErr(err)
	defer db.Close()
	is.Equal(read(t.Context(), db), 1)
	is.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		is.Equal(read(ctx, db), 0)
		return nil
	}))
	ctx := joinery.TrackWrites(t.Context())
	_, err = db.Exec(ctx, sqldb.Raw("UPDATE v SET n = 0 WHERE n = 0"))
	is.NoErr(err)
	is.Equal(read(ctx, db), 0)
	_, err = sqldb.Scalar[int](t.Context(), db, sqldb.Raw("SELECT nonsense FROM v"))
	is.True(err != nil)
	is.Equal(db.Stats().Replica.Paused, false) // the statement was wrong, not the server

	dead, err := mariadb.Open(t.Context(), primary, &sqldb.Options{Replica: "mysql://root@127.0.0.1:1/none"})
	is.NoErr(err)
	defer dead.Close()
	is.Equal(read(t.Context(), dead), 0)
	is.True(dead.Stats().Replica.Paused)
	_, err = mariadb.Open(t.Context(), primary, &sqldb.Options{Replica: "canary"})
	is.True(strings.Contains(err.Error(), "Options.Replica") && !strings.Contains(err.Error(), "canary"))
}
