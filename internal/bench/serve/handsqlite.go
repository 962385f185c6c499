package serve

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"
	_ "modernc.org/sqlite" // the driver
)

// lite is what one would write for this one table on SQLite: one connection
// that writes, some that read, every statement prepared.
type lite struct {
	write, read *sql.DB
	get         *sql.Stmt
	insert      *sql.Stmt
	update      *sql.Stmt
	mayEdit     *sql.Stmt

	mu    sync.RWMutex
	lists map[shape]*sql.Stmt

	buffers sync.Pool
}

const litePragmas = "_pragma=busy_timeout(3000)&_pragma=foreign_keys(1)&_pragma=synchronous(NORMAL)&_time_integer_format=unix_micro&_inttotime=1"

func handSQLite(ctx context.Context, c Config) (*Running, error) {
	s := &lite{lists: map[shape]*sql.Stmt{}}
	s.buffers.New = func() any { return new(bytes.Buffer) }
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
		prepare(ctx, s.read, &s.get, liteGetSQL), prepare(ctx, s.write, &s.insert, liteInsertSQL),
		prepare(ctx, s.write, &s.update, liteUpdateSQL), prepare(ctx, s.read, &s.mayEdit, liteMayEditSQL))
	router := httprouter.New()
	router.GET("/v1/notes/:id", s.getNote)
	router.GET("/v1/notes", s.listNotes)
	router.POST("/v1/notes", s.createNote)
	router.PATCH("/v1/notes/:id", s.updateNote)
	return &Running{Handler: router, Close: func() { _ = errors.Join(s.read.Close(), s.write.Close()) }}, err
}

func prepare(ctx context.Context, db *sql.DB, into **sql.Stmt, text string) (err error) {
	*into, err = db.PrepareContext(ctx, text)
	return err
}

// answer writes v by a buffer of the pool.
func (s *lite) answer(w http.ResponseWriter, status int, v any) {
	b := s.buffers.Get().(*bytes.Buffer)
	defer s.buffers.Put(b)
	b.Reset()
	if err := json.NewEncoder(b).Encode(v); err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader is gone otherwise
}

func (s *lite) row(w http.ResponseWriter, status int, n *note, err error) {
	switch {
	case err == nil:
		w.Header()["Etag"] = []string{`"` + strconv.FormatInt(n.Version, 10) + `"`}
		s.answer(w, status, n)
	case errors.Is(err, sql.ErrNoRows):
		http.Error(w, "not found", http.StatusNotFound)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (s *lite) getNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, id, ok := who(w, r, ps)
	if !ok {
		return
	}
	var n note
	err := s.get.QueryRowContext(r.Context(), user.String(), micros(), id.String()).Scan(n.into()...)
	utc(&n)
	s.row(w, http.StatusOK, &n, err)
}

func micros() int64 { return time.Now().UnixMicro() }

// utc is the row with its times as the others write them.
func utc(n *note) { n.CreatedAt, n.UpdatedAt = n.CreatedAt.UTC(), n.UpdatedAt.UTC() }

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

func (s *lite) listNotes(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, _, ok := who(w, r, ps)
	if !ok {
		return
	}
	l, ok := readListing(r)
	if !ok {
		http.Error(w, "bad query", http.StatusBadRequest)
		return
	}
	items, err := s.rows(r.Context(), l, user)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	p := page[note]{Items: items}
	if len(items) > l.shape.limit {
		p.Items = items[:l.shape.limit]
		last := &p.Items[l.shape.limit-1]
		p.Next = l.cursor(last.UpdatedAt, last.ID)
	}
	s.answer(w, http.StatusOK, &p)
}

func (s *lite) rows(ctx context.Context, l listing, user uuid.UUID) ([]note, error) {
	stmt, err := s.list(ctx, l.shape)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, user.String(), micros(), l.status, l.at.UnixMicro(), l.id.String())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	items := make([]note, 0, l.shape.limit+1)
	for rows.Next() {
		items = items[:len(items)+1]
		n := &items[len(items)-1]
		if err := rows.Scan(n.into()...); err != nil {
			return nil, err
		}
		utc(n)
	}
	return items, rows.Err()
}

func (s *lite) createNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, _, ok := who(w, r, ps)
	if !ok {
		return
	}
	var in createNote
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil || !in.check() {
		http.Error(w, "bad note", http.StatusUnprocessableEntity)
		return
	}
	id, err := uuid.NewV7()
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	var team any
	if in.TeamID != nil {
		team = in.TeamID.String()
	}
	var n note
	err = s.insert.QueryRowContext(r.Context(), user.String(), micros(), id.String(), team, in.Title, in.Body, in.Status, in.Priority).Scan(n.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	utc(&n)
	w.Header()["Location"] = []string{"/v1/notes/" + id.String()}
	s.row(w, http.StatusCreated, &n, err)
}

func (s *lite) updateNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, id, ok := who(w, r, ps)
	if !ok {
		return
	}
	version, err := strconv.ParseInt(strings.Trim(r.Header.Get("If-Match"), `"`), 10, 64)
	if err != nil {
		http.Error(w, "name the version", http.StatusPreconditionRequired)
		return
	}
	var in updateNote
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&in); err != nil || !in.check() {
		http.Error(w, "bad note", http.StatusUnprocessableEntity)
		return
	}
	var n note
	err = s.update.QueryRowContext(r.Context(), user.String(), micros(), id.String(), version, in.Title, in.Body, in.Status, in.Priority).Scan(n.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		s.refused(w, r, user, id)
		return
	}
	utc(&n)
	s.row(w, http.StatusOK, &n, err)
}

// refused tells why a change changed nothing.
func (s *lite) refused(w http.ResponseWriter, r *http.Request, user, id uuid.UUID) {
	var may bool
	switch err := s.mayEdit.QueryRowContext(r.Context(), user.String(), micros(), id.String()).Scan(&may); {
	case err != nil:
		s.row(w, 0, nil, err)
	case !may:
		http.Error(w, "forbidden", http.StatusForbidden)
	default:
		http.Error(w, "stale", http.StatusPreconditionFailed)
	}
}
