package perm

import (
	"context"
	"fmt"
	"slices"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// chains are the teams and roles that paths lead over, and those above them.
type chains struct {
	teams, roles map[uuid.UUID]above
}

// above is a team or role and what is above it.
type above struct {
	parent  uuid.UUID
	name    string
	actions Actions // of a role
}

// chains reads what the paths need, in a statement for the teams and one for
// the roles.
func (x *explaining) chains(ctx context.Context, found map[int][]led) (chains, error) {
	var teams, roles []uuid.UUID
	for i, s := range x.searches {
		teams, roles = append(teams, s.team), append(roles, s.role)
		for _, l := range found[i] {
			roles = append(roles, l.role)
		}
	}
	var c chains
	var err error
	if c.teams, err = x.chain(ctx, x.e.bound.teams, "0", teams); err != nil {
		return c, err
	}
	c.roles, err = x.chain(ctx, x.e.bound.roles, "p_at.actions", roles)
	return c, err
}

// chain are the rows with the ids and those above them, so many steps high that
// a path can be told.
func (x *explaining) chain(ctx context.Context, m *registry.Model, actions string, ids []uuid.UUID) (map[uuid.UUID]above, error) {
	ids = slices.DeleteFunc(ids, func(id uuid.UUID) bool { return id == uuid.Nil })
	if len(ids) == 0 {
		return nil, nil
	}
	columns := "p_at.id, p_at.parent_id, " + nameOf(m, "p_at") + ", " + actions
	stmt := squirrel.Expr("WITH RECURSIVE p_up (id, parent_id, name, actions, n) AS ("+
		"SELECT "+columns+", 0 FROM "+m.Table+" p_at WHERE ? "+
		"UNION SELECT "+columns+", p_up.n + 1 FROM p_up JOIN "+m.Table+" p_at ON p_at.id = p_up.parent_id WHERE p_up.n < "+fmt.Sprint(maxChain)+
		") SELECT DISTINCT p_up.id, COALESCE(p_up.parent_id, ?), p_up.name, p_up.actions FROM p_up",
		sqldb.In(x.e.dialect, "p_at.id", ids), uuid.Nil)
	found := map[uuid.UUID]above{}
	err := x.readRows(ctx, stmt, func(rows sqldb.Rows) error {
		var id uuid.UUID
		var a above
		var actions int64
		err := rows.Scan(&id, &a.parent, &a.name, &actions)
		a.actions = Actions(actions)
		found[id] = a
		return err
	})
	return found, err
}

// write1 writes a membership into its path.
func (x *explaining) write1(c chains, s *search, l led, path *registry.ExplainedPath) {
	b := &x.e.bound
	path.Membership = &registry.ExplainedLink{ID: l.id, ExpiresAt: l.expires}
	x.note(linked{m: b.memberships}, path.Membership)
	path.Role = &registry.ExplainedLink{ID: l.role, Name: l.roleName}
	x.note(linked{m: b.roles}, path.Role)
	if by, ok := c.by(s, l); ok && by != l.role {
		path.By = &registry.ExplainedLink{ID: by, Name: c.roles[by].name}
		x.note(linked{m: b.roles}, path.By)
	}
	path.Teams, path.Cut = c.down(s, l)
	for i := range path.Teams {
		x.note(linked{m: b.teams}, &path.Teams[i])
	}
}

// writeTarget names the team and the role that a grant is for.
func (x *explaining) writeTarget(c chains, s *search) {
	if s.path == nil {
		return
	}
	if s.team != uuid.Nil {
		s.path.Grant.Team = &registry.ExplainedLink{ID: s.team, Name: c.teams[s.team].name}
		x.note(linked{m: x.e.bound.teams}, s.path.Grant.Team)
	}
	if s.role != uuid.Nil {
		s.path.Grant.Role = &registry.ExplainedLink{ID: s.role, Name: c.roles[s.role].name}
		x.note(linked{m: x.e.bound.roles}, s.path.Grant.Role)
	}
}

// by is the role that contributes: the nearest, from the membership's own
// upwards, that has the action by itself, or the one that was searched for.
func (c chains) by(s *search, l led) (uuid.UUID, bool) {
	if s.role != uuid.Nil {
		return s.role, true
	}
	id := l.role
	for range maxChain {
		role, known := c.roles[id]
		if s.x == 0 || !known {
			break
		}
		if role.actions.Has(s.x) {
			return id, true
		}
		id = role.parent
	}
	return uuid.Nil, false
}

// down are the teams from the membership's down to the one that was searched
// for. Of a long way the first team is told, and the last ones.
func (c chains) down(s *search, l led) (teams []registry.ExplainedLink, cut bool) {
	first := registry.ExplainedLink{ID: l.team, Name: l.teamName}
	if s.team == uuid.Nil || s.below {
		return []registry.ExplainedLink{first}, false
	}
	for id := s.team; id != l.team; id = c.teams[id].parent {
		if len(teams) == maxChain-1 {
			cut = true
			break
		}
		teams = append(teams, registry.ExplainedLink{ID: id, Name: c.teams[id].name})
	}
	teams = append(teams, first)
	slices.Reverse(teams)
	return teams, cut
}
