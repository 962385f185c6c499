package serve

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// key is a uuid that pgx reads and writes without the detour by text that it
// takes for uuid.UUID.
type key uuid.UUID

func (k *key) ScanUUID(v pgtype.UUID) error {
	*k = v.Bytes
	return nil
}

func (k key) UUIDValue() (pgtype.UUID, error) { return pgtype.UUID{Bytes: k, Valid: true}, nil }

// optional is a key that may be null.
type optional struct {
	id   uuid.UUID
	some bool
}

func (o *optional) ScanUUID(v pgtype.UUID) error {
	o.id, o.some = v.Bytes, v.Valid
	return nil
}

// or is a pointer to the id; nil: it is null.
func (o *optional) or() *uuid.UUID {
	if !o.some {
		return nil
	}
	return &o.id
}

// pgNote is a note with the places that pgx reads its optional ids into.
type pgNote struct {
	note
	createdBy, updatedBy, deletedBy, user, team optional
}

func (n *pgNote) into(dest []any) []any {
	return append(dest, (*key)(&n.ID), &n.CreatedAt, &n.createdBy, &n.Version, &n.UpdatedAt, &n.updatedBy, &n.DeletedAt, &n.deletedBy, &n.user, &n.team, &n.Title, &n.Body, &n.Status, &n.Priority)
}

// done completes a row that was read.
func (n *pgNote) done() {
	n.CreatedByID, n.UpdatedByID, n.DeletedByID = n.createdBy.or(), n.updatedBy.or(), n.deletedBy.or()
	n.UserID, n.TeamID = n.user.or(), n.team.or()
	n.CreatedAt, n.UpdatedAt = n.CreatedAt.UTC(), n.UpdatedAt.UTC()
}

// pgTask is a task likewise.
type pgTask struct {
	task
	createdBy, updatedBy, deletedBy, user optional
}

func (t *pgTask) into(dest []any) []any {
	return append(dest, (*key)(&t.ID), &t.CreatedAt, &t.createdBy, &t.Version, &t.UpdatedAt, &t.updatedBy, &t.DeletedAt, &t.deletedBy, &t.user, &t.Title, &t.Status, (*key)(&t.ProjectID))
}

func (t *pgTask) done() {
	t.CreatedByID, t.UpdatedByID, t.DeletedByID, t.UserID = t.createdBy.or(), t.updatedBy.or(), t.deletedBy.or(), t.user.or()
	t.CreatedAt, t.UpdatedAt = t.CreatedAt.UTC(), t.UpdatedAt.UTC()
}
