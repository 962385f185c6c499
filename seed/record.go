package seed

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// record is what joinery_seeds remembers of a row.
type record struct {
	id     uuid.UUID
	hashes map[string]pairOfHashes // by column
	known  bool                    // it is in the table
}

// pairOfHashes is what the seed said when the column was last seeded, and what
// was stored then: hooks and databases may have changed it. Both are empty for
// a column that had its value from somebody when the seed first met it.
type pairOfHashes [2]string

func (p pairOfHashes) said() string   { return p[0] }
func (p pairOfHashes) stored() string { return p[1] }

// found remembers that the columns were somebody's when the seed first met them.
func (r *record) found(columns []*registry.Column) {
	if r.hashes == nil {
		r.hashes = map[string]pairOfHashes{}
	}
	for _, c := range columns {
		if _, seeded := r.hashes[c.Name]; !seeded {
			r.hashes[c.Name] = pairOfHashes{}
		}
	}
}

// readRecords is what is remembered of a table's rows, by the hash of their
// keys.
func readRecords(ctx context.Context, db *sqldb.DB, table string) (map[string]*record, error) {
	rows, err := db.Query(ctx, squirrel.Select("seed_key", "row_id", "hashes").From(recordTable).Where(squirrel.Eq{"seed_table": table}))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[string]*record{}
	for rows.Next() {
		var key, text string
		r := &record{known: true}
		if err := rows.Scan(&key, &r.id, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &r.hashes); err != nil {
			return nil, fmt.Errorf("seed: table joinery_seeds: the hashes of a row of %s cannot be read: %w", table, err)
		}
		all[key] = r
	}
	return all, rows.Err()
}

// write remembers the row.
func (r *record) write(ctx context.Context, db *sqldb.DB, m *registry.Model, k key, now time.Time) error {
	text, err := json.Marshal(r.hashes)
	if err != nil {
		return err
	}
	if r.known {
		_, err = db.Exec(ctx, squirrel.Update(recordTable).Set("row_id", r.id).Set("hashes", string(text)).Set("seeded_at", now).
			Where(squirrel.Eq{"seed_table": m.Table, "seed_key": k.hash}))
		return err
	}
	r.known = true
	_, err = db.Exec(ctx, squirrel.Insert(recordTable).Columns("seed_table", "seed_key", "key_text", "row_id", "hashes", "seeded_at").
		Values(m.Table, k.hash, k.text, r.id, string(text), now))
	return err
}

// Forget makes the next run treat the rows of the tables as if they had never
// been seeded: what is missing is inserted again, and what is there is taken as
// it is. It changes no row of theirs. No tables: nothing happens.
func Forget(ctx context.Context, db *sqldb.DB, tables ...string) error {
	there, err := sqldb.Catalog(ctx, db, recordTable)
	if err != nil || len(there) == 0 || len(tables) == 0 {
		return err
	}
	_, err = db.Exec(ctx, squirrel.Delete(recordTable).Where(squirrel.Eq{"seed_table": tables}))
	return err
}
