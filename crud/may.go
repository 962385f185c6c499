package crud

import (
	"context"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// Access is what the context's actor may do with the row. A row that is
// missing or that the actor may not see is NotFound. Unsupported where the
// manager's Access is no [Actioner]; with [Unrestricted] it is all actions.
func (m *Manager[T, C, U]) Access(ctx context.Context, id uuid.UUID) (joinery.Actions, error) {
	c := m.core
	if _, err := c.begin(ctx); err != nil {
		return 0, err
	}
	if _, all := c.access.(unrestricted); all {
		if hidden, err := c.hidden(ctx, id); err != nil || hidden {
			return 0, notFoundOr(c, err)
		}
		return joinery.AllActions, nil
	}
	actioner, ok := c.access.(Actioner)
	if !ok {
		return 0, joinery.Errorf(joinery.Unsupported, "", "what one may do with a row is not told here")
	}
	rows, err := actioner.Actions(ctx, c.model, id)
	may, visible := rows[id]
	if err != nil || !visible {
		return 0, notFoundOr(c, err)
	}
	return may, nil
}

// Explain is why who may do the one action a to the row, or may not. The
// context's actor asks: what it may not see is redacted. Errors are those of
// the manager's Access: for the asker's own verdict it must see the row, else
// that is NotFound; for another's it needs Share, else Forbidden. Unsupported
// where Access is no [Explainer]; with [Unrestricted] the answer is always yes.
func (m *Manager[T, C, U]) Explain(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error) {
	c := m.core
	if _, err := c.begin(ctx); err != nil {
		return registry.Explanation{}, err
	}
	if _, all := c.access.(unrestricted); all {
		return c.unrestrictedAnswer(ctx, who, id, a)
	}
	if explainer, ok := c.access.(Explainer); ok {
		return explainer.Explain(ctx, who, c.model, a, id)
	}
	return registry.Explanation{}, joinery.Errorf(joinery.Unsupported, "", "permissions are not explained here")
}

// unrestrictedAnswer is yes, which no line of the rules says, except for deleted
// rows, which Root alone may see.
func (c *core) unrestrictedAnswer(ctx context.Context, who joinery.Actor, id uuid.UUID, a joinery.Actions) (registry.Explanation, error) {
	row := c.newRow()
	found, err := c.readOne(ctx, id, c.columns, row)
	if err != nil || !found {
		return registry.Explanation{}, notFoundOr(c, err)
	}
	e := registry.Explanation{
		Model: c.model.Table, ID: id, Action: a.String(), Allowed: true, Reason: "Permissions are not restricted.",
	}
	if c.deleted(row) {
		e.Allowed, e.Rule, e.Reason = who.Kind == joinery.Root, 2, "The row is deleted."
		if e.Allowed {
			e.Rule, e.Reason = 1, "Root may do everything, with deleted rows too."
		}
	}
	return e, nil
}

func notFoundOr(c *core, err error) error {
	if err != nil {
		return err
	}
	return c.notFound()
}
