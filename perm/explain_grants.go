package perm

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// gift is line 13, or its twin for teams, held for a row.
type gift struct {
	row  *explained
	rule *ruleHeld
}

// given is a grant that was found.
type given struct {
	id, team, role uuid.UUID
	expires        *time.Time
}

// findGifts finds the grants by which rules are held, those first that last
// longest, and searches for the memberships that lead to their targets.
func (x *explaining) findGifts(ctx context.Context) error {
	if len(x.gifts) == 0 {
		return nil
	}
	s, err := x.e.statement(x.class, x.who, func(c *compiler) squirrel.Sqlizer {
		return unionAll(len(x.gifts), func(i int) squirrel.Sqlizer { return c.given(x.gifts[i].row, i) })
	})
	if err == nil {
		err = x.read(ctx, s, x.readGift)
	}
	if err != nil {
		return fmt.Errorf("perm: explain an answer by grants: %w", err)
	}
	return nil
}

// given is the query for the grants on one row.
func (c *compiler) given(r *explained, number int) squirrel.Sqlizer {
	return squirrel.Expr("SELECT "+strconv.Itoa(number)+" AS gift, p_grant.id, COALESCE(p_grant.team_id, ?), COALESCE(p_grant.role_id, ?), p_grant.expires_at"+
		" FROM grants p_grant WHERE ?"+lasting("p_grant", maxPaths+1),
		slotNobody, slotNobody, c.gives(squirrel.Expr("?", c.constant(r.m.Table)), "?", only(r.x), c.constant(r.id)))
}

func (x *explaining) readGift(rows sqldb.Rows) error {
	var number int
	var g given
	if err := rows.Scan(&number, &g.id, &g.team, &g.role, &g.expires); err != nil {
		return err
	}
	of := x.gifts[number]
	if len(of.rule.paths) == maxPaths {
		of.rule.cut = true
		return nil
	}
	x.writeGift(of, g)
	return nil
}

// writeGift is the path of a grant. That of a group is written further once the
// membership is found.
func (x *explaining) writeGift(of gift, g given) {
	grant := &registry.ExplainedGrant{To: g.to()}
	grant.ExplainedLink = registry.ExplainedLink{ID: g.id, ExpiresAt: g.expires}
	x.note(linked{x.e.bound.grants, of.row.m.Table}, &grant.ExplainedLink)
	path := &registry.ExplainedPath{Grant: grant}
	of.rule.paths = append(of.rule.paths, path)
	if g.team != uuid.Nil || g.role != uuid.Nil {
		x.search(&search{team: g.team, role: g.role, path: path})
	}
}

// to is whom the grant is for.
func (g given) to() string {
	switch team, role := g.team != uuid.Nil, g.role != uuid.Nil; {
	case team && role:
		return "team_role"
	case team:
		return "team"
	case role:
		return "role"
	}
	return "user"
}
