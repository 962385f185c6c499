package anydb_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb/anydb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestOpen(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "app.db")
	for url, want := range map[string]string{
		"memory": "sqlite", "sqlite:" + file: "sqlite", "sqlite://" + file: "sqlite",
		testdb.PostgresURL(t): "postgres", testdb.MariaDBURL(t): "mariadb",
		"mariadb" + strings.TrimPrefix(testdb.MariaDBURL(t), "mysql"): "mariadb",
	} {
		is := is.New(t)
		db, err := anydb.Open(t.Context(), url, nil)
		is.NoErr(err)
		is.Equal(db.Dialect().Name(), want)
		is.NoErr(db.Ping(t.Context()))
		is.NoErr(db.Close())
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mysql://app:canary@127.0.0.1:1/db", "mysql:canary", "mysql://app:canary@host", "mariadb://app:can/ary@host/db", "canary", "memory:x", "sqlite:", "postgres:canary", "sqlite::memory:"} {
		is := is.New(t)
		_, err := anydb.Open(t.Context(), url, nil)
		is.True(err != nil)
		is.True(!strings.Contains(err.Error(), "canary"))
		is.True(!strings.Contains(err.Error(), "\n"))
	}
}
