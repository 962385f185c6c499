package registry

import "reflect"

// The meanings a column may have for its model: what the tag role names, and
// what the fields of the mixins have by their type.
const (
	roleID        = "id"
	roleVersion   = "version"
	roleCreatedAt = "created_at"
	roleCreatedBy = "created_by"
	roleUpdatedAt = "updated_at"
	roleUpdatedBy = "updated_by"
	roleDeletedAt = "deleted_at"
	roleDeletedBy = "deleted_by"
	roleOwner     = "owner"
	roleTeam      = "team"
	roleNone      = "none" // says that a column has no meaning in spite of its name
)

// nameRole is the role that the mixins give a column with the JSON name, empty
// for other names.
func nameRole(json string) string {
	return map[string]string{
		"version": roleVersion, "user_id": roleOwner, "team_id": roleTeam,
		"created_at": roleCreatedAt, "created_by_id": roleCreatedBy,
		"updated_at": roleUpdatedAt, "updated_by_id": roleUpdatedBy,
		"deleted_at": roleDeletedAt, "deleted_by_id": roleDeletedBy,
	}[json]
}

// mixinRole is the role of a field of the mixin t, empty for other types and
// fields. Names alone give no role: a table may have a team_id that does not
// put its rows into the team.
func mixinRole(t reflect.Type, field string) string {
	if isSide(t) {
		return map[string]string{"ID": roleID, "Version": roleVersion, "CreatedAt": roleCreatedAt}[field]
	}
	switch t {
	case reflect.TypeFor[Entity]():
		return map[string]string{"ID": roleID, "Version": roleVersion, "CreatedAt": roleCreatedAt, "CreatedByID": roleCreatedBy}[field]
	case reflect.TypeFor[Updated]():
		return map[string]string{"UpdatedAt": roleUpdatedAt, "UpdatedByID": roleUpdatedBy}[field]
	case reflect.TypeFor[SoftDelete]():
		return map[string]string{"DeletedAt": roleDeletedAt, "DeletedByID": roleDeletedBy}[field]
	case reflect.TypeFor[Owned]():
		return map[string]string{"UserID": roleOwner}[field]
	case reflect.TypeFor[InTeam]():
		return map[string]string{"TeamID": roleTeam}[field]
	}
	return ""
}

// slot is where the model keeps the column of a role, and the kind such a
// column must have; nil for an unknown role.
func (m *Model) slot(role string) (**Column, Kind) {
	switch role {
	case roleID:
		return &m.ID, UUID
	case roleVersion:
		return &m.Version, Int
	case roleCreatedAt:
		return &m.CreatedAt, Time
	case roleCreatedBy:
		return &m.CreatedBy, UUID
	case roleUpdatedAt:
		return &m.UpdatedAt, Time
	case roleUpdatedBy:
		return &m.UpdatedBy, UUID
	case roleDeletedAt:
		return &m.DeletedAt, Time
	case roleDeletedBy:
		return &m.DeletedBy, UUID
	case roleOwner:
		return &m.Owner, UUID
	case roleTeam:
		return &m.Team, UUID
	}
	return nil, 0
}

// setRole gives c its role and returns what speaks against it, or "".
func (m *Model) setRole(c *Column, role string) string {
	slot, kind := m.slot(role)
	switch {
	case slot == nil:
		return `has an unknown tag role: use none, id, version, owner, team, created_at, created_by, updated_at, updated_by, deleted_at or deleted_by`
	case *slot != nil:
		return "has the role " + role + ", which " + (*slot).Field + " has already"
	case c.Kind != kind:
		return "has the role " + role + ", which takes a column of kind " + kind.String() + ", not " + c.Kind.String()
	case role == roleDeletedAt && !c.Nullable:
		return "has the role deleted_at and must be a pointer: live rows have null there"
	case (role == roleID || role == roleVersion) && c.Nullable:
		return "has the role " + role + " and cannot be a pointer"
	}
	*slot = c
	written := role == roleOwner || role == roleTeam || role == roleID && c.Ref != nil
	if c.Visibility == ReadWrite && !written {
		c.Visibility = ReadOnly // the toolkit writes it, no caller does
	}
	return ""
}
