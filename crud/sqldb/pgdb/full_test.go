package pgdb_test

import (
	"testing"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// TestBar62_FullDisk: a client is told to come back. The server raises its own
// code, since a test cannot fill its disk.
func TestBar62_FullDisk(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	db := open(t, nil)
	defer db.Close()
	_, err := db.Exec(t.Context(), sqldb.Stmt{SQL: "DO $$ BEGIN RAISE disk_full; END $$"})
	is.Equal(sqldb.ClassOf(err), sqldb.Full)
	is.Equal(joinery.KindOf(err), joinery.Unavailable)
}
