package migrate

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// overSQL is db in the form in which atlas asks for one. Its statements run with
// ctx, and so in the transaction and on the connection that ctx carries, since
// atlas has a context of its own for some of them. It must be closed, which
// leaves db open.
func overSQL(ctx context.Context, db *sqldb.DB) *sql.DB { return sql.OpenDB(bridge{ctx, db}) }

// bridge is a connector, its driver and its only connection at once. Rows are
// read to their end at once, so that db is free for the next query.
type bridge struct {
	ctx context.Context
	db  *sqldb.DB
}

var errBridge = errors.New("migrate: the schema is only read")

// Connect implements [driver.Connector].
func (b bridge) Connect(context.Context) (driver.Conn, error) { return b, nil }

// Driver implements [driver.Connector].
func (b bridge) Driver() driver.Driver { return b }

// Open implements [driver.Driver].
func (b bridge) Open(string) (driver.Conn, error) { return b, nil }

// Prepare implements [driver.Conn].
func (b bridge) Prepare(string) (driver.Stmt, error) { return nil, errBridge }

// Begin implements [driver.Conn].
func (b bridge) Begin() (driver.Tx, error) { return nil, errBridge }

// Close implements [driver.Conn].
func (b bridge) Close() error { return nil }

// QueryContext implements [driver.QueryerContext].
func (b bridge) QueryContext(_ context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt := sqldb.Stmt{SQL: query}
	for _, a := range args {
		stmt.Args = append(stmt.Args, a.Value)
	}
	rows, err := b.db.Query(b.ctx, sqldb.Write(stmt)) // on the connection whose schema is to be changed
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return readAll(rows)
}

func readAll(rows sqldb.Rows) (*bridgeRows, error) {
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	all := &bridgeRows{columns: columns}
	for rows.Next() {
		row := make([]bridgeValue, len(columns))
		dest := make([]any, len(columns))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		all.rows = append(all.rows, row)
	}
	return all, rows.Err()
}

// bridgeValue takes a value as the driver gives it.
type bridgeValue struct{ v driver.Value }

// invisible is what MariaDB says of columns that SELECT * leaves out, among
// other attributes. Atlas takes it for an error.
var invisible = []byte(", INVISIBLE")

// Scan implements [sql.Scanner].
func (v *bridgeValue) Scan(src any) error {
	switch x := src.(type) {
	case []byte:
		src = bytes.Clone(bytes.TrimSuffix(x, invisible))
	case string:
		src = strings.TrimSuffix(x, string(invisible))
	}
	v.v = src
	return nil
}

type bridgeRows struct {
	columns []string
	rows    [][]bridgeValue
}

// Columns implements [driver.Rows].
func (r *bridgeRows) Columns() []string { return r.columns }

// Close implements [driver.Rows].
func (r *bridgeRows) Close() error { return nil }

// Next implements [driver.Rows].
func (r *bridgeRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	for i, v := range r.rows[0] {
		dest[i] = v.v
	}
	r.rows = r.rows[1:]
	return nil
}
