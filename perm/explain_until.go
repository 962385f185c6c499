package perm

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// maxExpiries is how many instants of each kind are considered at which
// something expires.
const maxExpiries = 1000

// lastsOn is so far away that what ends later counts as lasting.
const lastsOn = 250 * 365 * 24 * time.Hour

// until is when a permission ends by itself, nil if never. Time only takes:
// whatever expires gives nothing to anybody. So the instant is the first at
// which the answer is no, and is found by asking at a few of those at which
// something expires.
func (x *explaining) until(ctx context.Context, asked rowAsked) (*time.Time, error) {
	lasts, err := x.mayAt(ctx, asked, x.at.Add(lastsOn))
	if err != nil || lasts {
		return nil, err
	}
	times, err := x.expiries(ctx, asked)
	if err != nil {
		return nil, err
	}
	i, err := x.firstNo(ctx, asked, len(times), func(i int) time.Time { return times[i] })
	if err != nil {
		return nil, err
	}
	if i < len(times) {
		return &times[i], nil
	}
	return x.anyInstant(ctx, asked)
}

// anyInstant is until where more expires than was looked at.
func (x *explaining) anyInstant(ctx context.Context, asked rowAsked) (*time.Time, error) {
	instant := func(i int) time.Time { return x.at.Add(time.Duration(i) * time.Microsecond) }
	i, err := x.firstNo(ctx, asked, int(lastsOn/time.Microsecond), instant)
	end := instant(i)
	return &end, err
}

// firstNo is the number of the first of n instants at which the answer is no,
// n if it is at none of them.
func (x *explaining) firstNo(ctx context.Context, asked rowAsked, n int, instant func(i int) time.Time) (int, error) {
	var failed error
	i := sort.Search(n, func(i int) bool {
		if failed != nil {
			return true
		}
		may, err := x.mayAt(ctx, asked, instant(i))
		failed = err
		return !may
	})
	return i, failed
}

// mayAt is the answer for the actor at an instant to come.
func (x *explaining) mayAt(ctx context.Context, asked rowAsked, at time.Time) (bool, error) {
	all, err := x.e.answer(ctx, question{actor: x.who, m: asked.m, on: asked.on, asked: View | asked.x, ids: []uuid.UUID{asked.id}, at: at})
	return all[asked.id].Has(View | asked.x), err
}

// expiries are the instants at which a membership of the actor ends, or a grant
// on one of the rows explained, in their order.
func (x *explaining) expiries(ctx context.Context, asked rowAsked) ([]time.Time, error) {
	members := []uuid.UUID{x.who.ID}
	if asked.m == x.e.bound.users {
		members = append(members, asked.id)
	}
	times, err := x.expiring(ctx, MembershipsTable, sqldb.In(x.e.dialect, "p.member_id", members))
	if err != nil {
		return nil, err
	}
	var on squirrel.Or
	for _, r := range x.rows {
		on = append(on, squirrel.Expr("(p.model = ? AND p.row_id = ?)", r.m.Table, r.id))
	}
	ends, err := x.expiring(ctx, GrantsTable, on)
	times = append(times, ends...)
	slices.SortFunc(times, time.Time.Compare)
	return slices.CompactFunc(times, time.Time.Equal), err
}

func (x *explaining) expiring(ctx context.Context, table string, cond squirrel.Sqlizer) ([]time.Time, error) {
	times, err := sqldb.Column[time.Time](ctx, x.e.db, squirrel.Expr(
		"SELECT DISTINCT p.expires_at FROM "+table+" p WHERE ? AND p.deleted_at IS NULL AND p.expires_at > ? ORDER BY p.expires_at LIMIT "+fmt.Sprint(maxExpiries),
		cond, x.e.dialect.Bind(x.at)))
	if err != nil {
		return nil, fmt.Errorf("perm: find when a permission ends: %w", err)
	}
	return times, nil
}
