package permtest

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// World is everything the rules look at: who there is, what there is, and what
// time it is. It is plain data, so that it can be written by hand, generated
// and shrunk. In every field the nil id and the zero time stand for null. A
// World must not change while questions are put to it.
type World struct {
	IDs     joinery.WellKnown // the well-known ids; zero: the default ones
	Now     time.Time         // the clock
	NoUsers bool              // users are plain ids; there is no users table

	Users       []User       // rows of users; empty with NoUsers
	Teams       []Team       // rows of teams
	Roles       []Role       // rows of roles
	Memberships []Membership // rows of memberships
	Grants      []Grant      // rows of grants
	Rows        []Row        // rows of all other models

	// Models are the models that there are; nil: those of this package.
	Models []*Model

	Actors []joinery.Actor // who asks, in [Worlds]
	Moves  []Move          // what is to be placed, in [Worlds]
}

// Head is what every row has.
type Head struct {
	ID        uuid.UUID
	CreatedBy uuid.UUID
	Deleted   bool
}

// User is a row of users.
type User struct{ Head }

// Team is a row of teams.
type Team struct {
	Head
	Parent uuid.UUID
}

// Role is a row of roles.
type Role struct {
	Head
	Team    uuid.UUID
	Parent  uuid.UUID
	Actions joinery.Actions
}

// Membership is a row of memberships.
type Membership struct {
	Head
	Team, Member, Role    uuid.UUID
	ExpiresAt, DisabledAt time.Time
}

// Grant is a row of grants.
type Grant struct {
	Head
	Model              string
	Row                uuid.UUID
	Actions            joinery.Actions
	ExpiresAt          time.Time
	Member, Team, Role uuid.UUID
}

// Row is a row of any other model: see [Models].
type Row struct {
	Head
	Model  string
	Owner  uuid.UUID            // user_id
	Team   uuid.UUID            // team_id
	Refs   map[string]uuid.UUID // references that are not null, by column
	Shared bool                 // what the Extra rules of notes look at
	Rank   int64                // likewise; 0: null

	// Values are the other columns that are not null, of an app's own models.
	Values map[string]any
}

// Record is a row of any model: a [User], [Team], [Role], [Membership],
// [Grant] or [Row].
type Record interface {
	// Table is the name of the row's table.
	Table() string
	head() Head
}

// Table is "users".
func (User) Table() string { return "users" }

// Table is "teams".
func (Team) Table() string { return "teams" }

// Table is "roles".
func (Role) Table() string { return "roles" }

// Table is "memberships".
func (Membership) Table() string { return "memberships" }

// Table is "grants".
func (Grant) Table() string { return "grants" }

// Table is the row's model.
func (r Row) Table() string { return r.Model }

func (h Head) head() Head { return h }

// All is every row of the table, deleted ones too, in the order of the world.
func (w *World) All(table string) []Record {
	switch table {
	case "users":
		return records(w.Users)
	case "teams":
		return records(w.Teams)
	case "roles":
		return records(w.Roles)
	case "memberships":
		return records(w.Memberships)
	case "grants":
		return records(w.Grants)
	}
	var rows []Record
	for _, r := range w.Rows {
		if r.Model == table {
			rows = append(rows, r)
		}
	}
	return rows
}

// Find is the row with the id, deleted or not.
func (w *World) Find(table string, id uuid.UUID) (Record, bool) {
	for i := range w.Rows { // without a copy of each, which takes most of a large world's time
		if r := &w.Rows[i]; r.ID == id && r.Model == table {
			return *r, true
		}
	}
	if m := w.model(table); m != nil && !m.Special {
		return nil, false
	}
	for _, r := range w.All(table) {
		if r.head().ID == id {
			return r, true
		}
	}
	return nil, false
}

func records[R Record](rows []R) []Record {
	all := make([]Record, len(rows))
	for i, r := range rows {
		all[i] = r
	}
	return all
}

// pick is the row with the id, deleted or not.
func pick[R Record](rows []R, id uuid.UUID) (R, bool) {
	for _, r := range rows {
		if r.head().ID == id {
			return r, true
		}
	}
	var none R
	return none, false
}

// live is the row with the id if it exists and is not deleted.
func live[R Record](rows []R, id uuid.UUID) (R, bool) {
	r, found := pick(rows, id)
	return r, found && !r.head().Deleted
}

func (w *World) wellKnown() joinery.WellKnown { return w.IDs.OrDefault() }
