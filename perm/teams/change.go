package teams

import (
	"context"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/perm"
)

type (
	roleUpdate       = crud.UpdateEvent[perm.Role, UpdateRole]
	grantUpdate      = crud.UpdateEvent[perm.Grant, UpdateGrant]
	membershipUpdate = crud.UpdateEvent[perm.Membership, UpdateMembership]
)

// judgeRole asks whether the role may allow what it is to allow. A manager
// judges by itself only where a row goes, a new parent included.
func (m *Managers) judgeRole(ctx context.Context, e *roleUpdate) error {
	actions, set := e.Input.Actions.Get()
	if !set || e.Input.ParentID.IsSet() {
		return nil
	}
	changed := e.Row
	changed.Actions = actions
	model := m.Roles.Model()
	return m.engine.Place(ctx, model, model.RowOf(&e.Row), model.RowOf(&changed))
}

// judgeGrant asks the same of a grant.
func (m *Managers) judgeGrant(ctx context.Context, e *grantUpdate) error {
	actions, set := e.Input.Actions.Get()
	if !set {
		return nil
	}
	changed := e.Row
	changed.Actions = actions
	model := m.Grants.Model()
	return m.engine.Place(ctx, model, model.RowOf(&e.Row), model.RowOf(&changed))
}
