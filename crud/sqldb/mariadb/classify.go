package mariadb

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/go-sql-driver/mysql"

	"github.com/joinery-go/joinery/crud/sqldb"
)

func classify(err error) *sqldb.Error {
	e := &sqldb.Error{Err: err}
	if m, ok := errors.AsType[*mysql.MySQLError](err); ok {
		e.Class, e.Fatal = classOf(m.Number)
		e.Err = stated{err, string(m.SQLState[:])}
		name(e, m)
		return e
	}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		e.Class, e.Fatal = sqldb.Timeout, true
	case errors.Is(err, sqldriver.ErrBadConn), errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &network):
		e.Class, e.Fatal = sqldb.LostConnection, true
	}
	return e
}

// stated is an error of the server that tells its code in the words of the
// standard, as those of other drivers do.
type stated struct {
	error
	state string
}

// SQLState is the code of five characters.
func (s stated) SQLState() string { return s.state }

// Unwrap is the driver's error.
func (s stated) Unwrap() error { return s.error }

// classOf is the meaning of the server's error number, and whether the whole
// transaction is lost with it: InnoDB rolls the victim of a deadlock back, but
// only the statement when a lock was not had in time.
func classOf(number uint16) (class sqldb.Class, fatal bool) {
	switch number {
	case 1022, 1062, 1169, 1586, 1859:
		return sqldb.Unique, false
	case 1216, 1217, 1451, 1452:
		return sqldb.ForeignKey, false
	case 1048, 1263, 1364, 1566:
		return sqldb.NotNull, false
	case 3819, 4025:
		return sqldb.Check, false
	case 1020: // the row was changed since the snapshot
		return sqldb.Serialization, true
	case 1213, 1614:
		return sqldb.Deadlock, true
	case 1205:
		return sqldb.Busy, false
	case 1317, 1969, 3024:
		return sqldb.Timeout, true
	case 1053, 1079, 1152, 1154, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031:
		return sqldb.LostConnection, true
	case 1040, 1041, 1203, 1226, 1461:
		return sqldb.Exhausted, false
	case 1021, 1114, 3675:
		return sqldb.Full, true
	case 1036, 1290, 1792, 1836:
		return sqldb.WriteRefused, false
	}
	return sqldb.Other, false
}

// The texts that name what an error is about have one form each. Names of the
// schema are in backticks, or in double quotes if the sql_mode has ANSI_QUOTES,
// and such quotes in them are doubled.
const ident = "(`(?:[^`]|``)*`|\"(?:[^\"]|\"\")*\")"

var (
	foreignKey  = regexp.MustCompile(`\(` + ident + `\.` + ident + `, CONSTRAINT ` + ident + ` FOREIGN KEY \(` + ident + `\)`)
	columnName  = regexp.MustCompile(`^(?:Column|Field) '(.*)' (?:cannot be null|doesn't have a default value)$`)
	checkedName = regexp.MustCompile(`^CONSTRAINT ` + ident + ` failed for ` + ident + `\.` + ident + `$`)
)

// name tells the constraint, the table and the columns where the text does. Of
// a foreign key these are the referring table's; with several columns the
// constraint alone is told.
func name(e *sqldb.Error, m *mysql.MySQLError) {
	switch e.Class {
	case sqldb.Unique:
		// The value before it, which is a user's, may read alike.
		if _, s, ok := lastCut(m.Message, " for key '"); ok {
			e.Constraint = strings.TrimSuffix(s, "'")
		}
	case sqldb.ForeignKey:
		if s := foreignKey.FindStringSubmatch(m.Message); s != nil {
			e.Table, e.Constraint, e.Columns = plain(s[2]), plain(s[3]), []string{plain(s[4])}
		}
	case sqldb.NotNull:
		if s := columnName.FindStringSubmatch(m.Message); s != nil {
			e.Columns = []string{s[1]}
		}
	case sqldb.Check:
		if s := checkedName.FindStringSubmatch(m.Message); s != nil {
			e.Constraint, e.Table = plain(s[1]), plain(s[3])
		}
	}
}

// plain is a name without its quotes.
func plain(quoted string) string {
	q := quoted[:1]
	return strings.ReplaceAll(quoted[1:len(quoted)-1], q+q, q)
}

// lastCut cuts s around the last sep.
func lastCut(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
