package idemstore

import (
	"context"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// Every cleanEvery-th write removes up to cleanSome expired rows: more than
// came since, so that the table shrinks to what is kept.
const (
	cleanEvery = 64
	cleanSome  = 256
)

// Clean removes the rows of expired keys, in batches, and returns how many. It
// is safe to be called at any time, by several processes at once.
func (s *Store) Clean(ctx context.Context) (removed int64, err error) {
	for {
		found, n, err := s.clean(ctx)
		removed += n
		if err != nil || found < cleanSome {
			return removed, err
		}
	}
}

// cleanNowAndThen is a bounded Clean now and then. The write that it follows
// has been done, so that its error is nobody's; the next one tries again.
func (s *Store) cleanNowAndThen(ctx context.Context) {
	if s.claims.Add(1)%cleanEvery == 0 && !sqldb.InTransaction(ctx, s.db) {
		_, _, _ = s.clean(ctx)
	}
}

// clean removes one batch. The rows are read first, because not every database
// deletes with a limit or from a subquery on the same table.
func (s *Store) clean(ctx context.Context) (found int, removed int64, err error) {
	now := s.opts.Now()
	ids, err := sqldb.Column[uuid.UUID](ctx, s.db, squirrel.Select("id").From(s.table).
		Where("expires_at <= ?", now).OrderBy("expires_at").Suffix("LIMIT ?", cleanSome))
	if err != nil || len(ids) == 0 {
		return 0, 0, err
	}
	removed, err = s.db.Exec(ctx, squirrel.Delete(s.table).
		Where(sqldb.In(s.db.Dialect(), "id", ids)).Where("expires_at <= ?", now))
	return len(ids), removed, err
}
