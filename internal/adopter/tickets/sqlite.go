package tickets

import (
	"context"
	"database/sql"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/sqlitedb"
	"github.com/joinery-go/joinery/perm"
)

// SQLite is the desk over the service's own database/sql pool.
type SQLite struct {
	*Desk
	pool *sql.DB
}

// OverSQLite wraps the pool, which stays the service's.
func OverSQLite(pool *sql.DB, sessions map[string]Agent) (*SQLite, error) {
	d, err := New(sqlitedb.Wrap(pool, nil), sessions)
	return &SQLite{d, pool}, err
}

// OpenAudited is that of [Postgres] with a *sql.Tx.
func (s *SQLite) OpenAudited(ctx context.Context, in OpenTicket, paid bool) (t Ticket, err error) {
	tx, err := s.pool.BeginTx(ctx, nil)
	if err != nil {
		return t, err
	}
	defer tx.Rollback() // harmless after the commit
	joined, done := sqldb.WithTx(ctx, s.db, tx)
	defer func() { done(err) }()
	if t, err = s.Tickets.Create(joined, in); err != nil {
		return t, err
	}
	if _, err = tx.ExecContext(ctx, "INSERT INTO audit (ticket_no, what) VALUES (?, 'opened')", t.No); err != nil {
		return t, err
	}
	if !paid {
		return t, errNotPaid
	}
	return t, tx.Commit()
}

// Tally is that of [Postgres], on the service's own pool too.
func (s *SQLite) Tally(ctx context.Context) (map[string]int, error) {
	visible, err := s.engine.Filter(ctx, s.Tickets.Model(), perm.View, "t")
	if err != nil {
		return nil, err
	}
	text, args, err := squirrel.Select("t.state", "count(*)").From("tickets t").Where(visible).GroupBy("t.state").ToSql()
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tally := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		tally[state] = n
	}
	return tally, rows.Err()
}
