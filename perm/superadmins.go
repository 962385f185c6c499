package perm

import (
	"context"
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// Superadmins are the teams that one write must leave with somebody who may
// share: a direct, active membership without expires_at whose role includes
// Share. It belongs to one transaction.
type Superadmins struct {
	e     *Engine
	teams []uuid.UUID // that have one before the write
}

// GuardSuperadmins prepares a change or deletion of memberships or roles (m is
// either model, ids its rows). It finds the teams concerned, locks them in id
// order until the transaction ends, and notes which of them have a superadmin.
// Call it in the write's transaction, before the write, and
// [Superadmins.Verify] after. Root is exempt: then nothing is locked or noted.
//
// Creating rows takes nothing from anybody and needs no guard; deleting a team
// is exempt.
func (e *Engine) GuardSuperadmins(ctx context.Context, m *registry.Model, ids ...uuid.UUID) (*Superadmins, error) {
	actor, err := e.begin(ctx, m)
	if err != nil {
		return nil, err
	}
	if m != e.bound.memberships && m != e.bound.roles {
		return nil, errors.New("perm: GuardSuperadmins is for memberships and roles")
	}
	if !sqldb.InTransaction(ctx, e.db) {
		return nil, errors.New("perm: GuardSuperadmins must run in the transaction of the write")
	}
	g := &Superadmins{e: e}
	if e.classOf(actor) == root || len(ids) == 0 {
		return g, nil
	}
	teams, err := e.lockTeams(ctx, m, ids)
	if err != nil {
		return nil, err
	}
	if g.teams, err = e.withSuperadmin(ctx, teams); err != nil {
		return nil, err
	}
	return g, nil
}

// Verify reports, after the write, a team that has no superadmin left although
// it had one: kind Conflict, code "last_superadmin". Teams deleted meanwhile
// are exempt.
func (g *Superadmins) Verify(ctx context.Context) error { return g.VerifyWithout(ctx) }

// VerifyWithout is Verify for a deletion that is still to come: the
// memberships with these ids count as gone.
func (g *Superadmins) VerifyWithout(ctx context.Context, memberships ...uuid.UUID) error {
	if len(g.teams) == 0 {
		return nil
	}
	left, err := g.e.withSuperadmin(ctx, g.teams, memberships...)
	if err != nil {
		return err
	}
	live, err := sqldb.Column[uuid.UUID](ctx, g.e.db, squirrel.Expr("SELECT t.id FROM teams t WHERE ? AND t.deleted_at IS NULL", sqldb.In(g.e.dialect, "t.id", g.teams)))
	if err != nil {
		return fmt.Errorf("perm: find the teams that are live: %w", err)
	}
	if len(left) < len(live) {
		return joinery.Errorf(joinery.Conflict, "last_superadmin", "a team would be left without a lasting member whose role includes share: give another member such a role first")
	}
	return nil
}

// lockTeams locks the teams that a change of those rows concerns. The lock on
// the roles as a whole comes first: without it a role could lose Share while
// another transaction makes it the last one of a team. Changes of memberships
// share it.
func (e *Engine) lockTeams(ctx context.Context, m *registry.Model, ids []uuid.UUID) ([]uuid.UUID, error) {
	mode, concerned := shared, sqldb.In(e.dialect, "m.id", ids)
	if m == e.bound.roles {
		mode = exclusive
		concerned = squirrel.Expr("m.role_id IN (WITH RECURSIVE p_below (id) AS ("+
			"SELECT r.id FROM roles r WHERE ? UNION SELECT r.id FROM p_below JOIN roles r ON r.parent_id = p_below.id"+
			") SELECT p_below.id FROM p_below)", sqldb.In(e.dialect, "r.id", ids))
	}
	if err := e.lockTree(ctx, RolesTable, mode); err != nil {
		return nil, err
	}
	query := squirrel.Expr("SELECT t.id FROM teams t WHERE t.deleted_at IS NULL AND t.id IN (SELECT m.team_id FROM memberships m WHERE ?) ORDER BY t.id"+e.forUpdate(), concerned)
	teams, err := sqldb.Column[uuid.UUID](ctx, e.db, query)
	if err != nil {
		return nil, fmt.Errorf("perm: lock the teams concerned: %w", err)
	}
	return teams, nil
}

func (e *Engine) forUpdate() string {
	if e.dialect.Has(sqldb.ForUpdate) {
		return " FOR UPDATE"
	}
	return ""
}

// withSuperadmin is which of the live teams have a superadmin, some
// memberships apart.
func (e *Engine) withSuperadmin(ctx context.Context, teams []uuid.UUID, apart ...uuid.UUID) ([]uuid.UUID, error) {
	s, err := e.places.GetOr(placeKey{shape: "superadmins"}, func() (*statement, error) {
		return e.statement(root, joinery.Actor{}, func(c *compiler) squirrel.Sqlizer {
			from, active := c.active("m")
			return squirrel.Expr("SELECT DISTINCT m.team_id FROM "+from+" WHERE ? AND NOT (?) AND ? AND ? AND ?",
				sqldb.In(e.dialect, "m.team_id", c.arg(0)), sqldb.In(e.dialect, "m.id", c.arg(1)), active,
				c.clause("superadmins: lasting", squirrel.Expr("m.expires_at IS NULL")),
				c.clause("superadmins: Share", squirrel.Expr("m.role_id IN (?)", c.rolesWith(only(Share)))))
		})
	})
	if err != nil {
		return nil, err
	}
	stmt, err := s.of(e, joinery.Actor{}, teams, append([]uuid.UUID{}, apart...))
	if err != nil {
		return nil, err
	}
	ids, err := sqldb.Column[uuid.UUID](ctx, e.db, stmt)
	if err != nil {
		return nil, fmt.Errorf("perm: find the superadmins of teams: %w", err)
	}
	return ids, nil
}

// rolesWith is the live roles whose effective actions include x.
func (c *compiler) rolesWith(x act) squirrel.Sqlizer {
	live := c.clause("superadmins: a deleted role cuts its chain", squirrel.Expr("r.deleted_at IS NULL"))
	return squirrel.Expr("WITH RECURSIVE p_having (id) AS ("+
		"SELECT r.id FROM roles r WHERE ? AND ?"+
		" UNION SELECT r.id FROM p_having JOIN roles r ON r.parent_id = p_having.id WHERE ?"+
		") SELECT p_having.id FROM p_having", live, x.of("r"), live)
}
