package migrate

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// database is what a runner does in another way on each database. Its methods
// run on the held connection of their ctx.
type database interface {
	// history is the statement that makes the table of the history where it
	// is missing.
	history() string

	// open readies the session for work that takes long, and waits little for
	// locks, since a migration that waits keeps everybody behind it waiting.
	// restore takes that back.
	open(ctx context.Context, db *sqldb.DB) (restore func(ctx context.Context) error, err error)

	// lock keeps other runners away until unlock; false when one is at work.
	lock(ctx context.Context, db *sqldb.DB) (ok bool, err error)
	unlock(ctx context.Context, db *sqldb.DB) error

	// transaction runs fn, which does what the script says, in a transaction
	// that no other runner has at the same time.
	transaction(ctx context.Context, db *sqldb.DB, s *script, fn func(ctx context.Context) error) error

	// alone runs fn, whose statements are each on their own.
	alone(ctx context.Context, db *sqldb.DB, fn func() error) error

	// steady reports whether what fails in a transaction leaves nothing,
	// changes of the schema included.
	steady() bool
}

// databaseOf is the database behind a dialect.
func databaseOf(d sqldb.Dialect) (database, error) {
	switch d.Name() {
	case "postgres":
		return postgres{}, nil
	case "sqlite":
		return sqlite{}, nil
	case "mariadb":
		return mariadb{}, nil
	}
	return nil, joinery.Errorf(joinery.Unsupported, "", fmt.Sprintf("migrate knows postgres, sqlite and mariadb, not %s", d.Name()))
}

// settings are statements run one after the other.
func settings(ctx context.Context, db *sqldb.DB, statements ...string) error {
	return sqldb.ExecAll(ctx, db, statements)
}
