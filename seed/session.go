package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// session is one run, or one plan.
type session struct {
	*Seeder
	order   []*registry.Model
	seeds   map[*registry.Model][]*Seed
	tables  map[*registry.Model]*table
	holders *placeholders
	now     time.Time
	dry     bool
	records bool   // joinery_seeds is there
	path    []*row // being worked on, each needing the next
	report  *Report
}

// session sorts the seeds of the environment by their tables.
func (s *Seeder) session(seeds []*Seed, dry bool) (*session, error) {
	if err := s.reg.Validate(); err != nil {
		return nil, err
	}
	run := &session{Seeder: s, dry: dry, seeds: map[*registry.Model][]*Seed{}, now: sqldb.Time(s.opts.Now())}
	var given []*registry.Model
	for _, one := range seeds {
		if one == nil {
			return nil, errors.New("seed: a seed is nil")
		}
		m, err := s.modelOf(one)
		if err != nil {
			return nil, one.fail(err)
		}
		if len(one.envs) > 0 && !slices.Contains(one.envs, s.opts.Env) {
			continue
		}
		if run.seeds[m] == nil {
			given = append(given, m)
		}
		run.seeds[m] = append(run.seeds[m], one)
	}
	run.order = ordered(given)
	return run, nil
}

// modelOf is the model of a seed's rows, checked together with its options.
func (s *Seeder) modelOf(one *Seed) (*registry.Model, error) {
	m := s.reg.Model(one.table)
	if one.typ != nil {
		m = s.reg.ModelByType(one.typ)
	}
	if m == nil {
		return nil, errors.New("is no model of the registry")
	}
	if _, err := one.keyColumns(m); err != nil {
		return nil, err
	}
	for _, t := range one.typed {
		switch {
		case t.typ != m.Type && one.typ != nil:
			return nil, fmt.Errorf("has an option for %s, which is another model", t.typ)
		case t.typ == m.Type && t.database != nil && t.database != any(s.db):
			return nil, errors.New("is written through a manager of another database")
		}
	}
	return m, nil
}

// all does the whole, in the transaction of ctx.
func (s *session) all(ctx context.Context) error {
	s.holders = &placeholders{run: 1 + rand.Uint32N(1<<32-1)}
	s.tables, s.path, s.report = map[*registry.Model]*table{}, nil, &Report{}
	s.records = true
	if s.dry {
		var err error
		if s.records, err = s.tableThere(ctx); err != nil {
			return err
		}
	}
	ctx = s.holders.in(joinery.WithActor(ctx, joinery.Actor{ID: s.opts.IDs.System, Kind: joinery.System}))
	for _, m := range s.order {
		t, err := s.table(ctx, m)
		if err != nil {
			return err
		}
		for _, r := range t.rows {
			if err := s.ensure(ctx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// ensure works on the row, unless that has been done because another one
// needed it.
func (s *session) ensure(ctx context.Context, r *row) error {
	switch r.state {
	case done:
		return nil
	case working:
		return s.cycle(r)
	}
	r.state = working
	s.path = append(s.path, r)
	if err := s.work(ctx, r); err != nil {
		return r.fail("", err)
	}
	s.path = s.path[:len(s.path)-1]
	r.state = done
	return nil
}

// cycle names the rows that need each other, of which r is one.
func (s *session) cycle(r *row) error {
	var names []string
	for _, one := range s.path[slices.Index(s.path, r):] {
		names = append(names, one.model.Table+" "+one.key.text)
	}
	names = append(names, names[0])
	return errors.New("rows need each other: " + strings.Join(names, " → "))
}

// work finds out what the row refers to, who owns it and which one it is, and
// then writes what there is to write.
func (s *session) work(ctx context.Context, r *row) error {
	if err := s.settle(ctx, r); err != nil {
		return err
	}
	if r.left == "" {
		if err := s.identify(r); err != nil {
			return err
		}
	}
	var became Row
	if r.left == "" {
		var err error
		if became, err = s.write(ctx, r); err != nil {
			return err
		}
	}
	if r.left != "" {
		became = Row{Action: LeaveOut, Reason: r.left}
	}
	became.Table, became.Key, became.ID = r.model.Table, r.key.text, r.id
	s.report.Rows = append(s.report.Rows, became)
	return nil
}

// identify makes the row's key, which no other row of the run may have.
func (s *session) identify(r *row) error {
	empty := true
	for _, c := range r.key.columns {
		empty = empty && c.Zero(r.p)
	}
	if empty {
		return errors.New("has no value in its key")
	}
	r.key.text, r.key.hash = keyText(r.key.columns, r.p, nil), keyHash(r.key.columns, r.p)
	t := s.tables[r.model]
	if other := t.keys[r.key.hash]; other != nil {
		return fmt.Errorf("has the key of %s", other.place())
	}
	t.keys[r.key.hash] = r
	return nil
}

// place is where the row is, for people.
func (r *row) place() string {
	return (&Error{Table: r.model.Table, File: r.seed.file, Line: r.line, Row: r.n}).place()
}

// claim says that the row is the one with the id, which no other row of the run
// may be.
func (s *session) claim(r *row, id uuid.UUID) error {
	t := s.tables[r.model]
	if other := t.claimed[id]; other != nil {
		return fmt.Errorf("is the same row as %s", other.place())
	}
	t.claimed[id], r.id = r, id
	return nil
}
