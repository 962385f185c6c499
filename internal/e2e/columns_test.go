package e2e_test

import (
	"reflect"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/perm/permtest"
)

// columns are what a record of a world says of the fields that a caller sends,
// null as nil.
type columns map[string]any

func columnsOf(r permtest.Record) columns {
	c := columns{}
	switch r := r.(type) {
	case permtest.Team:
		c.id("parent_id", r.Parent)
	case permtest.Role:
		c["actions"] = r.Actions.Names()
		c.id("team_id", r.Team)
		c.id("parent_id", r.Parent)
	case permtest.Membership:
		c.id("team_id", r.Team)
		c.id("member_id", r.Member)
		c.id("role_id", r.Role)
		c.time("expires_at", r.ExpiresAt)
		c.time("disabled_at", r.DisabledAt)
	case permtest.Grant:
		c["model"], c["row_id"], c["actions"] = r.Model, r.Row, r.Actions.Names()
		c.id("member_id", r.Member)
		c.id("team_id", r.Team)
		c.id("role_id", r.Role)
		c.time("expires_at", r.ExpiresAt)
	case permtest.Row:
		c.row(r)
	}
	return c
}

func (c columns) row(r permtest.Row) {
	c.id("user_id", r.Owner)
	c.id("team_id", r.Team)
	for _, m := range permtest.Models() {
		for _, ref := range m.Refs {
			if m.Table == r.Model {
				c.id(ref.Column, r.Refs[ref.Column])
			}
		}
	}
	if r.Model == "notes" {
		c["shared"], c["rank"] = r.Shared, nil
		if r.Rank != 0 {
			c["rank"] = r.Rank
		}
	}
}

func (c columns) id(name string, id uuid.UUID) {
	if c[name] = nil; id != uuid.Nil {
		c[name] = id
	}
}

func (c columns) time(name string, at time.Time) {
	if c[name] = nil; !at.IsZero() {
		c[name] = at
	}
}

// set are the columns that are not null.
func (c columns) set() columns {
	kept := columns{}
	for name, v := range c {
		if v != nil {
			kept[name] = v
		}
	}
	return kept
}

// since are the columns that differ from the old ones.
func (c columns) since(old columns) columns {
	changed := columns{}
	for name, v := range c {
		if !reflect.DeepEqual(v, old[name]) {
			changed[name] = v
		}
	}
	return changed
}

// touch is a change of a row of the table by which no rule is concerned; for
// models that have nothing but references, one is sent as it is.
func touch(table string, r permtest.Record) columns {
	same := func(name string) columns {
		c := columns{name: nil}
		if r != nil {
			c[name] = columnsOf(r)[name]
		}
		return c
	}
	switch table {
	case "teams", "roles":
		return columns{"name": "touched"}
	case "memberships":
		return same("disabled_at")
	case "grants":
		return same("expires_at")
	case "notes":
		return columns{"rank": 1}
	case "comments":
		return same("mention_id")
	case "folders":
		return same("user_id")
	case "boxes":
		return same("link_id")
	case "attachments":
		return same("article_id")
	}
	return columns{"title": "touched"}
}
