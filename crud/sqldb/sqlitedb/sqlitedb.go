package sqlitedb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/internal/stdsql"
)

// Options are the limits and the log; see [sqldb.Options] for the defaults.
// SQLite has no idle-in-transaction limit.
type Options = sqldb.Options

// Memory is the path of a database that lives as long as its DB: a file in a
// temporary folder, removed by Close.
const Memory = "memory"

// Open opens the database file at path, which is made when it is missing (its
// folder is not). Settings of modernc.org/sqlite may follow the path after a
// question mark, as in "app.db?_pragma=synchronous(FULL)", and win over those
// set here: WAL, foreign keys checked, synchronous NORMAL (a crash of the
// process loses nothing, a power cut may lose the last moments), a busy
// timeout of LockTimeout. With path [Memory] the database is a temporary one.
func Open(ctx context.Context, path string, opts *Options) (*sqldb.DB, error) {
	if path == Memory {
		return openTemporary(ctx, opts)
	}
	return open(ctx, path, opts, nil)
}

// Wrap is a DB over a pool of database/sql that the app opened with
// modernc.org/sqlite, and goes on owning. It serves reads and writes alike; transactions begin
// IMMEDIATE unless they only read. Journal mode, foreign keys, busy timeout
// and limits of the pool are the app's. Statements are compiled each time they
// run, unless the pool was opened with a connector of [NewConnector].
func Wrap(pool *sql.DB, opts *Options) *sqldb.DB {
	o := opts.OrDefaults()
	if o.Replica != "" {
		return sqldb.New(sqldb.Unusable(errReplica), dialect{}, opts)
	}
	p := stdsql.Pool{DB: pool, Acquire: o.AcquireTimeout}
	return sqldb.New(&driver{writer: p, reader: p}, dialect{}, opts)
}

// Pools are the pools of a DB made by this package, the same one twice for
// Wrap; ok is false for any other DB.
func Pools(db *sqldb.DB) (writer, reader *sql.DB, ok bool) {
	d, ok := db.Driver().(*driver)
	if !ok {
		return nil, nil, false
	}
	return d.writer.DB, d.reader.DB, true
}

var errReplica = errors.New("sqlitedb: Options.Replica is set, but SQLite has no replicas: leave it empty, reads have a pool of their own already")

func openTemporary(ctx context.Context, opts *Options) (*sqldb.DB, error) {
	dir, err := os.MkdirTemp("", "sqlitedb-")
	if err != nil {
		return nil, fmt.Errorf("sqlitedb: a temporary database: %w", err)
	}
	remove := func() error { return os.RemoveAll(dir) }
	db, err := open(ctx, filepath.Join(dir, "memory.db"), opts, remove)
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	return db, nil
}

func open(ctx context.Context, path string, opts *Options, remove func() error) (*sqldb.DB, error) {
	o := opts.OrDefaults()
	if o.Replica != "" {
		return nil, errReplica
	}
	writer, err := pool(path, o, 1, "", "journal_mode(WAL)", "synchronous(NORMAL)")
	if err != nil {
		return nil, err
	}
	if err := writer.PingContext(ctx); err != nil { // makes the file, so that readers find it
		return nil, errors.Join(fmt.Errorf("sqlitedb: cannot open the database %q: %w", path, err), writer.Close())
	}
	reader, err := pool(path, o, o.MaxConns, "&mode=ro", "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	d := &driver{
		writer: stdsql.Pool{DB: writer, Acquire: o.AcquireTimeout},
		reader: stdsql.Pool{DB: reader, Acquire: o.AcquireTimeout},
		owned:  true, remove: remove,
	}
	return sqldb.New(d, dialect{}, opts), nil
}

// pool opens connections with the pragmas and further settings. Those that the
// path gives as well are left out, because the driver runs pragmas in an order
// of its own, not the last one last.
func pool(path string, o Options, conns int, settings string, pragmas ...string) (*sql.DB, error) {
	file, own, _ := strings.Cut(strings.TrimPrefix(path, "file:"), "?")
	if file == "" || strings.Contains(file, ":memory:") {
		return nil, fmt.Errorf("sqlitedb: the path %q names no file: want a path, or %q for a temporary database", path, Memory)
	}
	pragmas = append(pragmas, fmt.Sprintf("busy_timeout(%d)", o.LockTimeout.Milliseconds()), "foreign_keys(1)")
	for _, pragma := range pragmas {
		if name, _, _ := strings.Cut(pragma, "("); !strings.Contains(strings.ToLower(own), "_pragma="+name) {
			settings += "&_pragma=" + pragma
		}
	}
	escaped := (&url.URL{Path: file}).EscapedPath()
	connector, err := NewConnector("file:" + escaped + "?" + own + settings)
	if err != nil {
		return nil, fmt.Errorf("sqlitedb: the settings of %q: %w", path, err)
	}
	p := sql.OpenDB(connector)
	p.SetMaxOpenConns(conns)
	p.SetMaxIdleConns(conns)
	p.SetConnMaxLifetime(o.MaxLifetime)
	return p, nil
}
