package perm

import (
	"context"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// search is for memberships of the actor through which a rule is held.
type search struct {
	rule *ruleHeld

	team  uuid.UUID // that they must lead to, unless nil
	below bool      // or rather to one below the team
	other uuid.UUID // or the user with whom they must have a team in common
	x     Actions   // that their role must include, unless none
	role  uuid.UUID // that their role must be or descend from, unless nil

	path *registry.ExplainedPath // of the grant whose target it is; nil: each membership is a path
}

func (x *explaining) search(s *search) { x.searches = append(x.searches, s) }

// limit is how many memberships are read: one more than are told of, or the
// one that lasts longest.
func (s *search) limit() int {
	if s.path != nil {
		return 1
	}
	return maxPaths + 1
}

// led is a membership that was found.
type led struct {
	id, team, role     uuid.UUID
	teamName, roleName string
	expires            *time.Time
}

// find runs all searches in one statement, and writes the paths.
func (x *explaining) find(ctx context.Context) error {
	found, err := x.memberships(ctx)
	if err != nil {
		return fmt.Errorf("perm: explain an answer by memberships: %w", err)
	}
	c, err := x.chains(ctx, found)
	if err != nil {
		return fmt.Errorf("perm: explain an answer by teams and roles: %w", err)
	}
	for i, s := range x.searches {
		for j, l := range found[i] {
			switch {
			case s.path != nil:
				x.write1(c, s, l, s.path)
			case j == maxPaths:
				s.rule.cut = true
			default:
				path := &registry.ExplainedPath{}
				s.rule.paths = append(s.rule.paths, path)
				x.write1(c, s, l, path)
			}
		}
		x.writeTarget(c, s)
	}
	return nil
}

// memberships are those that were found, by search, those first that last
// longest.
func (x *explaining) memberships(ctx context.Context) (map[int][]led, error) {
	if len(x.searches) == 0 {
		return nil, nil
	}
	s, err := x.e.statement(x.class, x.who, func(c *compiler) squirrel.Sqlizer {
		return unionAll(len(x.searches), func(i int) squirrel.Sqlizer { return c.led(x.searches[i], i) })
	})
	if err != nil {
		return nil, err
	}
	found := map[int][]led{}
	err = x.read(ctx, s, func(rows sqldb.Rows) error {
		var i int
		var l led
		err := rows.Scan(&i, &l.id, &l.team, &l.teamName, &l.role, &l.roleName, &l.expires)
		found[i] = append(found[i], l)
		return err
	})
	return found, err
}

// read runs a query of the actor's and reads its rows.
func (x *explaining) read(ctx context.Context, s *statement, scan func(sqldb.Rows) error) error {
	stmt, err := s.ofAt(x.e, x.at, x.who)
	if err != nil {
		return err
	}
	return x.readRows(ctx, stmt, scan)
}

func (x *explaining) readRows(ctx context.Context, stmt sqldb.Sqlizer, scan func(sqldb.Rows) error) error {
	rows, err := x.e.db.Query(ctx, stmt)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// unionAll is n queries, each with an order and limit of its own, as one.
func unionAll(n int, query func(i int) squirrel.Sqlizer) squirrel.Sqlizer {
	text, args := "", []any{}
	for i := range n {
		if i > 0 {
			text += " UNION ALL "
		}
		text, args = text+"SELECT * FROM (?) p_all"+fmt.Sprint(i), append(args, query(i))
	}
	return squirrel.Expr(text, args...)
}

// lasting orders by expiry, what never expires first.
func lasting(alias string, limit int) string {
	return fmt.Sprintf(" ORDER BY CASE WHEN %[1]s.expires_at IS NULL THEN 0 ELSE 1 END, %[1]s.expires_at DESC, %[1]s.id LIMIT %[2]d", alias, limit)
}

// led is the query for the memberships of one search.
func (c *compiler) led(s *search, number int) squirrel.Sqlizer {
	from, active := c.active("m")
	return squirrel.Expr(fmt.Sprintf("SELECT %d AS search, m.id, m.team_id, %s AS team_name, m.role_id, %s AS role_name, m.expires_at FROM ",
		number, nameOf(c.e.bound.teams, "m_t"), nameOf(c.e.bound.roles, "m_r"))+
		from+" WHERE m.member_id = ? AND ? AND ?"+lasting("m", s.limit()),
		slotActor, active, allOf(c.leads(s), c.includes(s)))
}

// nameOf is the name of a row, as far as the app's model of the table has one.
func nameOf(m *registry.Model, alias string) string {
	if m.Column("name") == nil {
		return "''"
	}
	return "COALESCE(" + alias + ".name, '')"
}

// leads is that the membership m leads where the search wants it to.
func (c *compiler) leads(s *search) squirrel.Sqlizer {
	switch {
	case s.other != uuid.Nil: // of two teams that both lead to a third, one is above the other
		theirs, active := c.active("p_m")
		team := squirrel.Expr("SELECT p_m.team_id FROM "+theirs+" WHERE p_m.member_id = ? AND ?", c.constant(s.other), active)
		return c.onOneLine(team)
	case s.team == uuid.Nil:
		return truth(true)
	}
	team := squirrel.Expr("?", c.constant(s.team))
	if s.below { // as the rule is held, there is a live team below, to which whoever is above or in the team leads too
		return c.onOneLine(team)
	}
	return inTeams("m.team_id", c.teamsAbove(team))
}

// onOneLine is that the membership m is in one of the teams, or above or below
// it.
func (c *compiler) onOneLine(teams squirrel.Sqlizer) squirrel.Sqlizer {
	return anyOf(inTeams("m.team_id", c.teamsAbove(teams)), inTeams("m.team_id", c.teamsBelow(teams)))
}

func inTeams(id string, teams squirrel.Sqlizer) squirrel.Sqlizer {
	return squirrel.Expr("("+id+" IN (?)) IS TRUE", teams)
}

// teamsAbove are the teams and those above them, as far as they are live.
func (c *compiler) teamsAbove(teams squirrel.Sqlizer) squirrel.Sqlizer {
	return c.above(climb{c.e.bound.teams, "p_at", "p_below",
		squirrel.Expr("p_at.id IN (?) AND p_at.deleted_at IS NULL", teams), c.liveAbove()}, "SELECT p_above.id FROM p_above")
}

// teamsBelow are the teams and those below them, as far as they are live.
func (c *compiler) teamsBelow(teams squirrel.Sqlizer) squirrel.Sqlizer {
	if c.mustHoist() {
		name := c.hoist("(id)", func(name string) squirrel.Sqlizer {
			return squirrel.Expr("SELECT t.id FROM teams t WHERE t.id IN (?) AND t.deleted_at IS NULL "+
				"UNION SELECT t.id FROM "+name+" p_down JOIN teams t ON t.parent_id = p_down.id WHERE t.deleted_at IS NULL", teams)
		})
		return squirrel.Expr("SELECT p_down.id FROM " + name + " p_down")
	}
	return squirrel.Expr("WITH RECURSIVE p_down (id) AS ("+
		"SELECT t.id FROM teams t WHERE t.id IN (?) AND t.deleted_at IS NULL "+
		"UNION SELECT t.id FROM p_down JOIN teams t ON t.parent_id = p_down.id WHERE t.deleted_at IS NULL"+
		") SELECT p_down.id FROM p_down", teams)
}

// includes is that the role of the membership m includes the action, or is the
// wanted role or descends from it. IS TRUE changes nothing of the answer: it
// makes PostgreSQL look roles up, where it would join ten thousand memberships
// with as many roles, row by row.
func (c *compiler) includes(s *search) squirrel.Sqlizer {
	with := func(first squirrel.Sqlizer) squirrel.Sqlizer {
		return squirrel.Expr("(m.role_id IN (WITH RECURSIVE p_having (id) AS ("+
			"SELECT r.id FROM roles r WHERE ? AND r.deleted_at IS NULL "+
			"UNION SELECT r.id FROM p_having JOIN roles r ON r.parent_id = p_having.id WHERE r.deleted_at IS NULL"+
			") SELECT p_having.id FROM p_having)) IS TRUE", first)
	}
	action, role := squirrel.Sqlizer(truth(true)), squirrel.Sqlizer(truth(true))
	if s.x != 0 {
		action = with(only(s.x).of("r"))
	}
	if s.role != uuid.Nil {
		role = with(squirrel.Expr("r.id = ?", c.constant(s.role)))
	}
	return allOf(action, role)
}
