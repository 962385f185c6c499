package crud

import (
	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

// deed is what is to be done to one row that is there already.
type deed uint8

const (
	toCopy deed = iota
	toUpdate
	toDelete
	toRestore
	toPurge
)

// needs is what the actor must be allowed to do to the row.
func (d deed) needs() joinery.Actions {
	switch d {
	case toCopy:
		return joinery.Copy
	case toUpdate:
		return joinery.Edit
	}
	return joinery.Delete
}

// operation is the deed as hooks and the feed are told of it. A copy is the
// creation of another row.
func (d deed) operation() query.Operation {
	switch d {
	case toCopy:
		return query.OpCreate
	case toUpdate:
		return query.OpUpdate
	case toRestore:
		return query.OpRestore
	case toPurge:
		return query.OpPurge
	}
	return query.OpDelete
}

// permits is Forbidden for whoever may not do the deed to a row that it sees,
// may telling whether its actions on the row suffice.
func (d deed) permits(actor joinery.Actor, may bool) error {
	switch {
	case !may:
		return forbidden(actor, d.needs())
	case d == toRestore && actor.Kind != joinery.Root:
		return joinery.Errorf(joinery.Forbidden, "", "only Root restores rows")
	case d == toPurge && actor.Kind != joinery.Root:
		return joinery.Errorf(joinery.Forbidden, "", "only Root purges rows")
	}
	return nil
}

// fits is a Conflict where the deed cannot be done to a row in that state.
func (d deed) fits(deleted bool) error {
	switch {
	case d == toDelete && deleted:
		return joinery.Errorf(joinery.Conflict, "already_deleted", "it is deleted already")
	case d == toRestore && !deleted:
		return joinery.Errorf(joinery.Conflict, "not_deleted", "it is not deleted")
	}
	return nil
}
