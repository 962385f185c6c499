package sqldbtest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"github.com/joinery-go/joinery/crud/sqldb"
)

var transactions = []test{
	{"commit and rollback", commitAndRollback},
	{"panic rolls back and goes on", panics},
	{"savepoints", savepoints},
	{"savepoint after a failed statement", savepointAfterError},
	{"savepoint left in disorder", untidySavepoint},
	{"after commit", afterCommit},
	{"after commit by savepoint", afterCommitBySavepoint},
	{"after commit outside a transaction", afterCommitAlone},
	{"read-only transaction", readOnly},
	{"isolation", isolation},
	{"repeatable transaction", repeatable},
	{"a transaction on another DB is not joined", otherDB},
	{"context of an ended transaction", endedContext},
	{"transaction used from two goroutines", twoGoroutines},
	{"rows left open", rowsLeftOpen},
	{"swallowed error", swallowedError},
	{"snapshot of a reader", readerSnapshot},
}

func insert(n int) sqldb.Sqlizer { return sqldb.Raw("INSERT INTO v (n) VALUES (?)", n) }

var errAbort = errors.New("abort")

// numbers are the rows of the table v.
func numbers(t *T, db *sqldb.DB) []int64 {
	t.Helper()
	return read[int64](t, db, sqldb.Raw("SELECT n FROM v ORDER BY n"))
}

func commitAndRollback(t *T) {
	db := t.kept("text")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		t.True(sqldb.InTransaction(ctx, db))
		if _, err := db.Exec(ctx, insert(1)); err != nil {
			return err
		}
		n, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT count(*) FROM v"))
		t.Equal(n, int64(1)) // sees its own
		t.Equal(len(numbers(t, db)), 0)
		return err
	})
	t.NoErr(err)
	t.True(!sqldb.InTransaction(t.Context(), db))
	err = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(2))
		return errors.Join(err, errAbort)
	})
	t.True(errors.Is(err, errAbort))
	t.Equal(numbers(t, db), []int64{1})
	t.Equal(db.Stats().Transactions, int64(2))
}

func panics(t *T) {
	db := t.kept("text")
	func() {
		defer func() { t.Equal(recover(), "boom") }()
		_ = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			_, _ = db.Exec(ctx, insert(1))
			return sqldb.InTx(ctx, db, func(ctx context.Context) error {
				_, _ = db.Exec(ctx, insert(2))
				panic("boom")
			})
		})
	}()
	t.Equal(len(numbers(t, db)), 0)
	t.exec(db, insert(3)) // the writer is free again
}

func savepoints(t *T) {
	db := t.kept("text")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(1))
		t.NoErr(err)
		t.NoErr(sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, insert(2))
			return err
		}))
		err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, insert(3))
			t.NoErr(err)
			t.NoErr(sqldb.InTx(ctx, db, func(ctx context.Context) error {
				_, err := db.Exec(ctx, insert(4))
				return err
			}))
			return errAbort // undoes 3 and, though released, 4
		})
		t.True(errors.Is(err, errAbort))
		_, err = db.Exec(ctx, insert(5))
		return err
	})
	t.NoErr(err)
	t.Equal(numbers(t, db), []int64{1, 2, 5})
}

func savepointAfterError(t *T) {
	db := t.kept("text")
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(1))
		t.NoErr(err)
		err = sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, insert(1))
			return err
		})
		t.Equal(sqldb.ClassOf(err), sqldb.Unique)
		_, err = db.Exec(ctx, insert(2)) // the outer one goes on
		return err
	}))
	t.Equal(numbers(t, db), []int64{1, 2})
}

// untidySavepoint: rows left open and a ctx that ended between statements undo
// the savepoint and leave the rest alone.
func untidySavepoint(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b")
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		err := sqldb.InTx(ctx, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, insert(3))
			t.NoErr(err)
			rows, err := db.Query(ctx, sqldb.Raw("SELECT x FROM v"))
			t.NoErr(err)
			t.True(rows.Next())
			return errAbort
		})
		t.True(errors.Is(err, errAbort))
		short, cancel := context.WithCancel(ctx)
		err = sqldb.InTx(short, db, func(ctx context.Context) error {
			_, err := db.Exec(ctx, insert(4))
			cancel()
			return err
		})
		unavailable(t, err, sqldb.Canceled)
		_, err = db.Exec(ctx, insert(5))
		return err
	}))
	t.Equal(numbers(t, db), []int64{1, 2, 5})
}

