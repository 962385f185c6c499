package teams

import (
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
)

// CreateTeam is what a caller may send to create a team. A team with a parent
// needs the right to create in it.
type CreateTeam struct {
	Name     string     `json:"name" example:"Telescope crew"`
	ParentID *uuid.UUID `json:"parent_id"`
}

// UpdateTeam is what a caller may change of a team. To move it, one needs Edit
// and Delete on it and the right to create in the new parent.
type UpdateTeam struct {
	Name     crud.Opt[string]    `json:"name,omitzero" example:"Telescope crew"`
	ParentID crud.Opt[uuid.UUID] `json:"parent_id,omitzero"`
}

// CreateRole is what a caller may send to create a role. Its effective actions
// must be among those the caller has in the team.
type CreateRole struct {
	Name     string          `json:"name" example:"Guide"`
	TeamID   *uuid.UUID      `json:"team_id"`
	ParentID *uuid.UUID      `json:"parent_id"`
	Actions  joinery.Actions `json:"actions"`
}

// UpdateRole is what a caller may change of a role; its team is fixed.
type UpdateRole struct {
	Name     crud.Opt[string]          `json:"name,omitzero" example:"Guide"`
	ParentID crud.Opt[uuid.UUID]       `json:"parent_id,omitzero"`
	Actions  crud.Opt[joinery.Actions] `json:"actions,omitzero"`

	guard guard
}

// CreateMembership is what a caller may send to make somebody a member.
type CreateMembership struct {
	TeamID     uuid.UUID  `json:"team_id"`
	MemberID   uuid.UUID  `json:"member_id"`
	RoleID     uuid.UUID  `json:"role_id"`
	ExpiresAt  *time.Time `json:"expires_at"`
	DisabledAt *time.Time `json:"disabled_at"`
}

// UpdateMembership is what a caller may change of a membership; its team and
// member are fixed.
type UpdateMembership struct {
	RoleID     crud.Opt[uuid.UUID] `json:"role_id,omitzero"`
	ExpiresAt  crud.Opt[time.Time] `json:"expires_at,omitzero"`
	DisabledAt crud.Opt[time.Time] `json:"disabled_at,omitzero"`

	guard guard
}

// CreateGrant is what a caller may send to share a row: with a user
// (member_id), with a team, with a role within a team (both), or with a role
// anywhere.
type CreateGrant struct {
	Model     string          `json:"model" example:"notes"`
	RowID     uuid.UUID       `json:"row_id"`
	Actions   joinery.Actions `json:"actions"`
	ExpiresAt *time.Time      `json:"expires_at"`
	MemberID  *uuid.UUID      `json:"member_id"`
	TeamID    *uuid.UUID      `json:"team_id"`
	RoleID    *uuid.UUID      `json:"role_id"`
}

// UpdateGrant is what a caller may change of a grant; its row and target are
// fixed.
type UpdateGrant struct {
	Actions   crud.Opt[joinery.Actions] `json:"actions,omitzero"`
	ExpiresAt crud.Opt[time.Time]       `json:"expires_at,omitzero"`
}
