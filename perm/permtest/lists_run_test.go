package permtest_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm/permtest"
)

// lists is how many worlds an ordinary run asks for lists on each database.
const lists = 60

func TestListsOnSQLite(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists), false, openSQLiteWith)
}

func TestListsOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists), false, openPostgresWith)
}

func TestListsOfCachedReachOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists)/4, true, openPostgresWith)
}
