package testdb_test

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery/internal/testdb"
)

// mariadb opens a pool on a URL of the package.
func mariadb(t testing.TB, text string) *sql.DB {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	config := mysql.NewConfig()
	config.User, config.DBName, config.Logger = u.User.Username(), strings.TrimPrefix(u.Path, "/"), &mysql.NopLogger{}
	config.Passwd, _ = u.User.Password()
	config.Net, config.Addr = "tcp", u.Host
	if socket := u.Query().Get("socket"); socket != "" {
		config.Net, config.Addr = "unix", socket
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(connector)
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

func must(t testing.TB, pool *sql.DB, statement string) {
	t.Helper()
	if _, err := pool.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func number(t testing.TB, pool *sql.DB, query string) (n int) {
	t.Helper()
	if err := pool.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEachTestHasItsOwnEmptyMariaDB(t *testing.T) {
	t.Parallel()
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			pool := mariadb(t, testdb.MariaDBURL(t))
			must(t, pool, "CREATE TABLE same_name (id int)")
			must(t, pool, "INSERT INTO same_name VALUES (1)")
			is.New(t).Equal(number(t, pool, "SELECT count(*) FROM same_name"), 1)
		})
	}
}

func TestMariaDBIsDroppedWhenItsTestEnds(t *testing.T) {
	t.Parallel()
	var url string
	t.Run("a test", func(t *testing.T) {
		url = testdb.MariaDBURL(t)
		must(t, mariadb(t, url), "CREATE TABLE v (id int)")
	})
	is.New(t).True(mariadb(t, url).PingContext(t.Context()) != nil) // the database is still there
}

func TestOwnMariaDBSurvivesKills(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := testdb.StartMariaDB(t, &testdb.ServerOptions{Settings: map[string]string{"max_connections": "17"}})
	must(t, mariadb(t, server.URL()), "CREATE TABLE kept (id int)")
	for _, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		must(t, mariadb(t, server.URL()), "INSERT INTO kept VALUES (1)")
		server.Kill(sig)
		server.Kill(sig)                                                  // a second time changes nothing
		is.True(mariadb(t, server.URL()).PingContext(t.Context()) != nil) // the killed server still answers
		server.Restart()
	}
	is.Equal(number(t, mariadb(t, server.URL()), "SELECT count(*) FROM kept"), 2)
	is.Equal(number(t, mariadb(t, server.URL()), "SELECT @@max_connections"), 17)
}

func TestOwnMariaDBLeavesNothing(t *testing.T) {
	t.Parallel()
	var folder string
	t.Run("a test", func(t *testing.T) {
		folder = filepath.Dir(testdb.StartMariaDB(t, nil).Socket())
	})
	// As of PostgreSQL's.
	for {
		if _, err := os.Stat(folder); errors.Is(err, os.ErrNotExist) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}
