package teams

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
	"github.com/joinery-go/joinery/registry"
)

// RoleIDs are the ids of the three roles that every app starts with.
type RoleIDs struct {
	User       uuid.UUID // View, Execute, Copy
	Admin      uuid.UUID // those of User, and Edit, Delete
	Superadmin uuid.UUID // those of Admin, and Share
}

// WellKnownRoles are the constant ids under which [Managers.EnsureRoles]
// writes the three roles: 00000000-0000-7000-8000-000000000011 for user, …12
// for admin, …13 for superadmin.
func WellKnownRoles() RoleIDs {
	id := func(last byte) uuid.UUID { return uuid.UUID{6: 0x70, 8: 0x80, 15: last} }
	return RoleIDs{User: id(0x11), Admin: id(0x12), Superadmin: id(0x13)}
}

// EnsureRoles writes the roles user, admin and superadmin under the ids of
// [WellKnownRoles] where they are missing, each the parent of the next. It
// acts as System, whoever acts in ctx. Roles that exist are left as they are,
// also deleted ones, so it may be called at every start and by several
// processes at once.
func (m *Managers) EnsureRoles(ctx context.Context) error {
	ids := WellKnownRoles()
	ctx = crud.CreatedFor(m.asSystem(ctx), m.options.IDs.System)
	for _, role := range []perm.Role{
		{Entity: registry.Entity{ID: ids.User}, Name: "user", Actions: perm.View | perm.Execute | perm.Copy},
		{Entity: registry.Entity{ID: ids.Admin}, Name: "admin", ParentID: &ids.User, Actions: perm.Edit | perm.Delete},
		{Entity: registry.Entity{ID: ids.Superadmin}, Name: "superadmin", ParentID: &ids.Admin, Actions: perm.Share},
	} {
		if err := m.ensureRole(ctx, role); err != nil {
			return fmt.Errorf("teams: write the role %s: %w", role.Name, err)
		}
	}
	return nil
}

func (m *Managers) ensureRole(ctx context.Context, role perm.Role) error {
	found, err := m.hasRole(ctx, role.ID)
	if err != nil || found {
		return err
	}
	// In a transaction of its own, which a savepoint is inside the caller's:
	// the failed INSERT must not take more along.
	err = sqldb.InTx(ctx, m.db, func(ctx context.Context) error {
		_, err := m.Roles.CreateRow(ctx, role)
		return err
	})
	if err == nil {
		return nil
	}
	if found, again := m.hasRole(ctx, role.ID); again == nil && found {
		return nil // another process was faster
	}
	return err
}

// hasRole reports whether the role is in the table, deleted or not.
func (m *Managers) hasRole(ctx context.Context, id uuid.UUID) (bool, error) {
	var one int64
	return sqldb.Row(ctx, m.db, sqldb.Raw("SELECT 1 FROM roles WHERE id = ?", id), &one)
}

// asSystem is ctx with the process itself acting.
func (m *Managers) asSystem(ctx context.Context) context.Context {
	return joinery.WithActor(ctx, joinery.Actor{ID: m.options.IDs.System, Kind: joinery.System})
}
