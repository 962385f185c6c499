package migrate

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// sqlite needs no lock but its transactions, of which one writes at a time.
type sqlite struct{}

func (sqlite) history() string {
	return `CREATE TABLE IF NOT EXISTS joinery_migrations (
	source TEXT NOT NULL,
	version INTEGER NOT NULL,
	name TEXT NOT NULL,
	checksum TEXT NOT NULL,
	state TEXT NOT NULL,
	statement INTEGER NOT NULL,
	resume BOOLEAN NOT NULL,
	applied_at DATETIME NOT NULL,
	duration_us INTEGER NOT NULL,
	app_version TEXT NOT NULL,
	PRIMARY KEY (source, version)
)`
}

func (sqlite) open(context.Context, *sqldb.DB) (func(context.Context) error, error) {
	return func(context.Context) error { return nil }, nil
}

func (sqlite) lock(context.Context, *sqldb.DB) (bool, error) { return true, nil }

func (sqlite) unlock(context.Context, *sqldb.DB) error { return nil }

func (sqlite) alone(_ context.Context, _ *sqldb.DB, fn func() error) error { return fn() }

func (sqlite) steady() bool { return true }

// transaction leaves references unchecked while a table is dropped, which is
// how SQLite's tables are rebuilt: dropping it would otherwise delete the rows
// that refer to it. That can be said before BEGIN only. They are checked as a
// whole in the end.
func (sqlite) transaction(ctx context.Context, db *sqldb.DB, s *script, fn func(context.Context) error) (err error) {
	checked, err := sqldb.Scalar[bool](ctx, db, sqldb.Write(sqldb.Raw("PRAGMA foreign_keys")))
	if err != nil {
		return err
	}
	if !checked || !drops(s) {
		return sqldb.InTx(ctx, db, fn)
	}
	if _, err := db.Exec(ctx, sqldb.Raw("PRAGMA foreign_keys = OFF")); err != nil {
		return err
	}
	defer func() {
		if _, on := db.Exec(context.WithoutCancel(ctx), sqldb.Raw("PRAGMA foreign_keys = ON")); err == nil {
			err = on
		}
	}()
	return sqldb.InTx(ctx, db, func(ctx context.Context) error {
		before, err := orphans(ctx, db)
		if err == nil {
			err = fn(ctx)
		}
		if err != nil {
			return err
		}
		after, err := orphans(ctx, db)
		if err != nil {
			return err
		}
		return compare(before, after)
	})
}

var dropTable = regexp.MustCompile(`(?i)^DROP\s+TABLE\b`)

func drops(s *script) bool {
	return slices.ContainsFunc(s.statements, func(one statement) bool { return dropTable.MatchString(one.text) })
}

// reference is a foreign key between two tables.
type reference struct{ table, target string }

// orphans counts the rows of each table whose reference leads nowhere.
func orphans(ctx context.Context, db *sqldb.DB) (map[reference]int, error) {
	rows, err := db.Query(ctx, sqldb.Raw(`SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2`))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[reference]int{}
	for rows.Next() {
		var r reference
		var n int
		if err := rows.Scan(&r.table, &r.target, &n); err != nil {
			return nil, err
		}
		found[r] = n
	}
	return found, rows.Err()
}

// compare is an error for references that lead nowhere now and did not before.
func compare(before, after map[reference]int) error {
	var lost []string
	for r, n := range after {
		if n > before[r] {
			lost = append(lost, fmt.Sprintf("%d rows of %s would refer to rows of %s that are gone", n-before[r], r.table, r.target))
		}
	}
	if len(lost) == 0 {
		return nil
	}
	slices.Sort(lost)
	return fmt.Errorf("references are broken: %s", strings.Join(lost, ", "))
}
