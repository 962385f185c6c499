package permtest

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// fields are the columns of a row that are not null, as [registry.Row] gives
// them.
type fields map[string]any

var _ registry.Row = fields(nil)

// Value is the column's value; nil for null.
func (f fields) Value(column string) any { return f[column] }

// UUID is the column's value as an id; false for null.
func (f fields) UUID(column string) (uuid.UUID, bool) {
	id, ok := f[column].(uuid.UUID)
	return id, ok
}

// id, time and text set a column unless the value stands for null.

func (f fields) id(column string, id uuid.UUID) {
	if id != null {
		f[column] = id
	}
}

func (f fields) time(column string, t time.Time) {
	if !t.IsZero() {
		f[column] = t
	}
}

// fieldsOf is the row as its table holds it.
func (w *World) fieldsOf(r Record) fields {
	f := fieldsOf(r, w.Now)
	if m := w.model(r.Table()); m != nil {
		for usual, name := range m.columns {
			f[name] = f[usual]
			delete(f, usual)
		}
	}
	return f
}

// fieldsOf is the row with the usual names of its columns.
func fieldsOf(r Record, now time.Time) fields {
	h := r.head()
	f := fields{"id": h.ID, "version": int64(1), "created_at": now, "updated_at": now}
	f.id("created_by_id", h.CreatedBy)
	if h.Deleted {
		f["deleted_at"] = now.Add(-time.Hour)
	}
	switch r := r.(type) {
	case User:
		f["title"] = Name(h.ID)
	case Team:
		f["name"] = Name(h.ID)
		f.id("parent_id", r.Parent)
	case Role:
		f.role(r)
	case Membership:
		f.membership(r)
	case Grant:
		f.grant(r)
	case Row:
		f.row(r)
	}
	return f
}

func (f fields) role(r Role) {
	f["name"] = Name(r.ID)
	f["actions"] = int64(r.Actions)
	f.id("team_id", r.Team)
	f.id("parent_id", r.Parent)
}

func (f fields) membership(m Membership) {
	f.id("team_id", m.Team)
	f.id("member_id", m.Member)
	f.id("role_id", m.Role)
	f.time("expires_at", m.ExpiresAt)
	f.time("disabled_at", m.DisabledAt)
}

func (f fields) grant(g Grant) {
	f["model"] = g.Model
	f["actions"] = int64(g.Actions)
	f.id("row_id", g.Row)
	f.id("member_id", g.Member)
	f.id("team_id", g.Team)
	f.id("role_id", g.Role)
	f.time("expires_at", g.ExpiresAt)
}

func (f fields) row(r Row) {
	f["title"] = Name(r.ID)
	f["shared"] = r.Shared
	f.id("user_id", r.Owner)
	f.id("team_id", r.Team)
	for column, to := range r.Refs {
		f.id(column, to)
	}
	if r.Rank != 0 {
		f["rank"] = r.Rank
	}
	for column, v := range r.Values {
		f[column] = v
	}
}
