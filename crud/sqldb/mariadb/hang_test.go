//go:build unix

package mariadb_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// TestFrozenServer: a server that neither answers nor hangs up holds nobody
// longer than the limits say, and the pool recovers when it wakes up.
func TestFrozenServer(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := testdb.StartMariaDB(t, nil)
	db, err := mariadb.Open(t.Context(), server.URL(), &sqldb.Options{MaxConns: 1, StatementTimeout: 300 * time.Millisecond, AcquireTimeout: 300 * time.Millisecond})
	is.NoErr(err)
	defer db.Close()
	content, err := os.ReadFile(filepath.Join(filepath.Dir(server.Socket()), "data", "server.pid"))
	is.NoErr(err)
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	is.NoErr(err)
	is.NoErr(syscall.Kill(pid, syscall.SIGSTOP))
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGCONT) })

	for err == nil { // its threads stop a moment after the signal
		_, err = db.Exec(t.Context(), sqldb.Raw("SELECT 1"))
	}
	is.Equal(sqldb.ClassOf(err), sqldb.Timeout)
	err = sqldb.InTx(t.Context(), db, func(context.Context) error { return nil })
	is.True(sqldb.ClassOf(err) == sqldb.Exhausted || sqldb.ClassOf(err) == sqldb.Timeout)
	is.NoErr(syscall.Kill(pid, syscall.SIGCONT))
	for db.Ping(t.Context()) != nil {
		time.Sleep(10 * time.Millisecond)
	}
}

// TestServerFull: the server takes no more connections.
func TestServerFull(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := testdb.StartMariaDB(t, &testdb.ServerOptions{Settings: map[string]string{"max_connections": "10"}})
	db, err := mariadb.Open(t.Context(), server.URL(), nil)
	is.NoErr(err)
	defer db.Close()
	var hold []sqldb.Rows
	defer func() {
		for _, rows := range hold {
			_ = rows.Close()
		}
	}()
	for range 12 {
		rows, err := db.Query(t.Context(), sqldb.Raw("SELECT 1 UNION ALL SELECT 2"))
		if err != nil {
			is.Equal(sqldb.ClassOf(err), sqldb.Exhausted)
			return
		}
		hold = append(hold, rows)
	}
	t.Error("the server took more connections than it may")
}
