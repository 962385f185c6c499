package dataset

import (
	"bytes"
	"maps"
	"slices"

	"github.com/google/uuid"
)

// Order is which list of the rows is asked for.
type Order int

// The measured lists.
const (
	Newest  Order = iota // all rows, the newest first
	Changed              // those that are [Done], the last changed first
)

// reached is what a user may do in the teams, by membership.
type reached struct {
	teams map[int]Role  // with the strongest role
	roles map[Role]bool // held somewhere, with those above it
}

// reach follows the user's memberships down the tree.
func (d *Data) reach(user int) reached {
	r := reached{map[int]Role{}, map[Role]bool{}}
	for _, m := range d.Members {
		if m.User != user || m.State != Active {
			continue
		}
		r.teams[m.Team] = max(r.teams[m.Team], m.Role)
		for role := User; role <= m.Role; role++ {
			r.roles[role] = true
		}
	}
	for _, t := range d.Teams { // parents come first
		if role, ok := r.teams[t.Parent]; ok {
			r.teams[t.Number] = max(r.teams[t.Number], role)
		}
	}
	return r
}

// granted are the numbers of the notes that grants open to the user, and
// whether also for a change.
func (d *Data) granted(user int, r reached) map[int]bool {
	open := map[int]bool{}
	for _, g := range d.Grants {
		role, inTeam := r.teams[g.Team]
		var holds bool
		switch {
		case g.User != 0:
			holds = g.User == user
		case g.Team != 0:
			holds = inTeam && (!g.ByRole || role >= g.Role)
		default:
			holds = r.roles[g.Role]
		}
		if holds && !g.Expired {
			open[g.Note] = open[g.Note] || g.Edit
		}
	}
	return open
}

// Visible are the ids of the notes that the caller may see, in order.
func (d *Data) Visible(c Caller, o Order) []uuid.UUID {
	return idsOf(d.visible(c, o))
}

// Editable are the ids of the notes that the caller may change, the newest
// first.
func (d *Data) Editable(c Caller) []uuid.UUID {
	r := d.reach(int(c))
	open := d.granted(int(c), r)
	return idsOf(slices.DeleteFunc(d.visible(c, Newest), func(n *Note) bool {
		role, inTeam := r.teams[n.Team]
		return n.User != int(c) && !(inTeam && role >= Admin) && !open[n.Number]
	}))
}

func (d *Data) visible(c Caller, o Order) []*Note {
	r := d.reach(int(c))
	open := d.granted(int(c), r)
	return d.list(o, func(n *Note) bool {
		_, inTeam := r.teams[n.Team]
		_, byGrant := open[n.Number]
		return n.User == int(c) || inTeam || byGrant
	})
}

// list is the live notes for which may holds, in order.
func (d *Data) list(o Order, may func(*Note) bool) []*Note {
	var rows []*Note
	for i := len(d.Notes) - 1; i >= 0; i-- {
		if n := &d.Notes[i]; !n.Deleted && (o == Newest || n.Status == Done) && may(n) {
			rows = append(rows, n)
		}
	}
	if o == Changed {
		slices.SortFunc(rows, func(a, b *Note) int {
			if c := b.Updated.Compare(a.Updated); c != 0 {
				return c
			}
			return bytes.Compare(b.ID[:], a.ID[:])
		})
	}
	return rows
}

func idsOf(rows []*Note) []uuid.UUID {
	ids := make([]uuid.UUID, len(rows))
	for i, n := range rows {
		ids[i] = n.ID
	}
	return ids
}

// VisibleTasks are the ids of the tasks that the caller may see, the newest
// first.
func (d *Data) VisibleTasks(c Caller) []uuid.UUID {
	_, everything := d.reach(int(c)).teams[ProjectTeam]
	var ids []uuid.UUID
	for i := len(d.Tasks) - 1; i >= 0; i-- {
		t := &d.Tasks[i]
		if !t.Deleted && (everything || t.User == int(c) || d.Projects[t.Project-1].User == int(c)) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

// Reach is a team that a user reaches, for servers whose rules cannot follow
// the tree themselves.
type Reach struct {
	Team, User int
	Edit       bool
}

// Reaches are those of all users.
func (d *Data) Reaches() []Reach {
	var all []Reach
	for user := 1; user <= Users; user++ {
		teams := d.reach(user).teams
		for _, t := range d.Teams {
			if role, ok := teams[t.Number]; ok {
				all = append(all, Reach{t.Number, user, role >= Admin})
			}
		}
	}
	return all
}

// Share is an active grant for one user, whatever its target was.
type Share struct {
	Note, User int // their numbers
	Edit       bool
}

// Shares are the active grants, one for each user that they give something to.
func (d *Data) Shares() []Share {
	var all []Share
	for user := 1; user <= Users; user++ {
		open := d.granted(user, d.reach(user))
		for _, note := range slices.Sorted(maps.Keys(open)) {
			all = append(all, Share{note, user, open[note]})
		}
	}
	return all
}

// Live are the ids of all notes that are not deleted, in order: what a server
// without permissions shows.
func (d *Data) Live(o Order) []uuid.UUID {
	return idsOf(d.list(o, func(*Note) bool { return true }))
}
