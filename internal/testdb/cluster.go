package testdb

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// databasePrefix marks the databases of test processes: jt_<run>_<n>.
	databasePrefix = "jt_"
	// lockClass is the first half of the advisory lock that each test process
	// holds while it lives; the second half is its run number.
	lockClass = 0x4a6f696e
	// patience bounds every statement to the server; none takes a second on an
	// idle machine.
	patience = time.Minute
)

// cluster makes and drops databases on one server, over one connection. It is
// safe for concurrent use; statements take turns, since PostgreSQL gains
// nothing from making databases in parallel.
type cluster struct {
	base *url.URL
	held io.Closer // keeps the shared server alive; nil for a named server
	run  uint32

	mu   sync.Mutex
	conn *pgx.Conn
	made int

	templatesMu sync.Mutex
	templates   map[string]*template
}

// newCluster connects to the server and drops databases of test processes
// that died. origin is for the report of "make test".
func newCluster(rawURL, origin string, held io.Closer) (*cluster, error) {
	base, err := url.Parse(rawURL)
	if err != nil {
		return nil, errors.New("JOINERY_TEST_POSTGRES is no URL of the form postgres://user:password@host:port/database")
	}
	c := &cluster{base: base, held: held, run: randomRun(), templates: map[string]*template{}}
	version := ""
	err = c.do(func(ctx context.Context, conn *pgx.Conn) error {
		if err := conn.QueryRow(ctx, "SHOW server_version").Scan(&version); err != nil {
			return err
		}
		return c.sweep(ctx, conn)
	})
	if err != nil {
		return nil, err
	}
	report(fmt.Sprintf("postgres used: %s (%s)", version, origin))
	return c, nil
}

// randomRun is 31 bits, since the two halves of an advisory lock are signed.
func randomRun() uint32 {
	var b [4]byte
	rand.Read(b[:])
	return binary.BigEndian.Uint32(b[:]) >> 1
}

// do runs f on the connection, which it opens again when it was lost.
func (c *cluster) do(f func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn == nil || c.conn.IsClosed() {
		conn, err := pgx.Connect(ctx, c.base.String())
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1, $2)", lockClass, int32(c.run)); err != nil {
			return errors.Join(err, conn.Close(ctx))
		}
		c.conn = conn
	}
	return f(ctx, c.conn)
}

// create makes a database as a copy of another one and returns its name.
func (c *cluster) create(from string) (name string, err error) {
	err = c.do(func(ctx context.Context, conn *pgx.Conn) error {
		c.made++
		name = fmt.Sprintf("%s%08x_%d", databasePrefix, c.run, c.made)
		_, err := conn.Exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(from))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return name, nil
}

func (c *cluster) drop(name string) error {
	return c.do(func(ctx context.Context, conn *pgx.Conn) error {
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			return fmt.Errorf("drop database: %w", err)
		}
		return nil
	})
}

func (c *cluster) template(key string, build func(url string) error) (string, error) {
	c.templatesMu.Lock()
	entry := c.templates[key]
	if entry == nil {
		entry = &template{}
		c.templates[key] = entry
	}
	c.templatesMu.Unlock()
	entry.once.Do(func() {
		// An outcome is set first, so that a panic in build is not taken for
		// a finished template by the tests after it.
		entry.err = errors.New("its build function panicked")
		if entry.name, entry.err = c.create("template0"); entry.err != nil {
			return
		}
		if entry.err = build(c.url(entry.name)); entry.err == nil {
			entry.err = c.seal(entry.name)
		}
	})
	return entry.name, entry.err
}

// seal waits for the builder's connections to end, which happens a moment
// after they are closed, and admits no further ones: a template with a
// connection cannot be cloned.
func (c *cluster) seal(name string) error {
	return c.do(func(ctx context.Context, conn *pgx.Conn) error {
		for open := 1; open > 0; {
			err := conn.QueryRow(ctx,
				"SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'", name).Scan(&open)
			if err != nil {
				return fmt.Errorf("the build function left connections open: %w", err)
			}
			time.Sleep(time.Millisecond)
		}
		_, err := conn.Exec(ctx, "ALTER DATABASE "+quote(name)+" ALLOW_CONNECTIONS false")
		return err
	})
}

// connections says what each connection to a database does or did last.
func (c *cluster) connections(name string) (all []string, err error) {
	err = c.do(func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, "SELECT coalesce(state, '?') || ': ' || left(query, 200) FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'", name)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return all, err
}

// sweep drops databases whose test process is gone: its advisory lock is free.
func (c *cluster) sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", databasePrefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := dropAbandoned(ctx, conn, name); err != nil {
			return fmt.Errorf("drop the abandoned database %s: %w", name, err)
		}
	}
	return nil
}

func dropAbandoned(ctx context.Context, conn *pgx.Conn, name string) error {
	var run uint32
	if _, err := fmt.Sscanf(name, databasePrefix+"%08x_", &run); err != nil {
		return nil // not one of ours
	}
	free := false
	if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1, $2)", lockClass, int32(run)).Scan(&free); err != nil || !free {
		return err
	}
	_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
	_, unlock := conn.Exec(ctx, "SELECT pg_advisory_unlock($1, $2)", lockClass, int32(run))
	return errors.Join(err, unlock)
}

// url returns the server's URL with another database in its path.
func (c *cluster) url(database string) string {
	u := *c.base
	u.Path = "/" + database
	return u.String()
}

// close drops the templates and lets go of the server.
func (c *cluster) close() {
	for _, entry := range c.templates {
		if entry.name != "" {
			// The database of a killed or failing run is dropped by the next
			// one, so an error here needs no attention.
			_ = c.drop(entry.name)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if c.conn != nil {
		_ = c.conn.Close(ctx)
	}
	if c.held != nil {
		_ = c.held.Close()
	}
}

func quote(name string) string {
	return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
}
