// Package crashtest kills processes that write to a database, and sees that
// nothing they were told is written gets lost.
package crashtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/internal/testdb"
)

// Schema makes the table that is written to, with the type of its ids. Rows of
// one batch are written in one transaction.
func Schema(idType string) []string {
	return []string{"CREATE TABLE crash (id " + idType + " PRIMARY KEY, batch " + idType + " NOT NULL)"}
}

const childEnv = "SQLDB_CRASH_CHILD"

// Main is a TestMain whose process becomes a writer when [KillProcesses]
// starts it as one.
func Main(m *testing.M, open func(ctx context.Context, url string) (*sqldb.DB, error)) {
	url := os.Getenv(childEnv)
	if url == "" {
		testdb.Main(m)
		return
	}
	ctx := context.Background()
	db, err := open(ctx, url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Fprintln(os.Stderr, Write(ctx, db, os.Stdout))
	os.Exit(1)
}

// Write writes batches of three rows from four goroutines until something
// fails, and prints each batch once it is committed.
func Write(ctx context.Context, db *sqldb.DB, out io.Writer) error {
	var mu sync.Mutex
	var wg sync.WaitGroup
	failed := make(chan error, 4)
	for range cap(failed) {
		wg.Go(func() {
			for {
				batch, err := writeBatch(ctx, db)
				if err != nil {
					failed <- err
					return
				}
				mu.Lock()
				fmt.Fprintln(out, batch)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return errors.Join(<-failed, <-failed, <-failed, <-failed)
}

const perBatch = 3

func writeBatch(ctx context.Context, db *sqldb.DB) (uuid.UUID, error) {
	batch := uuid.New()
	return batch, sqldb.InTx(ctx, db, func(ctx context.Context) error {
		for range perBatch {
			if _, err := db.Exec(ctx, sqldb.Raw("INSERT INTO crash (id, batch) VALUES (?, ?)", uuid.New(), batch)); err != nil {
				return err
			}
		}
		return nil
	})
}

// KillProcesses starts a writing process on the database at url and kills it
// at a random moment, several times; after each, everything it was told is
// written is there, and nothing is there by half.
func KillProcesses(t *testing.T, db *sqldb.DB, url string, rounds int) {
	t.Helper()
	var told []uuid.UUID
	for range rounds {
		told = append(told, writeAndDie(t, url)...)
		Check(t, db, told)
	}
	t.Logf("%d batches told", len(told))
}

func writeAndDie(t *testing.T, url string) []uuid.UUID {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+url)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var told []uuid.UUID
	var kill *time.Timer
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if kill == nil { // it has begun
			kill = time.AfterFunc(time.Duration(rand.IntN(150))*time.Millisecond, func() { _ = child.Process.Kill() })
		}
		if id, err := uuid.Parse(lines.Text()); err == nil { // the last line may be cut
			told = append(told, id)
		}
	}
	_ = child.Wait()
	if len(told) == 0 {
		t.Fatal("the writing process wrote nothing")
	}
	return told
}

// Check sees that the batches told are there and that none is there by half.
func Check(t *testing.T, db *sqldb.DB, told []uuid.UUID) {
	t.Helper()
	rows, err := db.Query(t.Context(), sqldb.Raw("SELECT batch, count(*) FROM crash GROUP BY batch"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	there := map[uuid.UUID]bool{}
	for rows.Next() {
		var batch uuid.UUID
		var n int
		if err := rows.Scan(&batch, &n); err != nil {
			t.Fatal(err)
		}
		if n != perBatch {
			t.Errorf("a batch with %d rows of %d", n, perBatch)
		}
		there[batch] = true
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, id := range told {
		if !there[id] {
			t.Errorf("batch %s was acknowledged and is lost", id)
		}
	}
}
