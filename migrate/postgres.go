package migrate

import (
	"context"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// postgres locks by an advisory lock of the session, asked for again and again:
// who waited for it inside a statement would hold a snapshot, for which CREATE
// INDEX CONCURRENTLY of the holder waits in turn.
type postgres struct{}

func (postgres) history() string {
	return `CREATE TABLE IF NOT EXISTS joinery_migrations (
	source text NOT NULL,
	version integer NOT NULL,
	name text NOT NULL,
	checksum text NOT NULL,
	state text NOT NULL,
	statement integer NOT NULL,
	resume boolean NOT NULL,
	applied_at timestamptz NOT NULL,
	duration_us bigint NOT NULL,
	app_version text NOT NULL,
	PRIMARY KEY (source, version)
)`
}

func (postgres) open(ctx context.Context, db *sqldb.DB) (func(context.Context) error, error) {
	restore := func(ctx context.Context) error {
		return settings(ctx, db, "RESET statement_timeout", "RESET idle_in_transaction_session_timeout", "RESET lock_timeout", "RESET client_connection_check_interval")
	}
	// When the process dies in a long statement, the server notices by itself
	// only when that has ended, and holds the lock until then. Where the
	// server's system cannot look for it, this fails and is done without.
	_, _ = db.Exec(ctx, sqldb.Raw("SET client_connection_check_interval = '2s'"))
	return restore, settings(ctx, db, "SET statement_timeout = 0", "SET idle_in_transaction_session_timeout = 0", "SET lock_timeout = '2s'")
}

func (postgres) lock(ctx context.Context, db *sqldb.DB) (ok bool, err error) {
	return sqldb.Scalar[bool](ctx, db, sqldb.Raw("SELECT pg_try_advisory_lock(hashtext('joinery migrate'), hashtext(coalesce(current_schema(), '')))"))
}

func (postgres) unlock(ctx context.Context, db *sqldb.DB) error {
	_, err := db.Exec(ctx, sqldb.Raw("SELECT pg_advisory_unlock(hashtext('joinery migrate'), hashtext(coalesce(current_schema(), '')))"))
	return err
}

// transaction locks the history besides: behind a pooler that lends a server's
// session for one transaction only, nothing else keeps others away.
func (postgres) transaction(ctx context.Context, db *sqldb.DB, _ *script, fn func(context.Context) error) error {
	return sqldb.InTx(ctx, db, func(ctx context.Context) error {
		if _, err := db.Exec(ctx, sqldb.Raw("LOCK TABLE joinery_migrations IN SHARE ROW EXCLUSIVE MODE")); err != nil {
			return err
		}
		return fn(ctx)
	})
}

// alone lets statements wait for locks: CREATE INDEX CONCURRENTLY waits for all
// transactions that are open, hinders nobody meanwhile, and leaves an invalid
// index when it gives up.
func (postgres) alone(ctx context.Context, db *sqldb.DB, fn func() error) error {
	if err := settings(ctx, db, "SET lock_timeout = 0"); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	return settings(ctx, db, "SET lock_timeout = '2s'")
}

func (postgres) steady() bool { return true }
