package mariadb

import (
	"context"
	sqldriver "database/sql/driver"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/go-sql-driver/mysql"
)

// connector makes connections with the settings that the package promises.
type connector struct {
	sqldriver.Connector
	config     *mysql.Config
	killer     *killer
	generation atomic.Int64 // connections of an earlier one are not used again
}

// newConnector sets on config what the app may not choose, and what it did not.
func newConnector(config *mysql.Config, o Options) (*connector, error) {
	plain := config.Clone() // for a server that may not know the settings
	plain.Params = nil
	secure(plain)
	secure(config)
	config.ClientFoundRows, config.ParseTime, config.Loc = true, true, time.UTC
	config.MultiStatements, config.InterpolateParams, config.AllowAllFiles = false, false, false
	if err := config.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}
	params := settings(o)
	for name, value := range config.Params {
		params[name] = value
	}
	config.Params = params
	c, err := mysql.NewConnector(config)
	if err != nil {
		return nil, fmt.Errorf("mariadb: a setting in the URL is wrong: %w", err)
	}
	return &connector{Connector: c, config: plain, killer: &killer{config: plain, turns: make(chan struct{}, 4)}}, nil
}

func secure(config *mysql.Config) {
	config.Logger = &mysql.NopLogger{} // what goes wrong is told by errors
	if config.Timeout == 0 {
		config.Timeout = connectTimeout
	}
}

// settings are the session's variables, as SQL.
func settings(o Options) map[string]string {
	const never = 31536000 // a year, the longest that all of them take
	return map[string]string{
		"sql_mode":                 "'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_ENGINE_SUBSTITUTION,ANSI_QUOTES,PIPES_AS_CONCAT'",
		"collation_connection":     "utf8mb4_nopad_bin",
		"time_zone":                "'+00:00'",
		"max_recursive_iterations": "4294967295",        // else a recursion stops silently at 1,000
		"optimizer_switch":         "'index_merge=off'", // which loses rows
		"max_statement_time":       strconv.FormatFloat(o.StatementTimeout.Seconds(), 'f', 6, 64),
		"innodb_lock_wait_timeout": seconds(o.LockTimeout, never),
		"lock_wait_timeout":        seconds(o.LockTimeout, never),
		"idle_transaction_timeout": seconds(o.IdleInTxTimeout, 0),
	}
}

// seconds are those of d rounded up, or none when there is no limit.
func seconds(d time.Duration, none int) string {
	if d <= 0 {
		return strconv.Itoa(none)
	}
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (sqldriver.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	generation := c.generation.Load()
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := plain.(driverConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("mariadb: a connection of type %T, which this version of Joinery does not know", plain), plain.Close())
	}
	id, err := begin(ctx, inner)
	if err != nil {
		return nil, errors.Join(err, inner.Close())
	}
	return &conn{driverConn: inner, from: c, generation: generation, id: id}, nil
}

// begin sets what is no variable under the same name in every version, and
// asks for the number by which the server knows the connection.
func begin(ctx context.Context, c driverConn) (id int64, err error) {
	if _, err := c.ExecContext(ctx, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", nil); err != nil {
		return 0, err
	}
	value, err := ask(ctx, c, "SELECT CONNECTION_ID()")
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text(value), 10, 64)
}

// serverVersion is what a server that may not know the settings calls itself.
func serverVersion(ctx context.Context, config *mysql.Config) (string, error) {
	connector, err := mysql.NewConnector(config.Clone())
	if err != nil {
		return "", err
	}
	plain, err := connector.Connect(ctx)
	if err != nil {
		return "", err
	}
	defer plain.Close()
	c, ok := plain.(sqldriver.QueryerContext)
	if !ok {
		return "", fmt.Errorf("a connection of type %T cannot be asked", plain)
	}
	value, err := ask(ctx, c, "SELECT VERSION()")
	return text(value), err
}

// ask is the first value of a query's first row.
func ask(ctx context.Context, c sqldriver.QueryerContext, query string) (sqldriver.Value, error) {
	rows, err := c.QueryContext(ctx, query, nil)
	if err != nil {
		return nil, err
	}
	values := make([]sqldriver.Value, len(rows.Columns()))
	if err := rows.Next(values); err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	value := values[0]
	if b, ok := value.([]byte); ok {
		value = string(b) // theirs only until the rows are closed
	}
	return value, rows.Close()
}

func text(v sqldriver.Value) string { return fmt.Sprint(v) }
