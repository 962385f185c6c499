// Package anydb opens a database whose kind is decided by a URL, as
// configuration wants it. It links every backend; a program that knows its
// database imports that backend alone.
package anydb

import (
	"context"
	"errors"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/mariadb"
	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
)

// Open opens the database at url:
//
//	postgres://user:password@host:port/database   also postgresql://
//	mysql://user:password@host:port/database      also mariadb://; a MariaDB of 10.11 or later
//	sqlite:path/to/app.db                         a file, relative or absolute
//	memory                                        a temporary SQLite database
//
// Anything else is an error that says so, without quoting what may be a
// password. Opts are for all backends; nil means the defaults.
func Open(ctx context.Context, url string, opts *sqldb.Options) (*sqldb.DB, error) {
	switch scheme, rest, _ := strings.Cut(url, ":"); scheme {
	case "postgres", "postgresql":
		return pgdb.Open(ctx, url, opts)
	case "mysql", "mariadb":
		return mariadb.Open(ctx, url, opts)
	case "sqlite":
		return sqlitedb.Open(ctx, strings.TrimPrefix(rest, "//"), opts)
	case "memory":
		if rest == "" {
			return sqlitedb.Open(ctx, sqlitedb.Memory, opts)
		}
	}
	return nil, errors.New("anydb: no known kind of database: want postgres://user:password@host/database, mysql://user:password@host/database, sqlite:path or memory")
}
