package perm

import (
	"github.com/google/uuid"

	joinery "github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/registry"
)

// CheckSQL is the text of a check by a signed-in user, 0 for Actions.
func CheckSQL(e *Engine, m *registry.Model, _ joinery.Actions) string {
	_ = e.prepare()
	actor := joinery.Actor{ID: uuid.Max, Kind: joinery.User}
	build := checkKey{m, user}.query
	s, err := e.statement(user, actor, build)
	if err != nil {
		return err.Error()
	}
	return s.template.SQL()
}
