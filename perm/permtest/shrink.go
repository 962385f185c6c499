package permtest

import (
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// shrink is a small world in which fails still holds: no row and no field of
// it can be left out. It gives up after so many tries.
func shrink(w *World, tries int, fails func(*World) bool) *World {
	for again := true; again; {
		again = false
		for smaller := range w.smaller() {
			if tries--; tries < 0 {
				return w
			}
			if fails(smaller) {
				w, again = smaller, true
				break
			}
		}
	}
	return w
}

// smaller are the worlds that have one thing less, the larger steps first.
func (w *World) smaller() iter.Seq[*World] {
	return func(yield func(*World) bool) {
		_ = fewer(w, yield, func(w *World) *[]Row { return &w.Rows }) &&
			fewer(w, yield, func(w *World) *[]Grant { return &w.Grants }) &&
			fewer(w, yield, func(w *World) *[]Membership { return &w.Memberships }) &&
			fewer(w, yield, func(w *World) *[]Role { return &w.Roles }) &&
			fewer(w, yield, func(w *World) *[]Team { return &w.Teams }) &&
			fewer(w, yield, func(w *World) *[]User { return &w.Users }) &&
			plainer(w, yield, func(w *World) *[]Row { return &w.Rows }, w.plainRow) &&
			plainer(w, yield, func(w *World) *[]Grant { return &w.Grants }, plainGrant) &&
			plainer(w, yield, func(w *World) *[]Membership { return &w.Memberships }, plainMembership) &&
			plainer(w, yield, func(w *World) *[]Role { return &w.Roles }, plainRole) &&
			plainer(w, yield, func(w *World) *[]Team { return &w.Teams }, plainTeam) &&
			plainer(w, yield, func(w *World) *[]User { return &w.Users }, plainUser)
	}
}

// fewer leaves out runs of rows: all, halves, quarters, down to single ones.
func fewer[R Record](w *World, yield func(*World) bool, rows func(*World) *[]R) bool {
	n := len(*rows(w))
	for run := n; run > 0; run /= 2 {
		for from := 0; from < n; from += run {
			without := *w
			*rows(&without) = slices.Delete(slices.Clone(*rows(w)), from, min(from+run, n))
			if !yield(&without) {
				return false
			}
		}
	}
	return true
}

// plainer clears single fields of single rows.
func plainer[R Record](w *World, yield func(*World) bool, rows func(*World) *[]R, plain func(R) []R) bool {
	for i, r := range *rows(w) {
		for _, instead := range plain(r) {
			with := *w
			*rows(&with) = slices.Clone(*rows(w))
			(*rows(&with))[i] = instead
			if !yield(&with) {
				return false
			}
		}
	}
	return true
}

// cleared is r with the field set to zero, as a list; empty where it is zero
// already.
func cleared[R any, F comparable](r R, field func(*R) *F) []R {
	var zero F
	if *field(&r) == zero {
		return nil
	}
	*field(&r) = zero
	return []R{r}
}

func plainUser(u User) []User {
	return slices.Concat(cleared(u, func(u *User) *bool { return &u.Deleted }), cleared(u, func(u *User) *uuid.UUID { return &u.CreatedBy }))
}

func plainTeam(t Team) []Team {
	return slices.Concat(
		cleared(t, func(t *Team) *uuid.UUID { return &t.Parent }),
		cleared(t, func(t *Team) *bool { return &t.Deleted }),
		cleared(t, func(t *Team) *uuid.UUID { return &t.CreatedBy }))
}

func plainRole(r Role) []Role {
	all := slices.Concat(
		cleared(r, func(r *Role) *uuid.UUID { return &r.Parent }),
		cleared(r, func(r *Role) *uuid.UUID { return &r.Team }),
		cleared(r, func(r *Role) *bool { return &r.Deleted }),
		cleared(r, func(r *Role) *uuid.UUID { return &r.CreatedBy }))
	for _, x := range r.Actions.Each() {
		less := r
		less.Actions &^= x
		all = append(all, less)
	}
	return all
}

func plainMembership(m Membership) []Membership {
	return slices.Concat(
		cleared(m, func(m *Membership) *time.Time { return &m.ExpiresAt }),
		cleared(m, func(m *Membership) *time.Time { return &m.DisabledAt }),
		cleared(m, func(m *Membership) *bool { return &m.Deleted }),
		cleared(m, func(m *Membership) *uuid.UUID { return &m.CreatedBy }))
}

func plainGrant(g Grant) []Grant {
	all := slices.Concat(
		cleared(g, func(g *Grant) *time.Time { return &g.ExpiresAt }),
		cleared(g, func(g *Grant) *bool { return &g.Deleted }),
		cleared(g, func(g *Grant) *uuid.UUID { return &g.CreatedBy }))
	if g.Role != null && g.Team != null {
		all = append(all, cleared(g, func(g *Grant) *uuid.UUID { return &g.Role })...)
	}
	for _, x := range g.Actions.Each() {
		less := g
		less.Actions &^= x
		all = append(all, less)
	}
	return all
}

func (w *World) plainRow(r Row) []Row {
	all := slices.Concat(
		cleared(r, func(r *Row) *uuid.UUID { return &r.Team }),
		cleared(r, func(r *Row) *uuid.UUID { return &r.Owner }),
		cleared(r, func(r *Row) *bool { return &r.Deleted }),
		cleared(r, func(r *Row) *uuid.UUID { return &r.CreatedBy }),
		cleared(r, func(r *Row) *bool { return &r.Shared }),
		cleared(r, func(r *Row) *int64 { return &r.Rank }))
	for column, to := range r.Refs {
		if to == r.ID {
			continue // the key itself
		}
		less := r.clone()
		delete(less.Refs, column)
		all = append(all, less)
	}
	return append(all, w.model(r.Model).plainValues(r)...)
}

// plainValues are the row with one of the app's columns null, or zero.
func (m *Model) plainValues(r Row) []Row {
	var all []Row
	for _, c := range m.other {
		v, set := r.Values[c.Name]
		zero, has := zeroOf(c)
		switch {
		case set && c.Nullable:
			less := r.clone()
			delete(less.Values, c.Name)
			all = append(all, less)
		case set && has && v != zero:
			less := r.clone()
			less.Values[c.Name] = zero
			all = append(all, less)
		}
	}
	return all
}

// zeroOf is the plainest value of the column's kind; false for kinds that have
// none.
func zeroOf(c *registry.Column) (any, bool) {
	switch c.Kind {
	case registry.Text:
		return "", true
	case registry.Bool:
		return false, true
	case registry.Int:
		return int64(0), true
	case registry.Float:
		return float64(0), true
	}
	return nil, false
}
