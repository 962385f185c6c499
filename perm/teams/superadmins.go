package teams

import (
	"context"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/perm"
)

type (
	roleUpdate       = crud.UpdateEvent[perm.Role, UpdateRole]
	membershipUpdate = crud.UpdateEvent[perm.Membership, UpdateMembership]
)

// guard is what the Before hook of a change tells its After hook, in the
// event's input. The rows of a batch are all changed before the first After
// hook runs: only there it shows what they amount to together.
type guard struct{ *perm.Superadmins }

// verify asks after the change. Without a guard there was nothing to watch.
func (g guard) verify(ctx context.Context) error {
	if g.Superadmins == nil {
		return nil
	}
	return g.Verify(ctx)
}

// guardMembership notes whether the membership's team has a superadmin.
func (m *Managers) guardMembership(ctx context.Context, e *membershipUpdate) (err error) {
	if e.Input.RoleID.IsSet() || e.Input.ExpiresAt.IsSet() || e.Input.DisabledAt.IsSet() {
		e.Input.guard.Superadmins, err = m.engine.GuardSuperadmins(ctx, m.Memberships.Model(), e.ID)
	}
	return err
}

// verifyMembership refuses a change after which the team has none.
func (m *Managers) verifyMembership(ctx context.Context, e *membershipUpdate) error {
	return e.Input.guard.verify(ctx)
}

// guardRole notes which teams have a superadmin, of those where the role
// counts.
func (m *Managers) guardRole(ctx context.Context, e *roleUpdate) (err error) {
	if e.Input.Actions.IsSet() || e.Input.ParentID.IsSet() {
		e.Input.guard.Superadmins, err = m.engine.GuardSuperadmins(ctx, m.Roles.Model(), e.ID)
	}
	return err
}

// verifyRole refuses a change after which one of them has none. Deleting a
// role needs no guard: a role that a membership or another role names cannot
// be deleted.
func (m *Managers) verifyRole(ctx context.Context, e *roleUpdate) error {
	return e.Input.guard.verify(ctx)
}

// spareLastOne refuses to delete a membership without which the team has no
// superadmin. A team that is being deleted is so before its memberships are,
// and is exempt.
func (m *Managers) spareLastOne(ctx context.Context, e *crud.DeleteEvent[perm.Membership]) error {
	g, err := m.engine.GuardSuperadmins(ctx, m.Memberships.Model(), e.ID)
	if err != nil {
		return err
	}
	return g.VerifyWithout(ctx, e.ID)
}
