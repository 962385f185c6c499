package teams

import (
	"context"
	"fmt"

	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/perm"
)

// teamCreated is the creation of a team, as its hooks see it.
type teamCreated = crud.CreateEvent[perm.Team, CreateTeam]

// enrolOwner makes the owner of a new team a member of it. System does so:
// nobody has a role in a team that is just being made.
func (m *Managers) enrolOwner(ctx context.Context, e *teamCreated) error {
	owner := e.Row.CreatedByID
	if _, skipped := e.Skipped(); skipped || owner == nil || m.options.IDs.Contains(*owner) {
		return nil
	}
	found, err := m.hasRole(ctx, m.options.CreatorRole)
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("teams: the role %s, which owners of new teams get, does not exist: call EnsureRoles, or name another in Options.CreatorRole", m.options.CreatorRole)
	}
	_, err = m.Memberships.Create(crud.CreatedFor(m.asSystem(ctx), *owner), CreateMembership{
		TeamID: e.Row.ID, MemberID: *owner, RoleID: m.options.CreatorRole,
	})
	if err != nil {
		return fmt.Errorf("teams: enrol the owner of the team: %w", err)
	}
	return nil
}
