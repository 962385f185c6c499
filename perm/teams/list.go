package teams

import (
	"context"
	"math"
	"slices"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud"
	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/hook"
	"github.com/joinery-go/joinery/perm"
)

// requireRow refuses a list of grants on more than one row: who may see a
// grant depends on its row, so that a list over all would have to judge every
// row of every model.
func requireRow(_ context.Context, e *crud.ListEvent[perm.Grant]) error {
	var fields []joinery.FieldError
	for _, name := range []string{"model", "row_id"} {
		if !pins(e.Query.Filter, name) {
			fields = append(fields, joinery.FieldError{
				Parameter: name, Code: "required", Message: "is required: grants are listed for one row, as ?model=notes&row_id=…",
			})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &joinery.Error{
		Kind: joinery.Malformed, Code: "bad_query",
		Message: "a list of grants names the row they are on, by model and row_id", Fields: fields,
	}
}

// pins reports whether the filter holds for one value of the field only.
func pins(f query.Filter, field string) bool {
	if f.Op == query.OpAnd {
		return slices.ContainsFunc(f.Filters, func(part query.Filter) bool { return pins(part, field) })
	}
	return f.Op == query.OpEq && f.Field == field
}

// named is the name of a hook of this package, by which an app can remove it.
func named(rule string) hook.Option { return hook.Name("teams." + rule) }

// last makes a hook run after those of an app.
func last() hook.Option { return hook.Priority(math.MaxInt) }
