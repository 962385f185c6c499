package perm

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// reach is the rows of p_reach of one actor, resolved at one moment. It is
// immutable.
type reach struct {
	from, until time.Time // until: the first moment at which it holds no more
	rows        int
	values      []any // as knownReach takes them
	wide        bool  // more rows than are kept: values is nil
}

// holds reports whether the reach may still be used. A clock that was set back
// ends it.
func (r *reach) holds(at time.Time) bool { return !at.Before(r.from) && at.Before(r.until) }

// reached is one row of p_reach.
type reachRow struct {
	team, role uuid.UUID
	actions    int64
}

// resolve asks for the actor's reach, and for when it ends by itself.
func (e *Engine) resolve(ctx context.Context, a joinery.Actor) (*reach, error) {
	s, err := e.places.GetOr(placeKey{class: user, shape: "reach"}, func() (*statement, error) {
		return e.statement(user, a, (*compiler).wholeReach)
	})
	if err != nil {
		return nil, err
	}
	from := e.options.Now()
	stmt, err := s.of(e, a, int64(widestReach+1))
	if err != nil {
		return nil, err
	}
	var r *reach
	// A transaction reads from the primary. What a replica that lags behind
	// tells would be kept beyond the second, and after the change was heard of.
	err = sqldb.InTx(ctx, e.db, func(ctx context.Context) error {
		rows, err := e.db.Query(ctx, stmt)
		if err != nil {
			return err
		}
		defer rows.Close()
		r, err = e.collectReach(rows, from)
		return err
	}, sqldb.ReadOnly)
	if err != nil {
		return nil, fmt.Errorf("perm: resolve what the actor reaches: %w", err)
	}
	return r, nil
}

// wholeReach is the rows of p_reach, after a row for each membership with an
// end: columns first, expressions after, since SQLite knows a time by the
// column that it comes from. One statement sees both at one moment.
func (c *compiler) wholeReach() squirrel.Sqlizer {
	c.usesReach = true
	mine, active := c.active("p_m")
	limit := "LIMIT ? + 0" // SQLite plans anew for each value of a parameter that is a limit by itself; MariaDB takes no other
	if c.e.dialect.Name() == "mariadb" {
		limit = "LIMIT ?"
	}
	return squirrel.Expr("SELECT p_m.team_id, p_m.role_id, 0, p_m.expires_at FROM "+mine+" WHERE p_m.member_id = ? AND p_m.expires_at IS NOT NULL AND ?"+
		" UNION ALL SELECT p_reach.team_id, p_reach.role_id, p_reach.actions, NULL FROM p_reach "+limit,
		slotActor, active, c.arg(0))
}

// collectReach reads what wholeReach asks for.
func (e *Engine) collectReach(rows sqldb.Rows, from time.Time) (*reach, error) {
	r := &reach{from: from, until: from.Add(cacheLife)}
	var all []reachRow
	n := 0
	for ; rows.Next(); n++ {
		var row reachRow
		var end *time.Time
		if err := rows.Scan(&row.team, &row.role, &row.actions, &end); err != nil {
			return nil, err
		}
		switch {
		case end == nil:
			all = append(all, row)
		case end.Before(r.until):
			r.until = *end
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	if r.wide = n > widestReach; r.wide {
		return r, nil
	}
	r.rows, r.values = len(all), e.boundReach(all)
	return r, nil
}

// bindsReach reports whether the database is one whose statements can be given
// a reach as values.
func (e *Engine) bindsReach() bool {
	return e.dialect.Name() == "postgres" || e.dialect.Name() == "sqlite" || e.dialect.Name() == "mariadb"
}

// knownReach is p_reach as a table of values: on PostgreSQL an array for each
// column, on SQLite, which has none, one list of rows in JSON.
func (c *compiler) knownReach() squirrel.Sqlizer {
	value := func(i int) sqldb.Slot { return c.slot(source{reach: true, arg: i}) }
	if c.e.dialect.Name() == "postgres" {
		return squirrel.Expr("SELECT p_known.team_id, p_known.role_id, p_known.actions"+
			" FROM unnest(CAST(? AS uuid[]), CAST(? AS uuid[]), CAST(? AS bigint[])) p_known (team_id, role_id, actions)", value(0), value(1), value(2))
	}
	if c.e.dialect.Name() == "mariadb" {
		return squirrel.Expr("SELECT CAST(p_known.team_id AS uuid), CAST(p_known.role_id AS uuid), p_known.actions FROM JSON_TABLE(?, '$[*]' COLUMNS ("+
			"team_id char(36) PATH '$[0]', role_id char(36) PATH '$[1]', actions bigint PATH '$[2]')) p_known", value(0))
	}
	return squirrel.Expr("SELECT p_known.value ->> 0, p_known.value ->> 1, p_known.value ->> 2 FROM json_each(?) p_known", value(0))
}

// boundReach is the rows as the values of knownReach, in the database's form.
func (e *Engine) boundReach(rows []reachRow) []any {
	if e.dialect.Name() != "postgres" {
		list := make([][3]any, len(rows))
		for i, r := range rows {
			list[i] = [3]any{r.team, r.role, r.actions}
		}
		text, _ := json.Marshal(list) // uuids and integers: there is nothing to go wrong
		return []any{string(text)}
	}
	teams, roles, actions := make([]uuid.UUID, len(rows)), make([]uuid.UUID, len(rows)), make([]int64, len(rows))
	for i, r := range rows {
		teams[i], roles[i], actions[i] = r.team, r.role, r.actions
	}
	return []any{e.dialect.Bind(teams), e.dialect.Bind(roles), e.dialect.Bind(actions)}
}
