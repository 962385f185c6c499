package mariadb

import (
	"context"
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

// Exec implements sqldb.Executor.
func (e executor) Exec(ctx context.Context, text string, args []any) (int64, error) {
	text, args = e.expanded(text, args)
	return e.Executor.Exec(ctx, text, args)
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
