package seed

import (
	"context"
	"slices"
	"unsafe"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// table is what a run knows of one table.
type table struct {
	model   *registry.Model
	rows    []*row                       // of the seeds
	records map[string]*record           // by the hash of the key
	owned   map[uuid.UUID]*record        // the same by the id of the row
	current map[uuid.UUID]unsafe.Pointer // the rows that records name, deleted ones too
	keys    map[string]*row              // those of the run by the hash of their key
	claimed map[uuid.UUID]*row
	indexes map[string]map[string][]*row // those of the run by other columns, see find
}

// table reads what there is to know of the model's table, once.
func (s *session) table(ctx context.Context, m *registry.Model) (*table, error) {
	if t := s.tables[m]; t != nil {
		return t, nil
	}
	t := &table{model: m, keys: map[string]*row{}, claimed: map[uuid.UUID]*row{}, indexes: map[string]map[string][]*row{}}
	s.tables[m] = t
	for _, one := range s.seeds[m] {
		rows, err := one.load(ctx, s, m)
		if err != nil {
			return nil, one.fail(err)
		}
		columns, err := one.keyColumns(m)
		if err != nil {
			return nil, one.fail(err)
		}
		for _, r := range rows {
			r.raw = cloneRow(m, r.p)
			r.name(columns, s.holders)
		}
		t.rows = append(t.rows, rows...)
	}
	return t, s.remember(ctx, t)
}

// remember reads the records of the table and the rows that they name, in a
// statement each per 500 rows.
func (s *session) remember(ctx context.Context, t *table) (err error) {
	t.records, t.owned, t.current = map[string]*record{}, map[uuid.UUID]*record{}, map[uuid.UUID]unsafe.Pointer{}
	if !s.records {
		return nil
	}
	if t.records, err = readRecords(ctx, s.db, t.model.Table); err != nil {
		return err
	}
	var ids []uuid.UUID
	for _, r := range t.records {
		ids, t.owned[r.id] = append(ids, r.id), r
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	for some := range slices.Chunk(ids, 500) {
		rows, err := s.read(ctx, t.model, sqldb.In(s.db.Dialect(), s.quote(t.model.ID.Name), some))
		if err != nil {
			return err
		}
		for _, p := range rows {
			t.current[t.model.ID.Value(p).(uuid.UUID)] = p
		}
	}
	return nil
}

func (s *session) quote(name string) string { return s.db.Dialect().Quote(name) }

// columns are the names of the model's columns in quotes.
func (s *session) columns(m *registry.Model) []string {
	names := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		names[i] = s.quote(c.Name)
	}
	return names
}

// read is the rows for which the conditions hold. Of a table with seeds they
// are held, so that nobody changes them before the run ends.
func (s *session) read(ctx context.Context, m *registry.Model, where ...squirrel.Sqlizer) ([]unsafe.Pointer, error) {
	stmt := squirrel.Select(s.columns(m)...).From(s.quote(m.Table)).OrderBy(s.quote(m.ID.Name))
	for _, cond := range where {
		stmt = stmt.Where(cond)
	}
	switch d := s.db.Dialect(); {
	case s.dry || len(s.seeds[m]) == 0:
	case d.Has(sqldb.ForNoKeyUpdate):
		stmt = stmt.Suffix("FOR NO KEY UPDATE")
	case d.Has(sqldb.ForUpdate):
		stmt = stmt.Suffix("FOR UPDATE")
	}
	return s.query(ctx, m, stmt)
}

// query is the rows that a statement answers with all columns.
func (s *session) query(ctx context.Context, m *registry.Model, stmt squirrel.Sqlizer) (list []unsafe.Pointer, err error) {
	rows, err := s.db.Query(ctx, stmt)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	dest := make([]any, len(m.Columns))
	for rows.Next() {
		p := newRow(m)
		for i, c := range m.Columns {
			dest[i] = c.Pointer(p)
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// byID is the row with the id, deleted or not; nil: there is none.
func (s *session) byID(ctx context.Context, m *registry.Model, id uuid.UUID) (unsafe.Pointer, error) {
	rows, err := s.read(ctx, m, squirrel.Expr(s.quote(m.ID.Name)+" = ?", id))
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// byKey is the live rows whose columns hold what they hold in the row at p.
func (s *session) byKey(ctx context.Context, m *registry.Model, columns []*registry.Column, p unsafe.Pointer) ([]unsafe.Pointer, error) {
	var where []squirrel.Sqlizer
	for _, c := range columns {
		where = append(where, s.equals(c, p))
	}
	if m.DeletedAt != nil {
		where = append(where, squirrel.Expr(s.quote(m.DeletedAt.Name)+" IS NULL"))
	}
	return s.read(ctx, m, where...)
}

func (s *session) equals(c *registry.Column, p unsafe.Pointer) squirrel.Sqlizer {
	v := c.Value(p)
	if v == nil {
		return squirrel.Expr(s.quote(c.Name) + " IS NULL")
	}
	return squirrel.Expr(s.quote(c.Name)+" = ?", v)
}
