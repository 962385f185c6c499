package crud

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"
)

// Options change how a manager works. Nil and the zero value mean the
// defaults.
type Options struct {
	Now   func() time.Time          // the clock; nil: time.Now
	NewID func() (uuid.UUID, error) // ids of new rows; nil: uuid.NewV7

	// Feed is where changes are published; nil: the one of [FeedOf].
	Feed *Feed

	// RowCache keeps the content of rows that are read by Get; nil: none is
	// kept.
	RowCache *RowCache

	// Search are fields of a filter that are no columns, by name.
	Search map[string]Search
}

// Search is a custom search field: SQL turns the value of a filter into a
// condition on the model's table, whose columns it names without a table. The
// value is what the request gave: a string from a URL, a JSON value from a
// body, anything from Go. An error of kind Malformed refuses the value.
type Search struct {
	SQL     func(ctx context.Context, value any) (squirrel.Sqlizer, error)
	Doc     string // for the API document
	Example string
}
