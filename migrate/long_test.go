package migrate_test

import (
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// TestBar55_KilledInALongStatement: the process is killed while the server
// works for it. The server sees that nobody waits any more, stops, and lets the
// lock go, long before the statement would have ended.
func TestBar55_KilledInALongStatement(t *testing.T) {
	t.Parallel()
	on := serverOf("postgres").target(t)
	must(t, sqldb.ExecAll(t.Context(), on.db, []string{"CREATE TABLE delay (seconds INTEGER)", "INSERT INTO delay VALUES (1000)"}))
	const working = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(seconds)%' AND pid <> pg_backend_pid() AND state = 'active'"

	holder := start(t, job{Server: on.name, URL: on.url, Note: "SELECT pg_sleep(seconds) FROM delay;\n"})
	for column[int](t, on.db, working)[0] == 0 {
		time.Sleep(time.Millisecond)
	}
	must(t, holder.cmd.Process.Kill())
	<-holder.done
	must(t, sqldb.ExecAll(t.Context(), on.db, []string{"DELETE FROM delay"}))
	is.New(t).Equal(start(t, job{Server: on.name, URL: on.url, Note: "SELECT pg_sleep(seconds) FROM delay;\n"}).wait(t), shopMigrations)
}
