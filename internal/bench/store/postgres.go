package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/notes"
)

// Postgres makes the schema in the empty database at url and fills it. Indexes
// are made after the rows, and references are not checked one by one, which
// needs a superuser.
func Postgres(ctx context.Context, url string, d *dataset.Data) error {
	db, err := pgdb.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	app, err := notes.New(db)
	if err != nil {
		return err
	}
	ddl, err := app.Registry.DDL(db.Dialect())
	if err != nil {
		return err
	}
	made, indexes := split(ddl)
	if err := sqldb.ExecAll(ctx, db, made); err != nil {
		return err
	}
	if err := app.EnsureRoles(ctx); err != nil {
		return err
	}
	return fill(ctx, url, d, indexes)
}

// split parts the statements that make indexes from the others.
func split(ddl []string) (others, indexes []string) {
	for _, s := range ddl {
		if strings.HasPrefix(s, "CREATE INDEX") || strings.HasPrefix(s, "CREATE UNIQUE INDEX") {
			indexes = append(indexes, s)
		} else {
			others = append(others, s)
		}
	}
	return others, indexes
}

func fill(ctx context.Context, url string, d *dataset.Data, indexes []string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if err := execAll(ctx, conn.PgConn(), "SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'"); err != nil {
		return err
	}
	for _, t := range tables(d) {
		if err := copyRows(ctx, conn, t); err != nil {
			return fmt.Errorf("copy into %s: %w", t.name, err)
		}
	}
	return execAll(ctx, conn.PgConn(), append(indexes, "VACUUM ANALYZE")...)
}

func execAll(ctx context.Context, conn *pgconn.PgConn, statements ...string) error {
	for _, s := range statements {
		if err := conn.Exec(ctx, s).Close(); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// copyRows sends the rows by COPY, in one stream.
func copyRows(ctx context.Context, conn *pgx.Conn, t table) error {
	rows := make(chan []any, 1000)
	stop := make(chan struct{})
	go func() {
		defer close(rows)
		for row := range t.rows {
			for i, v := range row {
				if id, ok := v.(uuid.UUID); ok {
					row[i] = [16]byte(id) // which pgx encodes without reflection
				}
			}
			select {
			case rows <- row:
			case <-stop:
				return
			}
		}
	}()
	defer close(stop)
	_, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		return <-rows, nil // nil at the end
	}))
	return err
}

// Verify fails with the first index that the database lacks.
func Verify(ctx context.Context, url string) error {
	db, err := pgdb.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer db.Close()
	app, err := notes.New(db)
	if err != nil {
		return err
	}
	missing, err := app.Engine.Verify(ctx)
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("an index is missing: %s", missing[0].Statement)
	}
	return err
}
