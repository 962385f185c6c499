package query

import "github.com/google/uuid"

// AnyVersion in place of a version changes the row whatever its version is.
const AnyVersion int64 = -1

// Change is one row's part of a batch update.
type Change[U any] struct {
	ID      uuid.UUID
	Version int64 // as the caller saw it, or [AnyVersion]
	Update  U
}

// Ident names a row and the version of it that the caller saw.
type Ident struct {
	ID      uuid.UUID `json:"id"`
	Version int64     `json:"version"` // or [AnyVersion]
}

// Changed says that a row was changed; what it is now, the reader asks with
// its own permissions.
type Changed struct {
	Model   string // table name
	Op      Operation
	ID      uuid.UUID
	Version int64 // the new one; 0 where the model has none
}
