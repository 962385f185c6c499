package sqldb_test

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
)

func TestBar40_Defaults(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for _, o := range []sqldb.Options{(*sqldb.Options)(nil).OrDefaults(), new(sqldb.Options).OrDefaults()} {
		is.Equal(o.StatementTimeout, 10*time.Second)
		is.Equal(o.LockTimeout, 3*time.Second)
		is.Equal(o.IdleInTxTimeout, 10*time.Second)
		is.Equal(o.AcquireTimeout, 2*time.Second)
		is.Equal(o.MaxConns, 20)
		is.Equal(o.MaxLifetime, 30*time.Minute)
	}
	off := (&sqldb.Options{StatementTimeout: -1, LockTimeout: -1, IdleInTxTimeout: -1}).OrDefaults()
	is.Equal([]time.Duration{off.StatementTimeout, off.LockTimeout, off.IdleInTxTimeout}, []time.Duration{0, 0, 0})
}
