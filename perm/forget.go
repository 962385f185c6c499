package perm

import (
	"context"
	"fmt"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// forgetRows is how many rows one statement of Forget is about.
const forgetRows = 500

// Forget removes the grants on rows of m that have left their table for good,
// so that nobody has a right to whatever may come under the same ids. Package
// crud calls it in the transaction in which they leave; who deletes rows by
// other means calls it too. It asks no permission. A soft delete keeps the
// grants: it must not be told here.
func (e *Engine) Forget(ctx context.Context, m *registry.Model, ids ...uuid.UUID) error {
	if err := e.prepare(); err != nil {
		return err
	}
	if !e.grantable(m) {
		return nil
	}
	for len(ids) > 0 {
		n := min(len(ids), forgetRows)
		stmt := squirrel.Delete(e.dialect.Quote(GrantsTable)).
			Where(squirrel.Eq{e.dialect.Quote("model"): m.Table}).
			Where(sqldb.In(e.dialect, e.dialect.Quote("row_id"), ids[:n]))
		if _, err := e.db.Exec(ctx, stmt); err != nil {
			return fmt.Errorf("perm: remove the grants on rows of %s: %w", m.Table, err)
		}
		ids = ids[n:]
	}
	return nil
}
