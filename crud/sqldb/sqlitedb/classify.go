package sqlitedb

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"strings"

	"modernc.org/sqlite"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// SQLite's result codes, the low byte first, then the extended ones.
const (
	sqliteError     = 1
	sqliteBusy      = 5
	sqliteLocked    = 6
	sqliteNoMem     = 7
	sqliteReadOnly  = 8
	sqliteInterrupt = 9
	sqliteIOErr     = 10
	sqliteCorrupt   = 11
	sqliteFull      = 13
	sqliteCantOpen  = 14
	sqliteNotADB    = 26

	ioErrShmSize = 4874 // no space for the index of the WAL

	constraintCheck      = 275
	constraintForeignKey = 787
	constraintNotNull    = 1299
	constraintPrimaryKey = 1555
	constraintTrigger    = 1811
	constraintUnique     = 2067
	constraintRowID      = 2579
)

// code is the extended result code, 0 for errors that are not SQLite's.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}

func classify(err error) *sqldb.Error {
	c := code(err)
	e := &sqldb.Error{Err: err}
	switch c {
	case constraintUnique, constraintPrimaryKey, constraintRowID:
		e.Class = sqldb.Unique
		e.Table, e.Columns = columns(err, "UNIQUE")
	case constraintNotNull:
		e.Class = sqldb.NotNull
		e.Table, e.Columns = columns(err, "NOT NULL")
	case constraintForeignKey, constraintTrigger:
		e.Class = sqldb.ForeignKey
	case constraintCheck:
		e.Class = sqldb.Check
	case ioErrShmSize:
		e.Class, e.Fatal = sqldb.Full, true
	default:
		e.Class, e.Fatal = general(c&0xff, err)
	}
	return e
}

// general is the meaning of a primary code, and whether SQLite may have rolled
// back the transaction by itself.
func general(primary int, err error) (class sqldb.Class, fatal bool) {
	switch primary {
	case sqliteBusy, sqliteLocked:
		return sqldb.Busy, false
	case sqliteReadOnly:
		return sqldb.WriteRefused, false
	case sqliteInterrupt:
		return sqldb.Timeout, true
	case sqliteFull:
		return sqldb.Full, true
	case sqliteIOErr, sqliteNoMem, sqliteCorrupt:
		return sqldb.Other, true
	case sqliteCantOpen, sqliteNotADB:
		return sqldb.LostConnection, true
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return sqldb.Timeout, true
	case errors.Is(err, sqldriver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return sqldb.LostConnection, true
	}
	return sqldb.Other, false
}

// columns reads "… constraint failed: t.a, t.b (code)", the only place where
// SQLite names them. In any other form it names nothing, such as an index over
// expressions ("index 'name'").
func columns(err error, kind string) (table string, names []string) {
	_, list, ok := strings.Cut(err.Error(), kind+" constraint failed: ")
	if !ok {
		return "", nil
	}
	if i := strings.LastIndex(list, " ("); i >= 0 {
		list = list[:i]
	}
	for _, part := range strings.Split(list, ", ") {
		t, column, ok := strings.Cut(part, ".")
		if !ok || (table != "" && t != table) {
			return "", nil
		}
		table, names = t, append(names, column)
	}
	return table, names
}
