package perm

import (
	"context"
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// bearable reports every model whose rules are more than SQLite can do in one
// statement: it bounds how many tables that may name.
func (e *Engine) bearable(ctx context.Context, models []*registry.Model) error {
	if e.dialect.Name() != "sqlite" {
		return nil
	}
	nobodys := joinery.Actor{Kind: joinery.User, ID: joinery.WellKnownIDs().Template}
	var failed []error
	for _, m := range models {
		cp, err := e.filterText(nobodys, filterKey{m, View, m.Table, user})
		if err != nil {
			return err
		}
		cond, err := cp.condBy(e, e.options.Now(), nobodys, nil)
		if err != nil {
			return err
		}
		none := squirrel.Select("1").From(e.dialect.Quote(m.Table)).Where(cond).Suffix("LIMIT 0")
		if _, err := sqldb.Column[int64](ctx, e.db, none); err != nil {
			failed = append(failed, fmt.Errorf("perm: SQLite cannot apply the rules of %s in one statement, let fewer references hand permissions down: %w", m.Table, err))
		}
	}
	return errors.Join(failed...)
}
