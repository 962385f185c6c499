package e2e_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/matryer/is"

	"github.com/joinery-go/joinery"
)

// Who moves a row to where it does not see it is told that it is done, and no
// more.
func TestGivingARowAway(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		s, c := startService(t, b, nil)
		boss, clerk := newUser(), newUser()
		desk := c.create(t, boss, "/v1/teams", object{"name": "desk"})
		inbox := c.create(t, boss, "/v1/teams", object{"name": "inbox"})
		join := func(team uuid.UUID, actions joinery.Actions) {
			role := s.role(t, "role", actions)
			c.create(t, boss, "/v1/memberships", object{"team_id": team, "member_id": clerk.ID, "role_id": role})
		}
		join(desk.ID, joinery.View|joinery.Edit|joinery.Delete)
		// The clerk knows of the inbox and may put things there, but not look.
		join(inbox.ID, joinery.Edit)
		c.create(t, boss, "/v1/grants", object{"model": "teams", "row_id": inbox.ID, "actions": []string{"view"}, "member_id": clerk.ID})

		letter := c.create(t, boss, "/v1/items", object{"title": "letter", "team_id": desk.ID})
		path := "/v1/items/" + letter.ID.String()
		c.gives(t, clerk, path, object{"team_id": inbox.ID})
		var row struct {
			TeamID uuid.UUID `json:"team_id"`
		}
		c.do(t, boss, "GET", path, nil).want(t, 200).into(t, &row)
		is.New(t).Equal(row.TeamID, inbox.ID)
	})
}

// An owner who makes somebody else the owner loses the row too.
func TestGivingOwnershipAway(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		_, c := startService(t, b, nil)
		giver, taker := newUser(), newUser()
		item := c.create(t, giver, "/v1/items", object{"title": "gift"})
		c.gives(t, giver, "/v1/items/"+item.ID.String(), object{"user_id": taker.ID})
		c.do(t, taker, "GET", "/v1/items/"+item.ID.String(), nil).want(t, 200)
	})
}

// gives sends the change by which the actor loses the row of version 1.
func (c *client) gives(t *testing.T, actor joinery.Actor, path string, change object) {
	t.Helper()
	is := is.New(t)
	c.do(t, actor, "GET", path, nil).want(t, 200)
	got := c.do(t, actor, "PATCH", path, change, "If-Match", `"1"`).want(t, 204)
	is.Equal(string(got.body), "")
	is.Equal(got.header.Get("ETag"), "")
	is.Equal(got.header.Get("Content-Type"), "")
	c.do(t, actor, "GET", path, nil).want(t, 404)
}
