package testdb_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func count(t testing.TB, conn *pgx.Conn, query string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func exec(t testing.TB, conn *pgx.Conn, statement string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestEachTestHasItsOwnEmptyDatabase(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			conn := connect(t, testdb.PostgresURL(t))
			exec(t, conn, "CREATE TABLE same_name (id int)")
			exec(t, conn, "INSERT INTO same_name VALUES (1)")
			is.New(t).Equal(count(t, conn, "SELECT count(*) FROM same_name"), 1)
		})
	}
}

func TestDatabaseIsDroppedWhenItsTestEnds(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("a test", func(t *testing.T) {
		url = testdb.PostgresURL(t)
		connect(t, url) // an open connection must not be in the way
	})
	_, err := pgx.Connect(t.Context(), url)
	is.New(t).True(err != nil) // the database is still there
}

func TestTemplateIsBuiltOnce(t *testing.T) {
	t.Parallel()
	key := "ready " + rand.Text() // with -count the process stays the same
	built := 0
	build := func(url string) error {
		built++
		conn := connect(t, url)
		exec(t, conn, "CREATE TABLE ready (id int)")
		return conn.Close(t.Context())
	}
	for range 3 {
		conn := connect(t, testdb.PostgresFromTemplate(t, key, build))
		is.New(t).Equal(count(t, conn, "SELECT count(*) FROM ready"), 0)
		exec(t, conn, "INSERT INTO ready VALUES (1)")
	}
	is.New(t).Equal(built, 1)
}

func TestSQLitePathIsFreshAndRemoved(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var first string
	t.Run("a test", func(t *testing.T) {
		first = testdb.SQLitePath(t)
		is.True(first != testdb.SQLitePath(t))
		is.NoErr(os.WriteFile(first, []byte("x"), 0o600))
		is.NoErr(os.WriteFile(first+"-wal", nil, 0o600))
	})
	_, err := os.Stat(filepath.Dir(first))
	is.True(errors.Is(err, os.ErrNotExist)) // the folder is still there
}

func TestOwnServerSurvivesKills(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := testdb.StartPostgres(t, &testdb.ServerOptions{Settings: map[string]string{"max_connections": "7"}})
	conn := connect(t, server.URL())
	exec(t, conn, "CREATE TABLE kept (id int)")
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGQUIT, syscall.SIGINT} {
		exec(t, conn, "INSERT INTO kept VALUES (1)")
		server.Kill(sig)
		server.Kill(sig) // a second time changes nothing
		_, err := pgx.Connect(t.Context(), server.URL())
		is.True(err != nil) // the killed server still answers
		server.Restart()
		conn = connect(t, server.URL())
	}
	is.Equal(count(t, conn, "SELECT count(*) FROM kept"), 3)
	is.Equal(count(t, conn, "SELECT setting::int FROM pg_settings WHERE name = 'max_connections'"), 7)
	server.Restart() // also while it runs
	is.Equal(count(t, connect(t, server.URL()), "SELECT count(*) FROM kept"), 3)
}

func TestOwnServerLeavesNothing(t *testing.T) {
	t.Parallel()
	var folder string
	t.Run("a test", func(t *testing.T) {
		folder = filepath.Dir(testdb.StartPostgres(t, nil).Socket())
	})
	// The keeper does it a moment later. A folder that stays shows as the end
	// of the test run's own time limit.
	for {
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestReplicaFollows(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := testdb.StartPostgres(t, nil)
	primary := connect(t, server.URL())
	exec(t, primary, "CREATE TABLE v (n int)")
	replica := server.StartReplica(nil)
	follow := func(want int) {
		t.Helper()
		conn := connect(t, replica.URL())
		for count(t, conn, "SELECT count(*) FROM v") != want {
			time.Sleep(time.Millisecond)
		}
		_, err := conn.Exec(t.Context(), "INSERT INTO v VALUES (0)")
		is.True(err != nil) // it is read-only
	}
	exec(t, primary, "INSERT INTO v VALUES (1)")
	follow(1)
	replica.Kill(syscall.SIGKILL)
	exec(t, primary, "INSERT INTO v VALUES (2)")
	replica.Restart()
	follow(2)
}
