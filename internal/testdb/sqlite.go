package testdb

import (
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
)

// SQLitePath returns the path of a database file that does not exist yet, in a
// folder of its own, which is removed with all that SQLite puts beside the
// file when the test ends. It lies in memory (/dev/shm) where there is such a
// place, since making a file with its journal is six times faster there.
//
// Close the database before the test ends, best by a t.Cleanup registered
// after this call: a file of it that is still open then fails the test.
func SQLitePath(t testing.TB) string {
	t.Helper()
	process.sqliteOnce.Do(func() {
		process.sqlite, process.sqliteErr = newSQLiteDir()
		report("sqlite used: in " + memoryFolder())
	})
	if process.sqliteErr != nil {
		t.Fatalf("testdb: sqlite: %v", process.sqliteErr)
	}
	dir := process.sqlite.next()
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatalf("testdb: sqlite: %v", err)
	}
	t.Cleanup(func() {
		idle(t, func() ([]string, error) { return openFiles(dir) })
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("testdb: sqlite: %v", err)
		}
	})
	return filepath.Join(dir, "test.db")
}

// sqliteDir is the folder of this process. It is locked while the process
// lives, so that another one can tell an abandoned folder from one in use:
// what a killed run leaves in /dev/shm would take memory until a reboot.
type sqliteDir struct {
	dir  string
	lock *os.File
	made atomic.Int64
}

const sqlitePrefix = "joinery-sqlite-"

func newSQLiteDir() (*sqliteDir, error) {
	sweepSQLite()
	dir, err := os.MkdirTemp(memoryFolder(), sqlitePrefix)
	if err != nil {
		return nil, err
	}
	// The file gets the name that others look for once it is locked, or they
	// would take the folder for an abandoned one.
	unlocked := filepath.Join(dir, "new")
	lock, err := os.OpenFile(unlocked, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	tryLock(lock)
	return &sqliteDir{dir: dir, lock: lock}, os.Rename(unlocked, filepath.Join(dir, "lock"))
}

func (d *sqliteDir) next() string {
	return filepath.Join(d.dir, strconv.FormatInt(d.made.Add(1), 10))
}

func (d *sqliteDir) close() {
	_ = os.RemoveAll(d.dir) // if that fails, the next process does it
	_ = d.lock.Close()
}

// memoryFolder prefers Linux's shared memory, if it is there and writable.
func memoryFolder() string {
	const shm = "/dev/shm"
	probe, err := os.MkdirTemp(shm, sqlitePrefix+"probe")
	if err != nil {
		return os.TempDir()
	}
	_ = os.Remove(probe)
	return shm
}

// sweepSQLite removes folders whose process died before it could.
func sweepSQLite() {
	locks, _ := filepath.Glob(filepath.Join(memoryFolder(), sqlitePrefix+"*", "lock"))
	for _, name := range locks {
		lock, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue // another user's
		}
		if tryLock(lock) {
			_ = os.RemoveAll(filepath.Dir(name))
		}
		_ = lock.Close()
	}
}
