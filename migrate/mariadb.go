package migrate

import (
	"context"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// mariadb commits at every change of the schema, so migrations are recorded
// statement by statement, and locks by GET_LOCK. That lock has the whole
// server for its scope, so its name contains the database's, and it stays with
// a connection that goes back to its pool, so it is let go by name.
type mariadb struct{}

func (mariadb) history() string {
	return `CREATE TABLE IF NOT EXISTS joinery_migrations (
	source varchar(100) NOT NULL,
	version int NOT NULL,
	name varchar(255) NOT NULL,
	checksum char(64) NOT NULL,
	state varchar(10) NOT NULL,
	statement int NOT NULL,
	resume boolean NOT NULL,
	applied_at datetime(6) NOT NULL,
	duration_us bigint NOT NULL,
	app_version varchar(255) NOT NULL,
	PRIMARY KEY (source, version)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`
}

func (mariadb) open(ctx context.Context, db *sqldb.DB) (func(context.Context) error, error) {
	var statement float64
	var table, row int64
	_, err := sqldb.Row(ctx, db, sqldb.Raw("SELECT @@max_statement_time, @@lock_wait_timeout, @@innodb_lock_wait_timeout"), &statement, &table, &row)
	if err != nil {
		return nil, err
	}
	restore := func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("SET SESSION max_statement_time = ?, lock_wait_timeout = ?, innodb_lock_wait_timeout = ?", statement, table, row))
		return err
	}
	return restore, settings(ctx, db, "SET SESSION max_statement_time = 0, lock_wait_timeout = 2, innodb_lock_wait_timeout = 2")
}

func (mariadb) lock(ctx context.Context, db *sqldb.DB) (bool, error) {
	got, err := sqldb.Scalar[*int64](ctx, db, sqldb.Write(sqldb.Raw("SELECT GET_LOCK(CONCAT('joinery ', SHA1(DATABASE())), 0)")))
	return got != nil && *got == 1, err
}

func (mariadb) unlock(ctx context.Context, db *sqldb.DB) error {
	_, err := sqldb.Scalar[*int64](ctx, db, sqldb.Write(sqldb.Raw("SELECT RELEASE_LOCK(CONCAT('joinery ', SHA1(DATABASE())))")))
	return err
}

func (mariadb) transaction(ctx context.Context, db *sqldb.DB, _ *script, fn func(context.Context) error) error {
	return sqldb.InTx(ctx, db, fn)
}

func (mariadb) alone(_ context.Context, _ *sqldb.DB, fn func() error) error { return fn() }

func (mariadb) steady() bool { return false }
