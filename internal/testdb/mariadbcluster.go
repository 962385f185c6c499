package testdb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"

	"github.com/go-sql-driver/mysql"
)

// mariadbCluster makes and drops databases on one MariaDB server. It is safe
// for concurrent use.
type mariadbCluster struct {
	base *url.URL
	held io.Closer // keeps the shared server alive; nil for a named server
	run  uint32
	pool *sql.DB
	lock *sql.Conn // holds the lock of this run

	mu   sync.Mutex
	made int
}

// newMariaDBCluster connects to the server and drops databases of test
// processes that died. origin is for the report of "make test".
func newMariaDBCluster(rawURL, origin string, held io.Closer) (*mariadbCluster, error) {
	config, err := mariadbConfig(rawURL)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	c := &mariadbCluster{held: held, run: randomRun(), pool: sql.OpenDB(connector)}
	c.base, _ = url.Parse(rawURL) // as mariadbConfig could
	version, err := c.start()
	if err != nil {
		return nil, errors.Join(err, c.pool.Close())
	}
	report(fmt.Sprintf("mariadb used: %s (%s)", version, origin))
	return c, nil
}

// start takes the lock that tells others that this run lives.
func (c *mariadbCluster) start() (version string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.pool.QueryRowContext(ctx, "SELECT VERSION()").Scan(&version); err != nil {
		return "", fmt.Errorf("connect: %w", err)
	}
	if c.lock, err = c.pool.Conn(ctx); err != nil {
		return "", err
	}
	if _, err := c.lock.ExecContext(ctx, "SET SESSION wait_timeout = 31536000"); err != nil {
		return "", err
	}
	if _, err := takeLock(ctx, c.lock, c.prefix()); err != nil {
		return "", err
	}
	return version, c.sweep(ctx)
}

// prefix begins the names of this run's databases, and is the name of its lock.
func (c *mariadbCluster) prefix() string { return fmt.Sprintf("%s%08x", databasePrefix, c.run) }

func takeLock(ctx context.Context, conn *sql.Conn, name string) (taken bool, err error) {
	var got sql.NullBool
	err = conn.QueryRowContext(ctx, "SELECT GET_LOCK(?, 0)", name).Scan(&got)
	return got.Bool, err
}

func (c *mariadbCluster) exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_, err := c.pool.ExecContext(ctx, statement)
	return err
}

// create makes an empty database and returns its name; MariaDB cannot copy one.
func (c *mariadbCluster) create(string) (name string, err error) {
	c.mu.Lock()
	c.made++
	name = fmt.Sprintf("%s_%d", c.prefix(), c.made)
	c.mu.Unlock()
	if err := c.exec("CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"); err != nil {
		return "", fmt.Errorf("create database: %w", err)
	}
	return name, nil
}

func (c *mariadbCluster) drop(name string) error {
	if err := c.exec("DROP DATABASE IF EXISTS `" + name + "`"); err != nil {
		return fmt.Errorf("drop database: %w", err)
	}
	return nil
}

// connections says what each connection to a database does.
func (c *mariadbCluster) connections(name string) (all []string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	rows, err := c.pool.QueryContext(ctx, "SELECT CONCAT(COMMAND, ': ', COALESCE(LEFT(INFO, 200), STATE, '')) FROM information_schema.PROCESSLIST WHERE DB = ?", name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		if err := rows.Scan(&what); err != nil {
			return nil, err
		}
		all = append(all, what)
	}
	return all, rows.Err()
}

// sweep drops databases whose test process is gone: its lock is free.
func (c *mariadbCluster) sweep(ctx context.Context) error {
	rows, err := c.pool.QueryContext(ctx, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'jt\\_%'")
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range names {
		if err := c.dropAbandoned(ctx, name); err != nil {
			return fmt.Errorf("drop the abandoned database %s: %w", name, err)
		}
	}
	return nil
}

func (c *mariadbCluster) dropAbandoned(ctx context.Context, name string) error {
	end := strings.LastIndexByte(name, '_')
	if run := name[:end]; run != c.prefix() && strings.HasPrefix(run, databasePrefix) {
		free, err := takeLock(ctx, c.lock, run)
		if err != nil || !free {
			return err
		}
		err = c.drop(name)
		_, unlock := c.lock.ExecContext(ctx, "SELECT RELEASE_LOCK(?)", run)
		return errors.Join(err, unlock)
	}
	return nil
}

// url returns the server's URL with another database in its path.
func (c *mariadbCluster) url(database string) string {
	u := *c.base
	u.Path = "/" + database
	return u.String()
}

// close lets go of the server.
func (c *mariadbCluster) close() {
	_ = c.lock.Close()
	_ = c.pool.Close()
	if c.held != nil {
		_ = c.held.Close()
	}
}

// mariadbConfig is the driver's configuration for a URL.
func mariadbConfig(rawURL string) (*mysql.Config, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "mysql" && u.Scheme != "mariadb" {
		return nil, errors.New(mariadbKind.variable + " is no URL of the form mysql://user:password@host:port/database")
	}
	config := mysql.NewConfig()
	config.User, config.DBName = u.User.Username(), strings.TrimPrefix(u.Path, "/")
	config.Passwd, _ = u.User.Password()
	config.Logger = &mysql.NopLogger{} // what goes wrong is told by errors
	config.Net, config.Addr = "tcp", u.Host
	if socket := u.Query().Get("socket"); socket != "" {
		config.Net, config.Addr = "unix", socket
	}
	return config, nil
}
