package mariadb

import (
	"context"
	"errors"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// executor writes lists out before it runs a statement.
type executor struct {
	sqldb.Executor
	parts *sqldb.Cache[string, []string] // of texts with lists
}

// Query implements sqldb.Executor.
func (e executor) Query(ctx context.Context, text string, args []any) (sqldb.Rows, error) {
	text, args = e.expanded(text, args)
	return e.Executor.Query(ctx, text, args)
}

// Exec implements sqldb.Executor. What gives rows is run as a query: with
// parameters the driver would wait for more packets than MariaDB sends.
func (e executor) Exec(ctx context.Context, text string, args []any) (int64, error) {
	text, args = e.expanded(text, args)
	if len(args) == 0 || !givesRows(text) {
		return e.Executor.Exec(ctx, text, args)
	}
	rows, err := e.Executor.Query(ctx, text, args)
	if err != nil {
		return 0, err
	}
	var n int64
	for rows.Next() {
		n++
	}
	return n, errors.Join(rows.Err(), rows.Close())
}

// givesRows reports whether the statement is no plain change; a mistaken yes
// loses nothing but the number of rows it changed.
func givesRows(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n(")
	for _, word := range []string{"INSERT", "UPDATE", "DELETE", "REPLACE"} {
		if len(text) > len(word) && strings.EqualFold(text[:len(word)], word) {
			return hasWord(text, "RETURNING")
		}
	}
	return true
}

// hasWord reports whether the word, in whatever case, stands outside quotes and
// comments.
func hasWord(text, word string) bool {
	for i := 0; i+len(word) <= len(text); {
		if end := sqldb.SkipText(dialect{}, text, i); end > i {
			i = end
			continue
		}
		if strings.EqualFold(text[i:i+len(word)], word) {
			return true
		}
		i++
	}
	return false
}

func (e executor) expanded(text string, args []any) (string, []any) {
	if !strings.Contains(text, listMark) {
		return text, args
	}
	parts, _ := e.parts.GetOr(text, func() ([]string, error) { return split(text), nil })
	if len(parts) != len(args)+1 {
		return text, args // the server says what is wrong with it
	}
	return expand(parts, args)
}
