package registry

import "github.com/google/uuid"

// Row is a row of a model in memory, read by column name. A Row of a model is
// made by [Model.RowOf].
type Row interface {
	// Value is the column's value with pointers followed: uuid.UUID for
	// references too, string, bool, int64, float64, time.Time, or the Go value
	// for JSON. Nil for null and for columns the model lacks.
	Value(column string) any

	// UUID is the column's value as an id; false for null and for columns
	// that are no id or that the model lacks.
	UUID(column string) (uuid.UUID, bool)
}
