package sqlitedb

import (
	"context"
	sqldriver "database/sql/driver"
	"fmt"

	"modernc.org/sqlite"
)

// NewConnector is a source of connections to a database of modernc.org/sqlite,
// by its DSN, as [Open] has them: each keeps its compiled statements, so that
// one which is run again is not parsed and planned again. It is for sql.OpenDB,
// by an app whose pool goes to [Wrap].
//
// What is kept are the 512 statements used most recently, fewer where their
// texts are long; they take up to some 6 MB for a connection. SQLite compiles
// them anew by itself when the schema has changed. What (*sql.Conn).Raw gives
// has the methods of modernc's own connections, but is none for its Limit.
func NewConnector(dsn string) (sqldriver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return connector{c}, nil
}

type connector struct{ sqldriver.Connector }

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := plain.(driverConn)
	if !ok {
		_ = plain.Close()
		return nil, fmt.Errorf("sqlitedb: a connection of type %T, which this version of Joinery does not know", plain)
	}
	return &conn{driverConn: inner, kept: statements{byText: map[string]*statement{}}}, nil
}

// driverConn is a connection of modernc.org/sqlite with all that it can do.
type driverConn interface {
	sqldriver.Conn
	sqldriver.ConnBeginTx
	sqldriver.ConnPrepareContext
	sqldriver.Pinger
	sqldriver.SessionResetter
	sqldriver.Validator
	sqlite.AuthorizerRegisterer
	sqlite.DBStatus
	sqlite.FileControl
	sqlite.HookRegisterer
	ColumnInfo(query string) ([]sqlite.ColumnInfo, error)
	Deserialize(buf []byte) error
	IsReadOnly(schema string) (bool, error)
	NewBackup(dstURI string) (*sqlite.Backup, error)
	NewRestore(srcURI string) (*sqlite.Backup, error)
	Serialize() ([]byte, error)
}

// conn is a connection that keeps its statements.
type conn struct {
	driverConn
	kept statements
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, text string, args []sqldriver.NamedValue) (sqldriver.Rows, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		c.kept.give(s, true)
		return nil, err
	}
	return &rows{driverRows: r.(driverRows), conn: c, of: s}, nil
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, text string, args []sqldriver.NamedValue) (sqldriver.Result, error) {
	s, err := c.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	c.kept.give(s, err != nil)
	return result, err
}

// statement is the one with that text, compiled now unless it is kept.
func (c *conn) statement(ctx context.Context, text string) (*statement, error) {
	if s := c.kept.take(text); s != nil {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	return &statement{driverStatement: s.(driverStatement), text: text}, nil
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	c.kept.close()
	return c.driverConn.Close()
}
