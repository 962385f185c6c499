package permtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// Load replaces the rows of all tables by those of the world, and chooses the
// engine with the world's users and well-known ids.
func (d *Database) Load(t testing.TB, w *World) {
	t.Helper()
	if d.world == w {
		return
	}
	d.tidy(t)
	d.world, d.engine = w, d.open(t, setting{w.IDs, w.NoUsers})
	d.engine.now = w.Now
	must(t, sqldb.InTx(t.Context(), d.db, func(ctx context.Context) error { return d.load(ctx, w) }))
	d.tell()
}

// tell makes the engine hear that who reaches what has changed. An event that
// waits to be heard already says as much.
func (d *Database) tell() {
	select {
	case d.changes <- query.Changed{Model: perm.MembershipsTable}:
	default:
	}
}

// tidy removes the dead rows of earlier worlds, which PostgreSQL would read
// past in every query. It is done seldom, for all statements are planned anew
// after it.
func (d *Database) tidy(t testing.TB) {
	if d.loads++; d.loads%200 == 0 && d.db.Dialect().Name() == "postgres" {
		_, err := d.db.Exec(t.Context(), sqldb.Raw("VACUUM"))
		must(t, err)
	}
}

func (d *Database) load(ctx context.Context, w *World) error {
	full := d.engines[setting{}].reg // has users, which a world may lack
	if err := d.clear(ctx, full.Models()); err != nil {
		return err
	}
	for _, m := range full.Models() {
		if err := d.insert(ctx, m, w); err != nil {
			return err
		}
	}
	return nil
}

// clear deletes all rows, in one statement where the database can.
func (d *Database) clear(ctx context.Context, models []*registry.Model) error {
	if d.db.Dialect().Name() == "postgres" {
		parts := make([]string, len(models))
		for i, m := range models {
			parts[i] = fmt.Sprintf("d_%d AS (DELETE FROM %s)", i, d.db.Dialect().Quote(m.Table))
		}
		_, err := d.db.Exec(ctx, sqldb.Raw("WITH "+strings.Join(parts, ", ")+" SELECT 1"))
		return err
	}
	for _, m := range models {
		if _, err := d.db.Exec(ctx, squirrel.Delete(d.db.Dialect().Quote(m.Table))); err != nil {
			return err
		}
	}
	return nil
}

// stored is the value as the column's table takes it.
func stored(c *registry.Column, v any) any {
	if c.Kind == registry.JSON && v != nil {
		return sqldb.JSON{V: v}
	}
	return v
}

// insert adds the world's rows of the model, many in one statement: as many as
// every database has parameters for.
func (d *Database) insert(ctx context.Context, m *registry.Model, w *World) error {
	for rows := range slices.Chunk(w.All(m.Table), 30_000/len(m.Columns)) {
		if err := d.insertRows(ctx, m, w, rows); err != nil {
			return err
		}
	}
	return nil
}

func (d *Database) insertRows(ctx context.Context, m *registry.Model, w *World, rows []Record) error {
	dialect := d.db.Dialect()
	insert := squirrel.Insert(dialect.Quote(m.Table))
	for _, c := range m.Columns {
		insert = insert.Columns(dialect.Quote(c.Name))
	}
	for _, r := range rows {
		f := w.fieldsOf(r)
		var values []any
		for _, c := range m.Columns {
			values = append(values, dialect.Bind(stored(c, f[c.Name])))
		}
		insert = insert.Values(values...)
	}
	_, err := d.db.Exec(ctx, insert)
	return err
}
