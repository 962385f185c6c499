package tickets

import (
	"context"

	"github.com/Masterminds/squirrel"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/joinery-go/joinery/crud/sqldb/pgdb"
	"github.com/joinery-go/joinery/perm"
)

// Postgres is the desk over the service's own pgx pool.
type Postgres struct {
	*Desk
	pool *pgxpool.Pool
}

// OverPostgres wraps the pool, which stays the service's.
func OverPostgres(pool *pgxpool.Pool, sessions map[string]Agent) (*Postgres, error) {
	d, err := New(pgdb.Wrap(pool, nil), sessions)
	return &Postgres{d, pool}, err
}

// OpenAudited opens a ticket in a transaction that the service began, beside
// what it writes itself. Unpaid ones are undone.
func (p *Postgres) OpenAudited(ctx context.Context, in OpenTicket, paid bool) (t Ticket, err error) {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return t, err
	}
	defer tx.Rollback(ctx) // harmless after the commit
	joined, done := pgdb.WithTx(ctx, p.db, tx)
	defer func() { done(err) }()
	if t, err = p.Tickets.Create(joined, in); err != nil {
		return t, err
	}
	if _, err = tx.Exec(ctx, "INSERT INTO audit (ticket_no, what) VALUES ($1, 'opened')", t.No); err != nil {
		return t, err
	}
	if !paid {
		return t, errNotPaid
	}
	return t, tx.Commit(ctx)
}

// Tally counts the tickets that the ctx's agent may see, by state: the
// service's own squirrel statement, on its own pool, with perm's condition.
func (p *Postgres) Tally(ctx context.Context) (map[string]int, error) {
	visible, err := p.engine.Filter(ctx, p.Tickets.Model(), perm.View, "t")
	if err != nil {
		return nil, err
	}
	text, args, err := squirrel.Select("t.state", "count(*)").From("tickets t").Where(visible).
		GroupBy("t.state").PlaceholderFormat(squirrel.Dollar).ToSql()
	if err != nil {
		return nil, err
	}
	rows, err := p.pool.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	tally := map[string]int{}
	var state string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
		tally[state] = n
		return nil
	})
	return tally, err
}
