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

// pgEntity are the places that pgx reads an entity's optional ids into.
type pgEntity struct{ createdBy, updatedBy, deletedBy, user optional }

func (p *pgEntity) into(e *Entity, dest []any) []any {
	return append(dest, (*key)(&e.ID), &e.CreatedAt, &p.createdBy, &e.Version, &e.UpdatedAt, &p.updatedBy, &e.DeletedAt, &p.deletedBy, &p.user)
}

func (p *pgEntity) done(e *Entity) {
	e.CreatedByID, e.UpdatedByID, e.DeletedByID, e.UserID = p.createdBy.or(), p.updatedBy.or(), p.deletedBy.or(), p.user.or()
	e.done()
}

// pgNote is a note with those places.
type pgNote struct {
	note
	ids  pgEntity
	team optional
}

func (n *pgNote) into(dest []any) []any {
	return append(n.ids.into(&n.Entity, dest), &n.team, &n.Title, &n.Body, &n.Status, &n.Priority)
}

func (n *pgNote) done() {
	n.ids.done(&n.Entity)
	n.TeamID = n.team.or()
}

// pgTask is a task with those places.
type pgTask struct {
	task
	ids pgEntity
}

func (t *pgTask) into(dest []any) []any {
	return append(t.ids.into(&t.Entity, dest), &t.Title, &t.Status, (*key)(&t.ProjectID))
}

func (t *pgTask) done() { t.ids.done(&t.Entity) }
