package permtest_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm/permtest"
)

// worlds is how many an ordinary run compares on each database; JOINERY_WORLDS
// overrides it.
const worlds = 2000

func TestWorldsOnSQLite(t *testing.T) {
	t.Parallel()
	permtest.Worlds(t, scale(worlds), openSQLite)
}

func TestWorldsOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.Worlds(t, scale(worlds), openPostgres)
}

// MariaDB takes six times as long for a world, so it is asked for a sixteenth.
func TestWorldsOnMariaDB(t *testing.T) {
	t.Parallel()
	permtest.Worlds(t, scale(worlds)/16, openMariaDB)
}

// scale is n, and a tenth of it with -short.
func scale(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}
