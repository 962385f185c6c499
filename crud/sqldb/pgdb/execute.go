package pgdb

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// queryer is what *pgx.Conn and pgx.Tx share. Their Exec is left out on
// purpose: without values it uses the simple protocol.
type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// executor runs statements in a transaction.
type executor struct {
	on       queryer
	mode     mode
	prepares bool // see the function
}

// Query implements sqldb.Executor.
func (e executor) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	r, err := query(ctx, e.on, text, e.mode.with(args))
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Exec implements sqldb.Executor.
func (e executor) Exec(ctx context.Context, text string, args []any) (int64, error) {
	return exec(ctx, e.on, text, e.mode.with(args))
}

// query runs a statement up to its first row, so that what fails at the
// beginning is an error of the query.
func query(ctx context.Context, on queryer, text string, args []any) (*rows, error) {
	return begun(on.Query(ctx, text, args...))
}

// begun is a result read up to its first row.
func begun(r pgx.Rows, err error) (*rows, error) {
	if err != nil {
		return nil, err
	}
	first := r.Next()
	if !first {
		if err := r.Err(); err != nil {
			return nil, err
		}
	}
	return &rows{rows: r, first: first, peeked: true}, nil
}

func exec(ctx context.Context, on queryer, text string, args []any) (int64, error) {
	r, err := on.Query(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	r.Close()
	return affected(r.CommandTag()), r.Err()
}

// affected counts rows changed, not rows read.
func affected(tag pgconn.CommandTag) int64 {
	if tag.Select() {
		return 0
	}
	return tag.RowsAffected()
}

// rows implements sqldb.Rows.
type rows struct {
	rows    pgx.Rows
	batch   pgx.BatchResults // that the rows are of; nil for a statement alone
	conn    *pgxpool.Conn    // released at the end; nil in a transaction
	peeked  bool             // the first Next has happened already
	first   bool             // with this result
	columns []column
	dest    []any
	numeric []int // the columns of type numeric
}

func (r *rows) Next() bool {
	if r.peeked {
		r.peeked = false
		return r.first
	}
	return r.rows.Next()
}

func (r *rows) Err() error { return r.rows.Err() }

func (r *rows) Close() error {
	r.rows.Close()
	if r.batch != nil {
		_ = r.batch.Close() // with the rows' error, or none that matters once they are read
		r.batch = nil
	}
	if r.conn != nil {
		r.conn.Release()
		r.conn = nil
	}
	return nil
}

func (r *rows) Columns() ([]string, error) {
	fields := r.rows.FieldDescriptions()
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	return names, nil
}

// Scan wraps the destinations that need it; which ones is found out once per
// column.
func (r *rows) Scan(dest ...any) error {
	if len(r.columns) != len(dest) {
		r.columns, r.dest = make([]column, len(dest)), make([]any, len(dest))
		r.numeric = numericColumns(r.rows.FieldDescriptions())
	}
	for i, d := range dest {
		r.dest[i] = r.columns[i].wrap(d)
	}
	for i, raw := range r.rows.RawValues() { // pgx forgets them with an error
		if i < len(dest) { // else pgx says so
			r.columns[i].null = raw == nil
		}
	}
	if err := r.rows.Scan(r.dest...); err != nil {
		if at, ok := errors.AsType[pgx.ScanArgError](err); ok {
			return &sqldb.ScanError{Column: at.ColumnIndex, Err: at.Err, Null: r.columns[at.ColumnIndex].null}
		}
		return err
	}
	for _, i := range r.numeric {
		keepZeros(r.rows.RawValues()[i], dest[i])
	}
	return nil
}
