package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/joinery-go/joinery"
)

// State is how a migration stands.
type State string

// The states of a migration.
const (
	Pending State = "pending" // not made yet
	Applied State = "applied"
	Partial State = "partial" // made, or taken back, to some part
	Changed State = "changed" // applied, and its file is another one now
	Late    State = "late"    // not made, though a later one is
	Unknown State = "unknown" // applied by another version of the app, and not known here
)

// Status is one migration and what the history says of it.
type Status struct {
	Source  string `json:"source"`
	Version int    `json:"version"`
	Name    string `json:"name"`
	State   State  `json:"state"`

	Reversible bool `json:"reversible"` // it has a way down

	// Of what the history knows.
	AppliedAt  time.Time     `json:"applied_at,omitzero"`
	Took       time.Duration `json:"took_ns,omitempty"`
	AppVersion string        `json:"app_version,omitempty"`

	// Statement is where a partial one stands: the first that is not known to
	// have happened, counted from 1.
	Statement int `json:"statement,omitempty"`
}

// Status is every migration of every source, in the order in which they are
// made. It changes nothing, and waits for no run.
func (m *Migrator) Status(ctx context.Context) ([]Status, error) {
	h, err := peekHistory(ctx, m.db)
	if err != nil {
		return nil, err
	}
	var all []Status
	for _, s := range m.sources {
		all = append(all, m.statusOf(s.Name, h)...)
	}
	return all, nil
}

func (m *Migrator) statusOf(source string, h history) (all []Status) {
	known := m.migrations[source]
	last := h.last(source)
	for i := range known {
		one := &known[i]
		st := Status{Source: source, Version: one.version, Name: one.name, Reversible: !one.down.missing(), State: Pending}
		if r := h.of(source, one.version); r != nil {
			st.fill(r, one)
		} else if last != nil && last.Version > one.version {
			st.State = Late
		}
		all = append(all, st)
	}
	for i := range h[source] {
		if r := &h[source][i]; r.Version > len(known) {
			st := Status{Source: source, Version: r.Version, Name: r.Name}
			st.fill(r, nil)
			all = append(all, st)
		}
	}
	return all
}

// fill adds what the history knows of a migration.
func (s *Status) fill(r *record, one *migration) {
	s.AppliedAt, s.Took, s.AppVersion, s.Statement = r.AppliedAt, time.Duration(r.DurationUs)*time.Microsecond, r.AppVersion, r.Statement
	switch {
	case r.half():
		s.State = Partial
	case one == nil:
		s.State = Unknown
	case r.Checksum != one.checksum:
		s.State = Changed
	default:
		s.State = Applied
	}
}

// Pending is what Up would still have to do: migrations that are not made or
// half done, in order. It changes nothing, and waits for no run.
func (m *Migrator) Pending(ctx context.Context) ([]Status, error) {
	all, err := m.Status(ctx)
	if err != nil {
		return nil, err
	}
	var pending []Status
	for _, s := range all {
		if s.State == Pending || s.State == Partial || s.State == Late {
			pending = append(pending, s)
		}
	}
	return pending, nil
}

// Check is an error while the database lacks a migration, which it names, or its
// history does not fit the sources: a check of readiness, as in
//
//	api.Health().Add("migrations", migrations.Check)
//
// Migrations that a newer version of the app has applied are none of this
// one's concern, so that the old instances stay ready while the new ones come.
func (m *Migrator) Check(ctx context.Context) error {
	h, err := peekHistory(ctx, m.db)
	if err != nil {
		return err
	}
	var problems []error
	for _, s := range m.sources {
		problems = append(problems, m.check(s.Name, h, true))
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	moves, err := m.newer().planUp(m.everything())(h)
	if err != nil || len(moves) == 0 {
		return err
	}
	return joinery.Errorf(joinery.Unavailable, "migrations_pending", pendingText(moves))
}

// pendingText names what is pending, the first ten.
func pendingText(moves []move) string {
	var names []string
	for _, mv := range moves[:min(len(moves), 10)] {
		names = append(names, title(mv.version, mv.name)+" of "+mv.source)
	}
	text := strings.Join(names, ", ")
	if more := len(moves) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(moves) == 1 {
		return "1 migration is pending: " + text
	}
	return fmt.Sprintf("%d migrations are pending: %s", len(moves), text)
}

// newer is m for a database that is ahead of it.
func (m *Migrator) newer() *Migrator {
	n := *m
	n.opts.AllowNewer = true
	return &n
}
