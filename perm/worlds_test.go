package perm_test

import (
	"testing"

	"github.com/joinery-go/joinery/perm/permtest"
)

func TestMatrix(t *testing.T) {
	t.Parallel()
	for name, open := range databases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			permtest.RunMatrix(t, permtest.Open(t, open(t)))
		})
	}
}

func TestWorlds(t *testing.T) {
	t.Parallel()
	permtest.Worlds(t, 300, openSQLite, openPostgres)
}
