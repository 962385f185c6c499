package mariadb_test

import (
	"bufio"
	"io"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/crashtest"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/internal/testdb"
)

func TestKilledWriters(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	url := testdb.MariaDBURL(t)
	db, err := mariadb.Open(t.Context(), url, nil)
	is.NoErr(err)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, crashtest.Schema("uuid")))
	crashtest.KillProcesses(t, db, url, 3)
}

// TestKilledServer: the pool outlives the server, and what was acknowledged
// outlives both.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := testdb.StartMariaDB(t, nil)
	db, err := mariadb.Open(t.Context(), server.URL(), nil)
	is.NoErr(err)
	defer db.Close()
	is.NoErr(sqldb.ExecAll(t.Context(), db, crashtest.Schema("uuid")))
	var told []uuid.UUID
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		in, out := io.Pipe()
		failure := make(chan error, 1)
		go func() {
			failure <- crashtest.Write(t.Context(), db, out)
			_ = out.Close()
		}()
		killed := make(chan struct{})
		go func() {
			defer close(killed)
			time.Sleep(time.Duration(50+rand.IntN(200)) * time.Millisecond)
			server.Kill(signal)
		}()
		for lines := bufio.NewScanner(in); lines.Scan(); {
			told = append(told, uuid.MustParse(lines.Text()))
		}
		err := <-failure
		<-killed
		is.Equal(joinery.KindOf(err), joinery.Unavailable)
		is.Equal(sqldb.ClassOf(err), sqldb.LostConnection)
		_, err = db.Exec(t.Context(), sqldb.Raw("DELETE FROM crash"))
		is.Equal(sqldb.ClassOf(err), sqldb.LostConnection) // nobody is there
		is.Equal(joinery.KindOf(err), joinery.Unavailable)
		server.Restart()
		is.NoErr(db.Ping(t.Context())) // without being opened again
		crashtest.Check(t, db, told)
	}
	is.True(len(told) > 0)
	t.Logf("%d batches told", len(told))
}
