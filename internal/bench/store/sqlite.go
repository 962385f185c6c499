package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/notes"
)

// SQLite makes the schema in a new file and fills it.
func SQLite(ctx context.Context, path string, d *dataset.Data) error {
	db, err := sqlitedb.Open(ctx, path, nil)
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
	return fillSQLite(ctx, path, d, indexes)
}

func fillSQLite(ctx context.Context, path string, d *dataset.Data, indexes []string) error {
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(OFF)&_pragma=cache_size(-200000)")
	if err != nil {
		return err
	}
	defer pool.Close()
	for _, t := range tables(d) {
		if err := Insert(ctx, pool, t.name, t.columns, func(yield func([]any) bool) {
			for row := range t.rows {
				if !yield(textual(row)) {
					return
				}
			}
		}); err != nil {
			return fmt.Errorf("insert into %s: %w", t.name, err)
		}
	}
	for _, s := range append(indexes, "ANALYZE") {
		if _, err := pool.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// textual is the row in the form in which sqlitedb keeps it.
func textual(row []any) []any {
	for i, v := range row {
		switch v := v.(type) {
		case uuid.UUID:
			row[i] = v.String()
		case time.Time:
			row[i] = v.UnixMicro()
		}
	}
	return row
}

// Insert writes the rows in one transaction, by one prepared statement.
func Insert(ctx context.Context, pool *sql.DB, table string, columns []string, rows func(yield func([]any) bool)) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // harmless after the commit
	insert, err := tx.PrepareContext(ctx, `INSERT INTO `+table+` (`+strings.Join(columns, ", ")+`) VALUES (?`+strings.Repeat(", ?", len(columns)-1)+`)`)
	if err != nil {
		return err
	}
	for row := range rows {
		if _, err := insert.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
