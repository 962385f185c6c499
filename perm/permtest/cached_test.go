package permtest_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm/permtest"
)

// cachedWorlds is a tenth of those that are compared without the cache.
const cachedWorlds = worlds / 10

// With the access cache on, the engine agrees with the model all the same.
func TestBar35_WorldsWithTheCacheOnSQLite(t *testing.T) {
	t.Parallel()
	permtest.CachedWorlds(t, scale(cachedWorlds), openSQLite)
}

func TestBar35_WorldsWithTheCacheOnPostgres(t *testing.T) {
	t.Parallel()
	permtest.CachedWorlds(t, scale(cachedWorlds), openPostgres)
}
