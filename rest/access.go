package rest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
)

// permitted is what GET …/:id/access answers without explain.
type permitted struct {
	Can joinery.Actions `json:"can"`
}

// access answers what the caller may do to the row, or with explain why it, or
// another user, may do one thing or not.
func (s *resource[T, C, U]) access(c *call) error {
	id, err := pathID(c.param("id"))
	if err != nil {
		return err
	}
	q, err := s.readAccess(c)
	if err != nil {
		return err
	}
	if err := s.checkParent(c); err != nil {
		return err
	}
	if err := s.withinParent(c, id); err != nil {
		return err
	}
	if q.action != 0 {
		return s.explain(c, id, q)
	}
	can, err := s.ops.Access(c.r.Context(), id)
	if err != nil {
		return err
	}
	return c.sendJSON(http.StatusOK, permitted{can})
}

func (s *resource[T, C, U]) explain(c *call, id uuid.UUID, q accessQuery) error {
	why, err := s.ops.Explain(c.r.Context(), q.who, id, q.action)
	if err != nil {
		return err
	}
	return c.sendJSON(http.StatusOK, why)
}

// accessQuery is what a request for access asks.
type accessQuery struct {
	action joinery.Actions // 0: what the caller may do at all
	who    joinery.Actor   // of whom action is asked
}

// accessParameters are those of a resource that can explain; one that cannot
// takes none.
var accessParameters = []string{"explain", "user"}

func (m *mounted) readAccess(c *call) (q accessQuery, err error) {
	values, err := parseQuery(c.r)
	if err != nil {
		return q, err
	}
	if !m.explains {
		return q, onlyParameters(values)
	}
	if err := onlyParameters(values, accessParameters...); err != nil {
		return q, err
	}
	for _, name := range accessParameters {
		if len(values[name]) > 1 {
			return q, malformedParameter(name, "repeated", "may be given once")
		}
	}
	if q.action, err = readAction(values); err != nil {
		return q, err
	}
	q.who, err = readWho(c, values, q.action)
	return q, err
}

func readAction(values url.Values) (joinery.Actions, error) {
	if !values.Has("explain") {
		return 0, nil
	}
	action, err := joinery.ParseActions(values.Get("explain"))
	if err != nil {
		err = malformedParameter("explain", "unknown_action", "must be one of "+strings.Join(joinery.AllActions.Names(), ", "))
	}
	return action, err
}

// readWho is the user that the URL names, else the caller.
func readWho(c *call, values url.Values, action joinery.Actions) (joinery.Actor, error) {
	if !values.Has("user") {
		return joinery.ActorFrom(c.r.Context())
	}
	if action == 0 {
		return joinery.Actor{}, malformedParameter("user", "without_explain", "needs explain beside it: without it the answer is what the caller may do")
	}
	id, err := pathID(values.Get("user"))
	if err != nil {
		return joinery.Actor{}, malformedParameter("user", "wrong_type", "must be a UUID")
	}
	return joinery.Actor{ID: id, Kind: joinery.User}, nil
}

// sendJSON answers with a value that is no row.
func (c *call) sendJSON(status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	c.send(status, body)
	return nil
}
