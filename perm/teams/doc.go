// Package teams manages what package perm decides by: teams, roles,
// memberships and grants, each as a [crud.Manager] over the same database.
//
//	engine, err := perm.New(reg, db, nil)
//	m, err := teams.New(reg, db, engine, nil)
//	err = m.EnsureRoles(ctx)                                     // user, admin, superadmin
//	crew, err := m.Teams.Create(ctx, teams.CreateTeam{Name: "Crew"})
//	_, err = m.Memberships.Create(ctx, teams.CreateMembership{TeamID: crew.ID, MemberID: ben, RoleID: teams.WellKnownRoles().User})
//
// Who may do what to these rows is written in package perm's contract, and
// asked by the engine like that of any other row. What this package adds:
//
//   - What is fixed at creation is no part of an Update input: a membership's
//     team and member, a role's team, a grant's model, row and target.
//   - The owner of a new team becomes a member of it with
//     [Options].CreatorRole, in the transaction that creates the team.
//   - A team keeps a superadmin: see below.
//   - Grants are listed for one row at a time: a list whose filter does not
//     name model and row_id is Malformed.
//
// # Sharing
//
// [Managers.Share] and [Managers.Unshare] are what most apps need of grants:
//
//	_, err = m.Share(ctx, teams.Sharing{Model: "notes", RowID: note.ID, With: teams.WithUser(ben), Actions: perm.View})
//	err = m.Unshare(ctx, "notes", note.ID, teams.WithUser(ben))
//
// Sharing again with the same target changes what it may do and until when;
// both may be repeated.
//
// # The last superadmin
//
// A team that has a direct, active membership without an end whose role
// includes Share keeps one: a change or deletion of memberships after which it
// had none is a Conflict with code last_superadmin, and so is a change of a
// role, or of one that it descends from. The teams concerned are locked until
// the transaction ends, so that two changes at once cannot each rely on the
// membership that the other takes away. Root is exempt, and so is what happens
// because the team itself is deleted.
package teams
