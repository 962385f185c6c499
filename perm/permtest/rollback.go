package permtest

import (
	"context"
	"errors"
	"testing"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Place asks Engine.Place in a transaction of its own. A change of a
// membership or a role that it allows is written, for the engine to look
// whether a team has lost its last holder of Share, and then rolled back.
func (d *Database) Place(t testing.TB, m Move) error {
	var old registry.Row
	if m.Old != nil {
		old = d.world.fieldsOf(m.Old)
	}
	table, new := d.reg.Model(m.New.Table()), d.world.fieldsOf(m.New)
	return d.undone(as(t, m.Actor), func(ctx context.Context) error {
		if err := d.perm.Place(ctx, table, old, new); err != nil || old == nil {
			return err
		}
		return d.guarded(ctx, table, m.New.head().ID, columns(table, new))
	})
}

// Remove asks for the Conflict of a membership or role that is deleted.
func (d *Database) Remove(t testing.TB, a joinery.Actor, table string, id uuid.UUID) error {
	return d.undone(as(t, a), func(ctx context.Context) error {
		return d.guarded(ctx, d.reg.Model(table), id, map[string]any{"deleted_at": d.now})
	})
}

// guarded writes the columns between the engine's two looks at the holders of
// Share.
func (d *Database) guarded(ctx context.Context, m *registry.Model, id uuid.UUID, columns map[string]any) error {
	if m.Table != "memberships" && m.Table != "roles" {
		return nil
	}
	guard, err := d.perm.GuardSuperadmins(ctx, m, id)
	if err != nil {
		return err
	}
	if err := d.write(ctx, m, id, columns); err != nil {
		return err
	}
	return guard.Verify(ctx)
}

func (d *Database) write(ctx context.Context, m *registry.Model, id uuid.UUID, columns map[string]any) error {
	dialect := d.db.Dialect()
	update := squirrel.Update(dialect.Quote(m.Table)).Where(dialect.Quote("id")+" = ?", dialect.Bind(id))
	for column, v := range columns {
		update = update.Set(dialect.Quote(column), dialect.Bind(v))
	}
	_, err := d.db.Exec(ctx, update)
	return err
}

// columns are all columns of the row, those that are null too.
func columns(m *registry.Model, f fields) map[string]any {
	all := map[string]any{}
	for _, c := range m.Columns {
		all[c.Name] = f[c.Name]
	}
	return all
}

// errUndo makes a transaction roll back though nothing is wrong.
var errUndo = errors.New("roll back")

// undone runs ask in a transaction and rolls it back.
func (d *Database) undone(ctx context.Context, ask func(context.Context) error) error {
	err := sqldb.InTx(ctx, d.db, func(ctx context.Context) error {
		if err := ask(ctx); err != nil {
			return err
		}
		return errUndo
	})
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}
