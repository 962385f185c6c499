package serve

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver
)

// lite is the statements of hand-sqlite: one connection that writes, some that
// read, every statement prepared.
type lite struct {
	write, read *sql.DB
	getStmt     *sql.Stmt
	insertStmt  *sql.Stmt
	updateStmt  *sql.Stmt
	mayEditStmt *sql.Stmt

	mu    sync.RWMutex
	lists map[shape]*sql.Stmt
}

const litePragmas = "_pragma=busy_timeout(3000)&_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)&_time_integer_format=unix_micro&_inttotime=1"

func handSQLite(ctx context.Context, c Config) (*Running, error) {
	s := &lite{lists: map[shape]*sql.Stmt{}}
	var err error
	if s.write, err = sql.Open("sqlite", "file:"+c.File+"?_txlock=immediate&_pragma=journal_mode(WAL)&"+litePragmas); err != nil {
		return nil, err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", "file:"+c.File+"?mode=ro&_pragma=query_only(1)&"+litePragmas); err != nil {
		return nil, err
	}
	s.read.SetMaxOpenConns(20)
	s.read.SetMaxIdleConns(20)
	err = errors.Join(
		prepare(ctx, s.read, &s.getStmt, liteGetSQL), prepare(ctx, s.write, &s.insertStmt, liteInsertSQL),
		prepare(ctx, s.write, &s.updateStmt, liteUpdateSQL), prepare(ctx, s.read, &s.mayEditStmt, liteMayEditSQL))
	h := newHand(s)
	router := h.routes()
	router.GET("/v1/notes", listed(h, readListing, s.listNotes))
	return &Running{Handler: router, Close: func() { _ = errors.Join(s.read.Close(), s.write.Close()) }}, err
}

// prepare hides from the planner that the values are parameters: beside
// statistics it would compile the statement anew for every value.
func prepare(ctx context.Context, db *sql.DB, into **sql.Stmt, text string) (err error) {
	text = strings.ReplaceAll(text, "?", "+?")
	*into, err = db.PrepareContext(ctx, text)
	return err
}

// list is the statement for the shape, prepared once.
func (s *lite) list(ctx context.Context, k shape) (*sql.Stmt, error) {
	s.mu.RLock()
	stmt := s.lists[k]
	s.mu.RUnlock()
	if stmt != nil {
		return stmt, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := prepare(context.WithoutCancel(ctx), s.read, &stmt, liteListSQL(k))
	if err == nil {
		s.lists[k] = stmt
	}
	return stmt, err
}

func (s *lite) listNotes(ctx context.Context, user uuid.UUID, l listing) (page[note], error) {
	stmt, err := s.list(ctx, l.shape)
	if err != nil {
		return page[note]{}, err
	}
	rows, err := stmt.QueryContext(ctx, user.String(), micros(), l.status, l.at.UnixMicro(), l.id.String())
	if err != nil {
		return page[note]{}, err
	}
	defer rows.Close()
	return scanPage[note](l, rows)
}

func (s *lite) get(ctx context.Context, user, id uuid.UUID) (*note, error) {
	return scanOne[note](s.getStmt.QueryRowContext(ctx, user.String(), micros(), id.String()))
}

func (s *lite) create(ctx context.Context, user, id uuid.UUID, in *createNote) (*note, error) {
	var team any
	if in.TeamID != nil {
		team = in.TeamID.String()
	}
	return scanOne[note](s.insertStmt.QueryRowContext(ctx, user.String(), micros(), id.String(), team, in.Title, in.Body, in.Status, in.Priority))
}

func (s *lite) update(ctx context.Context, user, id uuid.UUID, version int64, in *updateNote) (*note, error) {
	return scanOne[note](s.updateStmt.QueryRowContext(ctx, user.String(), micros(), id.String(), version, in.Title, in.Body, in.Status, in.Priority))
}

func (s *lite) mayEdit(ctx context.Context, user, id uuid.UUID) (may bool, err error) {
	err = s.mayEditStmt.QueryRowContext(ctx, user.String(), micros(), id.String()).Scan(&may)
	return may, err
}

// micros is the time as sqlitedb keeps it.
func micros() int64 { return time.Now().UnixMicro() }
