package query

import "github.com/google/uuid"

// AnyVersion in place of a version changes the row whatever its version is.
const AnyVersion int64 = -1

// Ident names a row and the version of it that the caller saw.
type Ident struct {
	ID      uuid.UUID `json:"id"`
	Version int64     `json:"version"` // may be AnyVersion; models without versions ignore it
}

// Change is one row's part of a batch of updates. U is the model's update
// form.
type Change[U any] struct {
	ID      uuid.UUID
	Version int64 // as in Ident
	Update  U
}

// Page is a part of a list, in the order of its sort. One without rows names
// neither a next nor a previous one.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`  // for Query.After; empty: no row follows
	Prev  string `json:"prev,omitempty"`  // for Query.Before; empty: no row precedes, or the page was not reached by a cursor
	Total *int64 `json:"total,omitempty"` // nil: not asked for
}

// Operation is what is done to a row or a list.
type Operation string

// The operations that hooks and feeds tell apart.
const (
	OpCreate  Operation = "create"
	OpUpdate  Operation = "update"
	OpDelete  Operation = "delete"  // soft, where the model is so
	OpRestore Operation = "restore" // of a softly deleted row
	OpPurge   Operation = "purge"   // for good, where deleted rows are kept
	OpGet     Operation = "get"
	OpList    Operation = "list"
)

// Changed is the news of one committed change.
type Changed struct {
	Model   string    `json:"model"` // table name
	Op      Operation `json:"op"`
	ID      uuid.UUID `json:"id"`
	Version int64     `json:"version"` // after the change; 0 for models without versions
}
