package perm

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// Table names of the models that the rules themselves are kept in. They are
// fixed; an app that wants more columns registers structs of its own for these
// tables before it calls [New].
const (
	TeamsTable       = "teams"
	RolesTable       = "roles"
	MembershipsTable = "memberships"
	GrantsTable      = "grants"
)

// Team is a group of people, one node of a tree. Who reaches a team reaches
// every live team below it.
type Team struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	Name     string     `json:"name" validate:"required,max=200" doc:"Name." sortable:"true"`
	ParentID *uuid.UUID `json:"parent_id" ref:"self" doc:"The team above this one; null at the top."`
}

// Table describes the table teams.
func (Team) Table() registry.Table {
	return registry.Table{
		Name:    TeamsTable,
		Comment: "Groups of people, as trees.",
		Indexes: []registry.Index{{Columns: []string{"parent_id"}}},
	}
}

// Role is a named set of actions, extended by those of the roles above it.
type Role struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	Name     string          `json:"name" validate:"required,max=200" doc:"Name." sortable:"true"`
	TeamID   *uuid.UUID      `json:"team_id" ref:"teams" doc:"The role is usable in this team and below; null: in every team. Fixed at creation."`
	ParentID *uuid.UUID      `json:"parent_id" ref:"self" doc:"The role whose actions this one has too; null: none."`
	Actions  joinery.Actions `json:"actions" doc:"What the role allows by itself."`
}

// Table describes the table roles.
func (Role) Table() registry.Table {
	return registry.Table{
		Name:    RolesTable,
		Comment: "Named sets of actions, as trees.",
		Indexes: []registry.Index{{Columns: []string{"parent_id"}}, {Columns: []string{"team_id"}}},
	}
}

// Membership is a person's role in a team.
type Membership struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	TeamID     uuid.UUID  `json:"team_id" ref:"teams,cascade" doc:"The team. Fixed at creation."`
	MemberID   uuid.UUID  `json:"member_id" validate:"required" doc:"The user. Fixed at creation."`
	RoleID     uuid.UUID  `json:"role_id" ref:"roles" doc:"What the user may do in the team and below."`
	ExpiresAt  *time.Time `json:"expires_at" doc:"When the membership ends by itself; null: never."`
	DisabledAt *time.Time `json:"disabled_at" doc:"Since when the membership is switched off; null: it is not."`
}

// Table describes the table memberships.
func (Membership) Table() registry.Table {
	return registry.Table{
		Name:    MembershipsTable,
		Comment: "Who is in which team, with which role.",
		// One role in one team is given once: ending the membership ends it.
		Unique: []registry.Unique{{Columns: []string{"member_id", "team_id", "role_id"}}},
		Indexes: []registry.Index{
			{Columns: []string{"team_id"}},
			{Columns: []string{"role_id"}},
		},
	}
}

// Grant lets a user, a team, a role within a team, or a role anywhere act on
// one row. Exactly one of these four targets is set.
type Grant struct {
	registry.Entity
	registry.Updated
	registry.SoftDelete
	Model     string          `json:"model" validate:"required,max=63" doc:"Table name of the row's model. Fixed at creation."`
	RowID     uuid.UUID       `json:"row_id" validate:"required" doc:"The row. Fixed at creation."`
	Actions   joinery.Actions `json:"actions" doc:"What the target may do with the row."`
	ExpiresAt *time.Time      `json:"expires_at" doc:"When the grant ends by itself; null: never."`
	MemberID  *uuid.UUID      `json:"member_id" doc:"The target, if it is a user. Fixed at creation."`
	TeamID    *uuid.UUID      `json:"team_id" ref:"teams,cascade" doc:"The target, if it is everyone who reaches a team; with role_id: with that role or one below it. Fixed at creation."`
	RoleID    *uuid.UUID      `json:"role_id" ref:"roles,cascade" doc:"The target, if it is everyone with an active membership in a role or one below it. Fixed at creation."`
}

// Table describes the table grants.
func (Grant) Table() registry.Table {
	return registry.Table{
		Name:    GrantsTable,
		Comment: "What single rows are shared with whom.",
		Indexes: []registry.Index{
			{Columns: []string{"model", "row_id"}},
			{Columns: []string{"member_id", "model", "row_id"}},
			{Columns: []string{"team_id", "model", "row_id"}},
			{Columns: []string{"role_id", "team_id", "model", "row_id"}},
		},
	}
}
