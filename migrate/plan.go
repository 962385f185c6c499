package migrate

import (
	"errors"
	"fmt"
	"slices"

	"github.com/joinery-go/joinery"
)

// move is a migration to be made or taken back.
type move struct {
	*migration
	down bool
	rec  *record // as it is in the history; nil: not there
}

func (m move) script() *script {
	if m.down {
		return &m.migration.down
	}
	return &m.up
}

// same reports whether both are one move.
func (m move) same(other move) bool {
	return m.source == other.source && m.version == other.version && m.down == other.down
}

// planner is what is to be done next, in order, for a history.
type planner func(h history) ([]move, error)

// planUp is what leads all the named sources up, each to its limit (0: to the
// end). What is half done comes first.
func (m *Migrator) planUp(limits map[string]int) planner {
	return func(h history) ([]move, error) {
		var moves []move
		var problems []error
		for _, s := range m.sources {
			limit, wanted := limits[s.Name]
			if !wanted {
				continue
			}
			if err := m.check(s.Name, h, m.opts.AllowNewer); err != nil {
				problems = append(problems, err)
				continue
			}
			moves = append(moves, m.sourceUp(s.Name, limit, h)...)
		}
		if err := errors.Join(problems...); err != nil {
			return nil, err
		}
		return moves, nil
	}
}

func (m *Migrator) sourceUp(source string, limit int, h history) (moves []move) {
	all := m.migrations[source]
	for i := range all {
		r := h.of(source, all[i].version)
		switch {
		case r != nil && r.State == goingDn:
			moves = append(moves, move{&all[i], true, r})
			if limit == 0 || all[i].version <= limit {
				moves = append(moves, move{&all[i], false, nil})
			}
		case r != nil && r.State == applied, limit > 0 && all[i].version > limit && r == nil:
		default:
			moves = append(moves, move{&all[i], false, r})
		}
	}
	return moves
}

// planDown is what takes back the last n of a source. It is decided at the
// first call; later ones tell what is left of it.
func (m *Migrator) planDown(source string, n int) planner {
	var versions []int
	decided := false
	return func(h history) ([]move, error) {
		if err := m.check(source, h, false); err != nil {
			return nil, err
		}
		records := h[source]
		if !decided {
			decided = true
			for _, r := range records[max(len(records)-n, 0):] {
				versions = append(versions, r.Version)
			}
			if err := m.needed(source, len(records)-len(versions), h); err != nil {
				return nil, err
			}
		}
		return m.movesDown(source, versions, h)
	}
}

func (m *Migrator) movesDown(source string, versions []int, h history) (moves []move, err error) {
	for _, v := range slices.Backward(versions) {
		r := h.of(source, v)
		if r == nil {
			continue
		}
		one, _ := m.find(source, v) // check found them all
		switch {
		case one == nil:
			return nil, m.unknown(source, r)
		case r.State == goingUp:
			return nil, conflict("migration_partial", "%s of %s is half done: finish it by Up, or resolve it, before reverting", title(v, one.name), source)
		case one.down.missing():
			return nil, joinery.Errorf(joinery.Unsupported, "migration_irreversible",
				fmt.Sprintf("%s of %s cannot be reverted: there is no %s.down.sql, nor a Down of its step", title(v, one.name), source, title(v, one.name)))
		}
		moves = append(moves, move{one, true, r})
	}
	return moves, nil
}

// needed is an error when nothing would be left of a source that others, of
// which something is applied, require.
func (m *Migrator) needed(source string, left int, h history) error {
	if left > 0 {
		return nil
	}
	for _, s := range m.sources {
		if slices.Contains(s.Requires, source) && len(h[s.Name]) > 0 {
			return joinery.Errorf(joinery.Conflict, "migration_required",
				fmt.Sprintf("%s cannot be reverted as a whole: %s requires it and has migrations applied; revert those first", source, s.Name))
		}
	}
	return nil
}
