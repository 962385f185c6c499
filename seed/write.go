package seed

import (
	"context"
	"fmt"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// write inserts the row, or updates what follows the seed, and says what became
// of it. It may leave the row out, which r.left then says.
func (s *session) write(ctx context.Context, r *row) (Row, error) {
	current, rec, err := s.which(ctx, r)
	switch {
	case err != nil || r.left != "":
		return Row{}, err
	case current == nil:
		return Row{Action: Insert}, s.insert(ctx, r)
	case s.tables[r.model].isAnothers(rec):
		r.id = rec.id
		return Row{Action: Keep, Reason: "it is another seeded row, whose key somebody has changed to this one"}, nil
	}
	if err := s.claim(r, rec.id); err != nil {
		return Row{}, err
	}
	d := compare(r, current, rec)
	became := Row{Action: Keep, Edited: names(d.edited)}
	if len(d.follow) > 0 {
		became.Action, became.Columns = Update, names(d.follow)
		if current, err = s.update(ctx, r, current, d.follow); err != nil {
			return Row{}, err
		}
	}
	if !d.news && len(d.follow) == 0 {
		return became, nil
	}
	rec.found(d.edited)
	return became, s.record(ctx, r, rec, append(d.follow, d.agreed...), current)
}

// isAnothers reports whether the row was seeded under another key. So it keeps
// its own seed, in whatever order the two come.
func (t *table) isAnothers(rec *record) bool {
	other := t.owned[rec.id]
	return other != nil && other != rec
}

// which is the row of the table that is meant, with its record; neither when
// there is none yet.
func (s *session) which(ctx context.Context, r *row) (unsafe.Pointer, *record, error) {
	m, t := r.model, s.tables[r.model]
	rec := t.records[r.key.hash]
	if rec != nil {
		if current := t.current[rec.id]; current != nil && live(m, current) {
			return current, rec, nil
		}
	}
	rows, err := s.byKey(ctx, m, r.key.columns, r.p)
	if len(rows) == 0 && err == nil && !m.ID.Zero(r.p) {
		rows, err = s.byGivenID(ctx, r)
	}
	switch {
	case err != nil || r.left != "":
	case len(rows) > 1:
		err = fmt.Errorf("%d rows of %s have this key: choose columns that tell them apart", len(rows), m.Table)
	case len(rows) == 1:
		return rows[0], &record{id: m.ID.Value(rows[0]).(uuid.UUID), known: rec != nil}, nil
	case rec != nil:
		r.left = "it was deleted since it was seeded"
	case len(r.loose) > 0:
		r.left = r.loose[0].Name + " " + errDeleted.Error()
	}
	return nil, nil, err
}

// byGivenID is the row with the id that the seed gives, whose key somebody has
// changed. A deleted one leaves the row out.
func (s *session) byGivenID(ctx context.Context, r *row) ([]unsafe.Pointer, error) {
	p, err := s.byID(ctx, r.model, r.model.ID.Value(r.p).(uuid.UUID))
	switch {
	case err != nil || p == nil:
		return nil, err
	case !live(r.model, p):
		r.left = "it was deleted"
		return nil, nil
	}
	return []unsafe.Pointer{p}, nil
}

// difference is what a row of the table and its seed disagree about.
type difference struct {
	follow []*registry.Column // nobody has changed them, and the seed says something else
	edited []*registry.Column // somebody has
	agreed []*registry.Column // both came to the same
	news   bool               // the record is to be written
}

// compare judges each column that the row says something about.
func compare(r *row, current unsafe.Pointer, rec *record) (d difference) {
	for _, c := range r.says {
		if r.isLoose(c) {
			continue
		}
		said, is := textOf(c, r.p), textOf(c, current)
		last, seeded := rec.hashes[c.Name]
		untouched := last.stored() == hash(rec.id, c, is)
		if !seeded {
			untouched = len(rec.hashes) > 0 && isUnset(c, current) // a column that is new to the seed
		}
		d.news = d.news || !seeded
		switch {
		case seeded && untouched && last.said() == hash(rec.id, c, said):
		case said == is:
			d.agreed, d.news = append(d.agreed, c), true
		case untouched:
			d.follow = append(d.follow, c)
		default:
			d.edited = append(d.edited, c)
		}
	}
	return d
}

// isUnset reports whether the column at p is as it is where nothing was said.
func isUnset(c *registry.Column, p unsafe.Pointer) bool {
	if v, ok := c.DefaultValue(); ok {
		return text(c, v) == textOf(c, p)
	}
	return c.Zero(p)
}

func (r *row) isLoose(c *registry.Column) bool {
	for _, one := range r.loose {
		if one == c {
			return true
		}
	}
	return false
}

// insert writes a new row.
func (s *session) insert(ctx context.Context, r *row) error {
	m := r.model
	if s.dry {
		id, err := s.idFor(r)
		if err == nil {
			err = s.claim(r, id)
		}
		return err
	}
	write := s.insertRow(m)
	if t := r.manager(); t != nil {
		write = s.created(r, t)
	}
	p, err := s.hooked(r, Insert, write)(ctx, cloneRow(m, r.p))
	if err != nil {
		return err
	}
	if err := s.claim(r, m.ID.Value(p).(uuid.UUID)); err != nil {
		return err
	}
	return s.record(ctx, r, &record{id: r.id}, r.says, p)
}

// created is a manager's creation. Managers take a zero for nothing said, and a
// file may say it in spite of a default.
func (s *session) created(r *row, t *typed) writer {
	return func(ctx context.Context, p unsafe.Pointer) (unsafe.Pointer, error) {
		fresh, err := t.create(ctx, p)
		if err != nil {
			return nil, err
		}
		zeros := false
		for _, c := range r.says {
			if c.HasDefault && c.Zero(p) && !c.Zero(fresh) {
				zeros = true
				if err := c.SetValue(fresh, c.Value(p)); err != nil {
					return nil, err
				}
			}
		}
		if !zeros {
			return fresh, nil
		}
		return t.update(ctx, fresh)
	}
}

func (s *session) idFor(r *row) (uuid.UUID, error) {
	if id := r.model.ID.Value(r.p).(uuid.UUID); id != uuid.Nil {
		return id, nil
	}
	return s.opts.NewID()
}

// update writes the columns that follow the seed, and is the row as stored.
func (s *session) update(ctx context.Context, r *row, current unsafe.Pointer, follow []*registry.Column) (unsafe.Pointer, error) {
	if s.dry {
		return current, nil
	}
	next := cloneRow(r.model, current)
	for _, c := range follow {
		if err := c.SetValue(next, c.Value(r.p)); err != nil {
			return nil, err
		}
	}
	write := s.updateRow(r.model, current)
	if t := r.manager(); t != nil {
		write = t.update
	}
	return s.hooked(r, Update, write)(ctx, next)
}

// record remembers what the seed said of the columns and what is stored now.
func (s *session) record(ctx context.Context, r *row, rec *record, columns []*registry.Column, current unsafe.Pointer) error {
	if s.dry {
		return nil
	}
	if rec.hashes == nil {
		rec.hashes = map[string]pairOfHashes{}
	}
	for _, c := range columns {
		rec.hashes[c.Name] = pairOfHashes{hash(rec.id, c, textOf(c, r.p)), hash(rec.id, c, textOf(c, current))}
	}
	return rec.write(ctx, s.db, r.model, r.key, s.now)
}

func names(columns []*registry.Column) (list []string) {
	for _, c := range columns {
		list = append(list, c.Name)
	}
	return list
}