func afterCommit(t *T) {
	var errors bytes.Buffer
	db := t.db(&sqldb.Options{Logger: slog.New(slog.NewTextHandler(&errors, nil))}, "CREATE TABLE v (n integer PRIMARY KEY)")
	type key struct{}
	var log []string
	err := sqldb.InTx(context.WithValue(t.Context(), key{}, "value"), db, func(ctx context.Context) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		sqldb.AfterCommit(context.WithValue(ctx, key{}, "own"), db, func(ctx context.Context) {
			t.True(!sqldb.InTransaction(ctx, db))
			t.NoErr(ctx.Err())
			log = append(log, "first "+ctx.Value(key{}).(string))
			t.Equal(len(numbers(t, db)), 1) // it is committed
			_, err := db.Exec(ctx, insert(2))
			t.NoErr(err)
			sqldb.AfterCommit(ctx, db, func(context.Context) { log = append(log, "inner") })
		})
		sqldb.AfterCommit(ctx, db, func(context.Context) { panic("a panic of a hook is logged") })
		sqldb.AfterCommit(ctx, db, func(context.Context) { log = append(log, "last") })
		_, err := db.Exec(ctx, insert(1))
		log = append(log, "fn")
		return err
	})
	t.NoErr(err)
	t.Equal(log, []string{"fn", "first own", "inner", "last"})
	t.True(strings.Contains(errors.String(), "a panic of a hook is logged"))
}

func afterCommitBySavepoint(t *T) {
	db := t.kept("text")
	var log []string
	hook := func(ctx context.Context, s string) {
		sqldb.AfterCommit(ctx, db, func(context.Context) { log = append(log, s) })
	}
	nested := func(ctx context.Context, s string, result error) {
		_ = sqldb.InTx(ctx, db, func(ctx context.Context) error {
			hook(ctx, s)
			_ = sqldb.InTx(ctx, db, func(ctx context.Context) error {
				hook(ctx, s+" deep")
				return nil
			})
			return result
		})
	}
	all := func(result error) {
		_ = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			hook(ctx, "a")
			nested(ctx, "b", nil)
			nested(ctx, "c", errAbort)
			hook(ctx, "d")
			t.Equal(len(log), 0)
			return result
		})
	}
	all(errAbort)
	t.Equal(len(log), 0)
	all(nil)
	t.Equal(log, []string{"a", "b", "b deep", "d"})
}

func afterCommitAlone(t *T) {
	db := t.db(nil)
	ran := false
	sqldb.AfterCommit(t.Context(), db, func(context.Context) { ran = true })
	t.True(ran)
}

func readOnly(t *T) {
	db := t.kept("text")
	put(t, db, "a")
	write := func(ctx context.Context) error {
		n, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT count(*) FROM v"))
		t.NoErr(err)
		t.Equal(n, int64(1))
		_, err = db.Exec(ctx, insert(2))
		t.Equal(sqldb.ClassOf(err), sqldb.WriteRefused)
		_, err = db.Query(ctx, sqldb.Raw("WITH x AS (SELECT 1) INSERT INTO v (n) SELECT 2 RETURNING n"))
		t.Equal(sqldb.ClassOf(err), sqldb.WriteRefused)
		return nil
	}
	t.NoErr(sqldb.InTx(t.Context(), db, write, sqldb.ReadOnly))
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, sqldb.Raw("UPDATE v SET x = 'b'"))
		t.NoErr(err)
		return sqldb.InTx(ctx, db, write, sqldb.ReadOnly)
	}))
	t.Equal(read[string](t, db, sqldb.Raw("SELECT x FROM v")), []string{"b"})
}

func isolation(t *T) {
	db := t.kept("text")
	for _, level := range []sql.IsolationLevel{sql.LevelReadCommitted, sql.LevelRepeatableRead, sql.LevelSerializable} {
		t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
			return sqldb.InTx(ctx, db, func(context.Context) error { return nil }, sqldb.Isolation(level))
		}, sqldb.Isolation(level)))
	}
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		return sqldb.InTx(ctx, db, func(context.Context) error { return nil }, sqldb.Isolation(sql.LevelSerializable))
	})
	if db.Dialect().Has(sqldb.AlwaysSerializable) {
		t.NoErr(err)
	} else {
		t.True(strings.Contains(err.Error(), "cannot raise the isolation to Serializable"))
	}
}

