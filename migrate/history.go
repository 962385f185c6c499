package migrate

import (
	"context"
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// table is where histories are kept.
const table = "joinery_migrations"

// The states of a record.
const (
	applied = "applied"
	goingUp = "up"   // half done
	goingDn = "down" // half taken back
)

// record is a migration in the history.
type record struct {
	Source  string
	Version int
	Name    string

	// Checksum is that of the file; while the migration is half done, that of
	// the statements before the one it stands at.
	Checksum string

	State string

	// Statement is, while the migration is half done, the first that is not
	// known to have happened, counted from 1.
	Statement int
	Resume    bool // somebody looked and said that Up may go on there

	AppliedAt  time.Time
	DurationUs int64
	AppVersion string
}

func (r *record) half() bool { return r.State != applied }

var columns = []string{"source", "version", "name", "checksum", "state", "statement", "resume", "applied_at", "duration_us", "app_version"}

func (r *record) values() []any {
	return []any{r.Source, r.Version, r.Name, r.Checksum, r.State, r.Statement, r.Resume, r.AppliedAt, r.DurationUs, r.AppVersion}
}

// history is the records of all sources, each by version.
type history map[string][]record

// of is the record of a migration, nil when there is none.
func (h history) of(source string, version int) *record {
	for i := range h[source] {
		if h[source][i].Version == version {
			return &h[source][i]
		}
	}
	return nil
}

// last is a source's record with the highest version, nil when it has none.
func (h history) last(source string) *record {
	if n := len(h[source]); n > 0 {
		return &h[source][n-1]
	}
	return nil
}

// readHistory is the history as it is now.
func readHistory(ctx context.Context, db *sqldb.DB) (history, error) {
	all, err := sqldb.Select[record](ctx, db, squirrel.Select(columns...).From(table).OrderBy("source", "version"))
	if err != nil {
		return nil, err
	}
	h := history{}
	for _, r := range all {
		h[r.Source] = append(h[r.Source], r)
	}
	return h, nil
}

// peekHistory is the history where no table need be, without a connection of
// one's own. A replica, which may be behind, is not asked.
func peekHistory(ctx context.Context, db *sqldb.DB) (history, error) {
	ctx = joinery.TrackWrites(ctx)
	joinery.MarkWrite(ctx)
	tables, err := sqldb.Catalog(ctx, db, table)
	if err != nil || len(tables) == 0 {
		return history{}, err
	}
	return readHistory(ctx, db)
}

// write puts a record in the place of old, which is nil when there is none.
func write(ctx context.Context, db *sqldb.DB, old *record, r record) error {
	if old == nil {
		_, err := db.Exec(ctx, squirrel.Insert(table).Columns(columns...).Values(r.values()...))
		return err
	}
	update := squirrel.Update(table).Where(squirrel.Eq{"source": r.Source, "version": r.Version})
	for i, v := range r.values() {
		update = update.Set(columns[i], v)
	}
	_, err := db.Exec(ctx, update)
	return err
}

func erase(ctx context.Context, db *sqldb.DB, source string, version int) error {
	_, err := db.Exec(ctx, squirrel.Delete(table).Where(squirrel.Eq{"source": source, "version": version}))
	return err
}
