package pgdb

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const wanted = "want postgres://user:password@host:port/database?sslmode=…, special characters in the password percent-encoded"

// parse reads the URL. Its errors never quote the URL: a password with a
// stray character makes parsers take it for something else and print it.
func parse(text string) (*pgxpool.Config, error) {
	if u, err := url.Parse(text); err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return nil, errors.New("pgdb: the URL is malformed: " + wanted)
	}
	config, err := pgxpool.ParseConfig(text)
	if err == nil {
		return config, nil
	}
	if cause := errors.Unwrap(err); cause != nil {
		if _, isParse := errors.AsType[*pgconn.ParseConfigError](err); isParse && !strings.Contains(text, cause.Error()) {
			return nil, fmt.Errorf("pgdb: a setting in the URL is wrong: %s", oneLine(cause.Error()))
		}
	}
	return nil, errors.New("pgdb: a setting in the URL is wrong: " + wanted)
}

// unreachable names the server and the reason, on one line.
func unreachable(c *pgxpool.Config, err error) error {
	cc := c.ConnConfig
	return &openError{
		text: oneLine(fmt.Sprintf("pgdb: cannot use PostgreSQL at %s:%d, database %q, as user %q: %s", cc.Host, cc.Port, cc.Database, cc.User, reason(err))),
		err:  err,
	}
}

// openError has a text without the noise of the chain behind it.
type openError struct {
	text string
	err  error
}

func (e *openError) Error() string { return e.text }
func (e *openError) Unwrap() error { return e.err }

// reason is the innermost cause: what the server said, or what the network did.
func reason(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return fmt.Sprintf("%s (%s)", pg.Message, pg.Code)
	}
	for {
		next := errors.Unwrap(err)
		if many, ok := err.(interface{ Unwrap() []error }); ok && len(many.Unwrap()) > 0 {
			next = many.Unwrap()[len(many.Unwrap())-1]
		}
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
