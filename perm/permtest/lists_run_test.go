package permtest_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm/permtest"
)

// lists is how many worlds an ordinary run asks for lists on each database.
const lists = 60

func TestListsOnSQLite(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists), permtest.Setup{Open: openSQLiteWith})
}

func TestListsOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists), permtest.Setup{Open: openPostgresWith})
}

// MariaDB takes longer for each list, so it is asked for fewer.
func TestListsOnMariaDB(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists)/3, permtest.Setup{Open: openMariaDBWith, Plain: true})
}

func TestListsOfCachedReachOnMariaDB(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists)/6, permtest.Setup{Open: openMariaDBWith, Plain: true, Cached: true})
}

func TestListsOfCachedReachOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists)/4, permtest.Setup{Open: openPostgresWith, Cached: true})
}

// Without indexes lists are the same, if slower.
func TestListsWithoutIndexesOnSQLite(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists)/4, permtest.Setup{Open: openSQLiteWith, Bare: true})
}

func TestListsWithoutIndexesOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.Lists(t, scale(lists)/4, permtest.Setup{Open: openPostgresWith, Bare: true})
}
