package permtest_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm/permtest"
)

func TestMatrixOfTheModel(t *testing.T) {
	t.Parallel()
	permtest.RunMatrix(t, &permtest.Reference{})
}

func TestMatrixOnSQLite(t *testing.T) {
	t.Parallel()
	permtest.RunMatrix(t, permtest.Open(t, openSQLite(t)))
}

func TestMatrixOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.RunMatrix(t, permtest.Open(t, openPostgres(t)))
}

func TestMatrixOnMariaDB(t *testing.T) {
	t.Parallel()
	permtest.RunMatrix(t, permtest.Open(t, openMariaDB(t)))
}
