package mariadb

import (
	sqldriver "database/sql/driver"
)

// driverConn is a connection of go-sql-driver/mysql with all that it can do.
type driverConn interface {
	sqldriver.Conn
	sqldriver.ConnBeginTx
	sqldriver.ConnPrepareContext
	sqldriver.ExecerContext
	sqldriver.QueryerContext
	sqldriver.NamedValueChecker
	sqldriver.Pinger
	sqldriver.SessionResetter
	sqldriver.Validator
}

// conn is a connection that does not leave the server at work when it is given
// up.
type conn struct {
	driverConn
	from       *connector
	generation int64
	id         int64
}

// IsValid implements driver.Validator.
func (c *conn) IsValid() bool {
	return c.driverConn.IsValid() && c.generation == c.from.generation.Load()
}

// Close implements driver.Conn. A connection that is broken by then was given
// up in the middle of a statement, because a ctx ended or the network failed:
// the server would finish the statement before it notices.
func (c *conn) Close() error {
	broken := !c.driverConn.IsValid()
	err := c.driverConn.Close()
	if broken {
		c.from.killer.kill(c.id)
	}
	return err
}
