package mariadb

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

const wanted = "want mysql://user:password@host:port/database?tls=…, special characters in the password percent-encoded"

// parse reads the URL. Its errors never quote the URL: a password with a stray
// character makes parsers take it for something else and print it.
func parse(text string) (*mysql.Config, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "mysql" && u.Scheme != "mariadb" || u.Opaque != "" {
		return nil, errors.New("mariadb: the URL is malformed: " + wanted)
	}
	name := strings.TrimPrefix(u.Path, "/")
	if name == "" {
		return nil, errors.New("mariadb: the URL names no database: " + wanted)
	}
	query := u.Query()
	socket := query.Get("socket")
	query.Del("socket")
	config, err := mysql.ParseDSN("/?" + query.Encode())
	if err != nil {
		return nil, errors.New("mariadb: a setting in the URL is wrong: " + wanted)
	}
	config.User, config.DBName = u.User.Username(), name
	config.Passwd, _ = u.User.Password()
	config.Net, config.Addr = "tcp", address(u)
	if socket != "" {
		config.Net, config.Addr = "unix", socket
	}
	return config, nil
}

func address(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	if host == "" {
		host = "localhost"
	}
	if port == "" {
		port = "3306"
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + port
}

// check asks the server for its version, without any setting that another
// server might not know.
func (d *driver) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	config := d.connector.config
	version, err := serverVersion(ctx, config)
	if err == nil {
		err = supported(version)
	}
	if err == nil {
		err = d.pool.DB.PingContext(ctx) // with the settings
	}
	if err != nil {
		return &openError{
			text: strings.Join(strings.Fields(fmt.Sprintf("mariadb: cannot use MariaDB at %s, database %q, as user %q: %s", config.Addr, config.DBName, config.User, reason(err))), " "),
			err:  err,
		}
	}
	return nil
}

// connectTimeout is what a server has to take a connection.
const connectTimeout = 5 * time.Second

var versionForm = regexp.MustCompile(`^(?:5\.5\.5-)?(\d+)\.(\d+)\.`)

func supported(version string) error {
	m := versionForm.FindStringSubmatch(version)
	if m == nil || !strings.Contains(version, "MariaDB") {
		return fmt.Errorf("it is %s, and Joinery needs a MariaDB of 10.11 or later", version)
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	if major < 10 || major == 10 && minor < 11 {
		return fmt.Errorf("it is %s, and Joinery needs 10.11 or later", version)
	}
	return nil
}

// reason is what the server said, or what the network did.
func reason(err error) string {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return fmt.Sprintf("%s (%d)", e.Message, e.Number)
	}
	return err.Error()
}

// openError has a text without the noise of the chain behind it.
type openError struct {
	text string
	err  error
}

func (e *openError) Error() string { return e.text }
func (e *openError) Unwrap() error { return e.err }
