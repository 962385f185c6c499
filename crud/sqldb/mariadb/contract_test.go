package mariadb_test

import (
	"context"
	"testing"
	"time"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/crashtest"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/sqldbtest"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestMain(m *testing.M) {
	time.Local = time.FixedZone("local", 2*3600) // to see that times come back in UTC wherever we are
	crashtest.Main(m, func(ctx context.Context, url string) (*sqldb.DB, error) { return mariadb.Open(ctx, url, nil) })
}

func open(t testing.TB, opts *sqldb.Options) *sqldb.DB {
	t.Helper()
	db, err := mariadb.Open(t.Context(), testdb.MariaDBURL(t), opts)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func TestContract(t *testing.T) { sqldbtest.Run(t, open) }
