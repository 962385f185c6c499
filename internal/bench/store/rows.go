// Package store puts a data set into the databases that the servers read, all
// of them in Joinery's own schema, and starts a throwaway PostgreSQL for it.
package store

import (
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/perm/teams"
)

// table is rows for one table. A value is nil, a uuid.UUID, a time.Time, a
// string or an int64.
type table struct {
	name    string
	columns []string
	rows    iter.Seq[[]any]
}

// start is when everything was made that is no note or task.
var start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// tables are the tables of the data set, those that others refer to first. The
// roles are not among them, [notes.App.EnsureRoles] writes those.
func tables(d *dataset.Data) []table {
	return []table{
		{"teams", columns("name parent_id"), teamRows(d)},
		{"memberships", columns("team_id member_id role_id expires_at disabled_at"), memberRows(d)},
		{"notes", columns("user_id team_id title body status priority deleted_at"), noteRows(d)},
		{"grants", columns("model row_id actions expires_at member_id team_id role_id"), grantRows(d)},
		{"projects", columns("user_id team_id name"), projectRows(d)},
		{"tasks", columns("user_id title status project_id deleted_at"), taskRows(d)},
	}
}

// columns are those of the mixins Entity and Updated, and more.
func columns(more string) []string {
	return strings.Fields("id created_at created_by_id version updated_at updated_by_id " + more)
}

// entity is the values of the mixins Entity and Updated, and more.
func entity(id uuid.UUID, created, updated time.Time, by uuid.UUID, more ...any) []any {
	return append([]any{id, created, by, int64(1), updated, by}, more...)
}

// orNil is v, or nil where it does not apply.
func orNil(applies bool, v any) any {
	if applies {
		return v
	}
	return nil
}

func teamRows(d *dataset.Data) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, t := range d.Teams {
			if !yield(entity(dataset.TeamID(t.Number), start, start, dataset.UserID(dataset.Users),
				fmt.Sprint("Team ", t.Number), orNil(t.Parent != 0, dataset.TeamID(t.Parent)))) {
				return
			}
		}
	}
}

// roleID is the row of a role.
func roleID(r dataset.Role) uuid.UUID {
	ids := teams.WellKnownRoles()
	return map[dataset.Role]uuid.UUID{dataset.User: ids.User, dataset.Admin: ids.Admin, dataset.Superadmin: ids.Superadmin}[r]
}

// expired is a moment long past.
var expired = start.AddDate(0, 6, 0)

func memberRows(d *dataset.Data) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i, m := range d.Members {
			id := uuid.UUID{0: 0x01, 1: 0x94, 2: 0x21, 6: 0x70, 8: 0x80, 14: byte(i >> 8), 15: byte(i)}
			if !yield(entity(id, start, start, dataset.UserID(m.User), dataset.TeamID(m.Team), dataset.UserID(m.User), roleID(m.Role),
				orNil(m.State == dataset.Expired, expired), orNil(m.State == dataset.Disabled, expired))) {
				return
			}
		}
	}
}

func noteRows(d *dataset.Data) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range d.Notes {
			n := &d.Notes[i]
			if !yield(entity(n.ID, n.Created, n.Updated, dataset.UserID(n.User), dataset.UserID(n.User), orNil(n.Team != 0, dataset.TeamID(n.Team)),
				Title(n), Body(n), n.Status, int64(n.Priority), orNil(n.Deleted, n.Updated))) {
				return
			}
		}
	}
}

// Title is the note's title.
func Title(n *dataset.Note) string { return fmt.Sprintf("Note %d %x", n.Number, n.ID[8:]) }

// Body is the note's body, of about 200 bytes.
func Body(n *dataset.Note) string { return strings.Repeat(fmt.Sprintf("%x ", n.ID[:]), 6) }

// Actions are what the grant allows.
func actions(g dataset.Grant) int64 {
	if g.Edit {
		return int64(perm.View | perm.Edit)
	}
	return int64(perm.View)
}

func grantRows(d *dataset.Data) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, g := range d.Grants {
			if !yield(entity(g.ID, start, start, dataset.UserID(dataset.Users), "notes", d.Notes[g.Note-1].ID, actions(g),
				orNil(g.Expired, expired), orNil(g.User != 0, dataset.UserID(g.User)), orNil(g.Team != 0, dataset.TeamID(g.Team)), orNil(g.ByRole, roleID(g.Role)))) {
				return
			}
		}
	}
}

func projectRows(d *dataset.Data) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, p := range d.Projects {
			if !yield(entity(p.ID, p.Created, p.Created, dataset.UserID(p.User), dataset.UserID(p.User), dataset.TeamID(dataset.ProjectTeam), fmt.Sprint("Project ", p.Number))) {
				return
			}
		}
	}
}

func taskRows(d *dataset.Data) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range d.Tasks {
			t := &d.Tasks[i]
			if !yield(entity(t.ID, t.Created, t.Created, dataset.UserID(t.User), dataset.UserID(t.User), fmt.Sprint("Task ", t.Number), t.Status,
				d.Projects[t.Project-1].ID, orNil(t.Deleted, t.Created))) {
				return
			}
		}
	}
}
