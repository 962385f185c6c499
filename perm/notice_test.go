package perm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/perm"
)

// notice is what the log is told of an index.
type notice struct {
	Level   string
	Table   string
	Columns string
	Create  string
}

// log is a log that many may write to, at level warn.
type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

// notices are those since the last call.
func (l *log) notices(s *schema) (all []notice) {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := json.NewDecoder(&l.text)
	for lines.More() {
		var n notice
		s.NoErr(lines.Decode(&n))
		s.Equal(n.Level, "WARN")
		all = append(all, n)
	}
	return all
}

// listened is the schema with an engine of its own, as a process has it that
// starts now, and its log.
func (s *schema) listened() (*schema, *log) {
	l := &log{}
	fresh := newSchemaWith(s.t, s.db, &perm.Options{Log: slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	return fresh, l
}

// list reads the ids of what somebody may view.
func (s *schema) list(ctx context.Context, table string) {
	s.t.Helper()
	ctx = joinery.WithActor(ctx, joinery.Actor{ID: uuid.New(), Kind: joinery.User})
	cond, err := s.e.Filter(ctx, s.reg.Model(table), perm.View, table)
	s.NoErr(err)
	text, args, err := cond.ToSql()
	s.NoErr(err)
	_, err = sqldb.Column[uuid.UUID](ctx, s.db, sqldb.Raw("SELECT id FROM "+table+" WHERE "+text, args...))
	s.NoErr(err)
}

// dropFirst drops an index of the table without which something is missing,
// and is the statement that makes it.
func (s *schema) dropFirst(table string) string {
	s.t.Helper()
	for _, name := range s.indexes(table) {
		s.drop(table, name)
		if found := s.missing(); len(found) > 0 {
			return found[0].Statement
		}
	}
	s.t.Fatalf("%s needs no index", table)
	return ""
}

func TestNoticeOfAMissingIndex(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		sound, l := s.listened()
		sound.list(t.Context(), "tickets")
		s.Equal(l.notices(s), nil)

		create := s.dropFirst("tickets")
		sound.list(t.Context(), "tickets")
		s.Equal(l.notices(s), nil) // looked at already

		lacking, l := s.listened()
		for range 3 {
			lacking.list(t.Context(), "projects")
		}
		s.Equal(l.notices(s), nil) // not a matter of tickets
		for range 3 {
			lacking.list(t.Context(), "tickets")
		}
		found := l.notices(s)
		s.Equal(len(found), 1)
		s.Equal(found[0].Table, "tickets")
		s.Equal(found[0].Create, create+";")
		s.Equal(found[0].Columns, strings.Join(s.missing()[0].Columns, ", "))

		s.exec(create)
		mended, l := s.listened()
		mended.list(t.Context(), "tickets")
		s.Equal(l.notices(s), nil)
	})
}

// The indexes of the tables that every condition reads are missed with the
// first model; each index is told of once.
func TestNoticeOfTheRules(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		for _, table := range []string{"memberships", "folders"} {
			for _, name := range s.indexes(table) {
				s.drop(table, name)
			}
		}
		lacking, l := s.listened()
		lacking.list(t.Context(), "folders")
		var told []string
		for _, n := range l.notices(s) {
			told = append(told, strings.TrimSuffix(n.Create, ";"))
		}
		for _, table := range []string{"memberships", "notes", "folders"} {
			lacking.list(t.Context(), table)
		}
		s.Equal(l.notices(s), nil)
		var missing []string
		for _, m := range s.missing() {
			missing = append(missing, m.Statement)
		}
		slices.Sort(missing)
		slices.Sort(told)
		s.Equal(told, missing)
	})
}

// In a transaction nothing is looked up: where that failed, it would end it.
func TestNoticeWaitsForTheTransactionToEnd(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		s.dropFirst("tickets")
		lacking, l := s.listened()
		s.NoErr(sqldb.InTx(t.Context(), s.db, func(ctx context.Context) error {
			before := s.db.Stats().Statements
			lacking.list(ctx, "tickets")
			s.Equal(s.db.Stats().Statements-before, int64(1))
			return nil
		}))
		s.Equal(l.notices(s), nil)
		lacking.list(t.Context(), "tickets")
		s.Equal(len(l.notices(s)), 1)
	})
}

// Who asks in a ctx that has ended gets the condition all the same, and the
// next one looks.
func TestNoticeIsMadeUpFor(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		s.dropFirst("tickets")
		lacking, l := s.listened()
		ended, cancel := context.WithCancel(joinery.WithActor(t.Context(), joinery.Actor{ID: uuid.New(), Kind: joinery.User}))
		cancel()
		_, err := lacking.e.Filter(ended, lacking.reg.Model("tickets"), perm.View, "t")
		s.NoErr(err)
		s.Equal(l.notices(s), nil)
		lacking.list(t.Context(), "tickets")
		s.Equal(len(l.notices(s)), 1)
	})
}

func TestNoticeByManyAtOnce(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		s.dropFirst("tickets")
		lacking, l := s.listened()
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { lacking.list(t.Context(), "tickets") })
		}
		all.Wait()
		s.Equal(len(l.notices(s)), 1)
	})
}

// What is not there, and what is no table, lacks no index.
func TestNoNoticeOfOtherTables(t *testing.T) {
	onEachSchema(t, func(s *schema) {
		for _, text := range []string{"DROP TABLE notes", "ALTER TABLE folders DROP COLUMN created_at", "ALTER TABLE tickets RENAME TO old", "CREATE VIEW tickets AS SELECT * FROM old"} {
			s.exec(text)
		}
		other, l := s.listened()
		for _, table := range []string{"notes", "folders", "tickets"} {
			ctx := joinery.WithActor(t.Context(), joinery.Actor{ID: uuid.New(), Kind: joinery.User})
			_, err := other.e.Filter(ctx, other.reg.Model(table), perm.View, "t")
			s.NoErr(err)
		}
		s.Equal(l.notices(s), nil)
	})
}
