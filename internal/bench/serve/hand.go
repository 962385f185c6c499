package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/julienschmidt/httprouter"
)

// hand is what one would write for this one table.
type hand struct {
	pool, lists *pgxpool.Pool // lists has a pool with generic plans
	get         string
	list        func(shape) string
	tasks       func(shape) string

	mu    sync.RWMutex
	texts map[textKey]string

	buffers sync.Pool
}

type textKey struct {
	tasks bool
	shape shape
}

func handArms(ctx context.Context, c Config) (*Running, error) {
	return startHand(ctx, c, true, &hand{get: getSQL, list: armsSQL, tasks: taskArmsSQL})
}

func handOr(ctx context.Context, c Config) (*Running, error) {
	return startHand(ctx, c, false, &hand{get: getSQL, list: orSQL, tasks: taskOrSQL})
}

func handOpen(ctx context.Context, c Config) (*Running, error) {
	return startHand(ctx, c, false, &hand{get: getOpenSQL, list: openSQL, tasks: taskOpenSQL})
}

func startHand(ctx context.Context, c Config, generic bool, h *hand) (*Running, error) {
	h.texts = map[textKey]string{}
	h.buffers.New = func() any { return new(bytes.Buffer) }
	var err error
	if h.pool, err = handPool(ctx, c.Postgres, false); err != nil {
		return nil, err
	}
	h.lists = h.pool
	if generic {
		if h.lists, err = handPool(ctx, c.Postgres, true); err != nil {
			h.pool.Close()
			return nil, err
		}
	}
	return &Running{Handler: h.routes(), Close: func() { h.lists.Close(); h.pool.Close() }}, nil
}

func handPool(ctx context.Context, url string, generic bool) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 20
	if generic {
		config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	}
	return pgxpool.NewWithConfig(ctx, config)
}

func (h *hand) routes() http.Handler {
	router := httprouter.New()
	router.GET("/v1/notes/:id", h.getNote)
	router.GET("/v1/notes", h.listNotes)
	router.POST("/v1/notes", h.createNote)
	router.PATCH("/v1/notes/:id", h.updateNote)
	router.GET("/v1/tasks", h.listTasks)
	return router
}

// answer writes v by a buffer of the pool.
func (h *hand) answer(w http.ResponseWriter, status int, v any) {
	b := h.buffers.Get().(*bytes.Buffer)
	defer h.buffers.Put(b)
	b.Reset()
	if err := json.NewEncoder(b).Encode(v); err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the reader is gone otherwise
}

var jsonType = []string{"application/json"}

// row answers one note with its version, or what went wrong.
func (h *hand) row(w http.ResponseWriter, status int, n *pgNote, err error) {
	switch {
	case err == nil:
		w.Header()["Etag"] = []string{`"` + strconv.FormatInt(n.Version, 10) + `"`}
		h.answer(w, status, n)
	case errors.Is(err, pgx.ErrNoRows):
		http.Error(w, "not found", http.StatusNotFound)
	default:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// who is the caller and, where the path has one, the id.
func who(w http.ResponseWriter, r *http.Request, ps httprouter.Params) (user, id uuid.UUID, ok bool) {
	if user, ok = bearer(r); !ok {
		http.Error(w, "unauthenticated", http.StatusUnauthorized)
		return
	}
	if s := ps.ByName("id"); s != "" {
		var err error
		if id, err = uuid.Parse(s); err != nil {
			http.Error(w, "not found", http.StatusNotFound)
			return user, id, false
		}
	}
	return user, id, true
}

func (h *hand) getNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, id, ok := who(w, r, ps)
	if !ok {
		return
	}
	n, err := h.one(r.Context(), h.get, key(user), key(id))
	h.row(w, http.StatusOK, n, err)
}

// one runs a statement that gives one note.
func (h *hand) one(ctx context.Context, text string, args ...any) (*pgNote, error) {
	n := new(pgNote)
	err := h.pool.QueryRow(ctx, text, args...).Scan(n.into(make([]any, 0, 14))...)
	n.done()
	return n, err
}

// text is the statement for the shape, made once.
func (h *hand) text(k textKey, make func(shape) string) string {
	h.mu.RLock()
	text, ok := h.texts[k]
	h.mu.RUnlock()
	if !ok {
		text = make(k.shape)
		h.mu.Lock()
		h.texts[k] = text
		h.mu.Unlock()
	}
	return text
}

func (h *hand) listNotes(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, _, ok := who(w, r, ps)
	if !ok {
		return
	}
	l, ok := readListing(r)
	if !ok {
		http.Error(w, "bad query", http.StatusBadRequest)
		return
	}
	rows, err := queryRows[pgNote](r.Context(), h.lists, h.text(textKey{false, l.shape}, h.list), l, key(user))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	p := page[pgNote]{Items: rows}
	if len(rows) > l.shape.limit {
		p.Items = rows[:l.shape.limit]
		last := &p.Items[l.shape.limit-1]
		p.Next = l.cursor(last.UpdatedAt, last.ID)
	}
	h.answer(w, http.StatusOK, &p)
}

// scanned is a row that says where its columns go.
type scanned[T any] interface {
	*T
	into(dest []any) []any
	done()
}

// queryRows scans the rows of a list into a slice that is large enough.
func queryRows[T any, P scanned[T]](ctx context.Context, pool *pgxpool.Pool, text string, l listing, user any) ([]T, error) {
	rows, err := pool.Query(ctx, text, l.args(user)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	items, dest := make([]T, 0, l.shape.limit+1), make([]any, 0, 14)
	for rows.Next() {
		items = items[:len(items)+1]
		row := P(&items[len(items)-1])
		if err := rows.Scan(row.into(dest)...); err != nil {
			return nil, err
		}
		row.done()
	}
	return items, rows.Err()
}

func (h *hand) createNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
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
		team = key(*in.TeamID)
	}
	n, err := h.one(r.Context(), insertSQL, key(user), key(id), now(), team, in.Title, in.Body, in.Status, in.Priority)
	if errors.Is(err, pgx.ErrNoRows) {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	w.Header()["Location"] = []string{"/v1/notes/" + id.String()}
	h.row(w, http.StatusCreated, n, err)
}

func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

func (h *hand) updateNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
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
	n, err := h.one(r.Context(), updateSQL, key(user), key(id), version, in.Title, in.Body, in.Status, in.Priority, now())
	if errors.Is(err, pgx.ErrNoRows) {
		h.refused(w, r, user, id)
		return
	}
	h.row(w, http.StatusOK, n, err)
}

// refused tells why a change changed nothing.
func (h *hand) refused(w http.ResponseWriter, r *http.Request, user, id uuid.UUID) {
	var may bool
	switch err := h.pool.QueryRow(r.Context(), mayEditSQL, key(user), key(id)).Scan(&may); {
	case err != nil:
		h.row(w, 0, nil, err)
	case !may:
		http.Error(w, "forbidden", http.StatusForbidden)
	default:
		http.Error(w, "stale", http.StatusPreconditionFailed)
	}
}
