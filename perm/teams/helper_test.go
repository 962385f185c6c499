package teams_test

import (
	"errors"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/query"
)

func byTeam(team uuid.UUID) query.Query { return query.Query{Filter: query.Eq("team_id", team)} }

func asError(err error) (*joinery.Error, bool) {
	var e *joinery.Error
	ok := errors.As(err, &e)
	return e, ok
}

// hasField reports whether a field of the error has the pointer, the parameter
// or the code.
func hasField(e *joinery.Error, what string) bool {
	for _, f := range e.Fields {
		if f.Pointer == what || f.Parameter == what || f.Code == what {
			return true
		}
	}
	return false
}
