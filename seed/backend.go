package seed

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// backend is what is done in another way on each database.
type backend struct {
	table   string // makes joinery_seeds where it is missing
	lockRow string // puts the row into it that lock is about, where it is missing; empty: there is none

	// lock keeps other runs away until the transaction ends, and answers one
	// row with true; or no true, or the class Busy, when one is at work. Empty:
	// who writes is alone.
	lock string
}

const recordTable = "joinery_seeds"

var backends = map[string]backend{
	"postgres": {
		table: `CREATE TABLE IF NOT EXISTS joinery_seeds (
	seed_table text NOT NULL,
	seed_key text NOT NULL,
	key_text text NOT NULL,
	row_id uuid NOT NULL,
	hashes text NOT NULL,
	seeded_at timestamptz NOT NULL,
	PRIMARY KEY (seed_table, seed_key)
)`,
		lock: "SELECT pg_try_advisory_xact_lock(hashtext('joinery seed'), hashtext(coalesce(current_schema(), '')))",
	},
	"sqlite": {
		table: `CREATE TABLE IF NOT EXISTS joinery_seeds (
	seed_table TEXT NOT NULL,
	seed_key TEXT NOT NULL,
	key_text TEXT NOT NULL,
	row_id TEXT NOT NULL,
	hashes TEXT NOT NULL,
	seeded_at DATETIME NOT NULL,
	PRIMARY KEY (seed_table, seed_key)
)`,
	},
	// A named lock of MariaDB's outlives the transaction; that of a row does not.
	"mariadb": {
		table: `CREATE TABLE IF NOT EXISTS joinery_seeds (
	seed_table varchar(64) NOT NULL,
	seed_key char(64) NOT NULL,
	key_text longtext NOT NULL,
	row_id uuid NOT NULL,
	hashes longtext NOT NULL,
	seeded_at datetime(6) NOT NULL,
	PRIMARY KEY (seed_table, seed_key)
) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin`,
		lockRow: `INSERT IGNORE INTO joinery_seeds (seed_table, seed_key, key_text, row_id, hashes, seeded_at) VALUES ('', '', 'lock', '00000000-0000-0000-0000-000000000000', '{}', '2000-01-01')`,
		lock:    "SELECT 1 = 1 FROM joinery_seeds WHERE seed_table = '' AND seed_key = '' FOR UPDATE NOWAIT",
	},
}

// DDL is the statements that make the table joinery_seeds on a database, for
// apps whose own role may not make tables. They may be run again.
func DDL(d sqldb.Dialect) ([]string, error) {
	b, err := backendOf(d)
	switch {
	case err != nil:
		return nil, err
	case b.lockRow != "":
		return []string{b.table, b.lockRow}, nil
	}
	return []string{b.table}, nil
}

func backendOf(d sqldb.Dialect) (backend, error) {
	b, ok := backends[d.Name()]
	if !ok {
		return b, joinery.Errorf(joinery.Unsupported, "", fmt.Sprintf("seed knows postgres, sqlite and mariadb, not %s", d.Name()))
	}
	return b, nil
}

// errLocked says that another run is at work.
var errLocked = errors.New("seed: another run is at work")

// locked runs fn in a transaction while no other instance runs seeds, with
// joinery_seeds there.
func (s *Seeder) locked(ctx context.Context, fn func(context.Context) error) error {
	if err := s.makeTableBefore(ctx); err != nil {
		return err
	}
	nested := sqldb.InTransaction(ctx, s.db)
	for began := time.Now(); ; {
		entered := false
		err := sqldb.InTx(ctx, s.db, func(ctx context.Context) error {
			if err := s.enter(ctx); err != nil {
				return err
			}
			entered = true
			return fn(ctx)
		}, sqldb.Repeatable)
		if err == nil || entered || !isBusy(err, nested) {
			return err
		}
		if time.Since(began) > s.opts.Wait {
			return joinery.Errorf(joinery.Unavailable, "seed_in_progress", "another instance has been seeding this database for too long: try again later", err)
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// enter takes the lock.
func (s *Seeder) enter(ctx context.Context) error {
	if s.base.lock != "" {
		got, err := sqldb.Scalar[bool](ctx, s.db, sqldb.Write(sqldb.Raw(s.base.lock)))
		if err != nil {
			return err
		}
		if !got {
			return errLocked
		}
	}
	if !s.db.Dialect().Has(sqldb.TxDDL) {
		return nil
	}
	return s.makeTable(ctx)
}

// makeTableBefore makes the table where that cannot be done in a transaction.
func (s *Seeder) makeTableBefore(ctx context.Context) error {
	if s.db.Dialect().Has(sqldb.TxDDL) {
		return nil
	}
	if sqldb.InTransaction(ctx, s.db) {
		if there, err := s.tableThere(ctx); err != nil || !there {
			return errors.Join(err, errors.New("seed: there is no table joinery_seeds, and making it would end the transaction on this database: run seed.DDL before"))
		}
	} else if err := s.makeTable(ctx); err != nil {
		return err
	}
	return s.makeLockRow(ctx)
}

// makeLockRow puts the row there that is locked. It is looked for before: to
// insert it once more would wait for whoever holds it.
func (s *Seeder) makeLockRow(ctx context.Context) error {
	found, err := sqldb.Row(ctx, s.db, sqldb.Write(sqldb.Raw("SELECT 1 FROM joinery_seeds WHERE seed_table = '' AND seed_key = ''")), new(int64))
	if err == nil && !found {
		_, err = s.db.Exec(ctx, sqldb.Raw(s.base.lockRow))
	}
	return err
}

// makeTable makes joinery_seeds where it is missing. That is asked first: roles
// that may not make tables may not say IF NOT EXISTS either.
func (s *Seeder) makeTable(ctx context.Context) error {
	if there, err := s.tableThere(ctx); err != nil || there {
		return err
	}
	return sqldb.ExecAll(ctx, s.db, []string{s.base.table})
}

func (s *Seeder) tableThere(ctx context.Context) (bool, error) {
	tables, err := sqldb.Catalog(ctx, s.db, recordTable)
	return len(tables) > 0, err
}

// isBusy reports whether another try to begin may do better. A transaction of
// the caller's goes on after a lock was refused in a savepoint.
func isBusy(err error, nested bool) bool {
	if errors.Is(err, errLocked) {
		return true
	}
	class := sqldb.ClassOf(err)
	return class == sqldb.Busy || !nested && (class == sqldb.Exhausted || class == sqldb.Serialization || class == sqldb.Deadlock)
}

func pause(ctx context.Context) error {
	timer := time.NewTimer(20*time.Millisecond + rand.N(40*time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