// repeatable lets transactions that read and then write meet.
func repeatable(t *T) {
	db := t.kept("int")
	put(t, db, 0)
	const writers, rounds = 8, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for done := 0; done < rounds; {
				err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
					n, err := sqldb.Scalar[int64](ctx, db, sqldb.Raw("SELECT x FROM v"))
					if err != nil {
						return err
					}
					_, err = db.Exec(ctx, sqldb.Raw("UPDATE v SET x = ?", n+1))
					return err
				}, sqldb.Isolation(sql.LevelSerializable), sqldb.Repeatable)
				if err == nil {
					done++
				} else if c := sqldb.ClassOf(err); c != sqldb.Serialization && c != sqldb.Deadlock {
					t.Errorf("%v", err) // three tries may be too few, but nothing else may happen
					return
				}
			}
		})
	}
	wg.Wait()
	t.Equal(one[int64](t, db, sqldb.Raw("SELECT x FROM v")), int64(writers*rounds))

	tries := 0
	err := sqldb.InTx(t.Context(), db, func(context.Context) error {
		tries++
		return &sqldb.Error{Class: sqldb.Serialization, Err: errAbort}
	}, sqldb.Repeatable)
	t.True(errors.Is(err, errAbort))
	t.Equal(tries, 4)
	tries = 0
	_ = sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		return sqldb.InTx(ctx, db, func(context.Context) error {
			tries++
			return &sqldb.Error{Class: sqldb.Serialization, Err: errAbort}
		}, sqldb.Repeatable)
	})
	t.Equal(tries, 1) // only the whole could be repeated
}

func otherDB(t *T) {
	a, b := t.kept("text"), t.kept("text")
	err := sqldb.InTx(t.Context(), a, func(ctx context.Context) error {
		t.True(!sqldb.InTransaction(ctx, b))
		_, err := b.Exec(ctx, insert(1))
		t.NoErr(err)
		_, err = a.Exec(ctx, insert(1))
		return errors.Join(err, errAbort)
	})
	t.True(errors.Is(err, errAbort))
	t.Equal(len(numbers(t, a)), 0)
	t.Equal(len(numbers(t, b)), 1)
}

func endedContext(t *T) {
	db := t.kept("text")
	var outer, inner context.Context
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		outer = ctx
		return sqldb.InTx(ctx, db, func(ctx context.Context) error {
			inner = ctx
			return nil
		})
	}))
	for _, ctx := range []context.Context{outer, inner} {
		_, err := db.Exec(ctx, insert(1))
		t.True(strings.Contains(err.Error(), "has ended"))
		err = sqldb.InTx(ctx, db, func(context.Context) error { return nil })
		t.True(strings.Contains(err.Error(), "has ended"))
	}
	t.Equal(len(numbers(t, db)), 0)
}

func twoGoroutines(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		rows, err := db.Query(ctx, sqldb.Raw("SELECT x FROM v"))
		t.NoErr(err)
		refused := make(chan error)
		go func() {
			_, err := db.Exec(ctx, insert(3))
			refused <- err
		}()
		err = <-refused
		t.True(err != nil)
		t.True(strings.Contains(err.Error(), "from one goroutine only"))
		n := 0
		for rows.Next() {
			n++
		}
		t.Equal(n, 2) // the first user is not disturbed
		t.NoErr(rows.Err())
		_, err = db.Exec(ctx, insert(4))
		return err
	})
	t.NoErr(err)
	t.Equal(numbers(t, db), []int64{1, 2, 4})
}

func rowsLeftOpen(t *T) {
	db := t.kept("text")
	put(t, db, "a", "b")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(3))
		t.NoErr(err)
		rows, err := db.Query(ctx, sqldb.Raw("SELECT x FROM v"))
		t.NoErr(err)
		t.True(rows.Next())
		return nil
	})
	t.True(err != nil)
	t.True(strings.Contains(err.Error(), "close the rows"))
	t.Equal(numbers(t, db), []int64{1, 2})
}

// swallowedError: whatever a database makes of a transaction in which a
// statement failed, it is all or nothing and never a false success.
func swallowedError(t *T) {
	db := t.kept("text")
	put(t, db, "a")
	err := sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		_, err := db.Exec(ctx, insert(2))
		t.NoErr(err)
		_, err = db.Exec(ctx, insert(1))
		t.Equal(sqldb.ClassOf(err), sqldb.Unique)
		return nil
	})
	if err == nil {
		t.Equal(numbers(t, db), []int64{1, 2})
		return
	}
	t.Equal(numbers(t, db), []int64{1})
	t.True(strings.Contains(err.Error(), "failed earlier"))
	t.Equal(sqldb.ClassOf(err), sqldb.Unique) // the cause, not the consequence
}

func readerSnapshot(t *T) {
	db := t.kept("text")
	count := sqldb.Raw("SELECT count(*) FROM v")
	t.NoErr(sqldb.InTx(t.Context(), db, func(ctx context.Context) error {
		before, err := sqldb.Scalar[int64](ctx, db, count)
		t.NoErr(err)
		t.exec(db, insert(1)) // somebody else; a reader does not block it
		after, err := sqldb.Scalar[int64](ctx, db, count)
		t.Equal(before, after)
		return err
	}, sqldb.ReadOnly, sqldb.Isolation(sql.LevelRepeatableRead)))
}
