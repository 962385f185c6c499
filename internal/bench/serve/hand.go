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

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"
)

// hand is what one would write for this one table: the requests, over the
// statements of one database.
type hand struct {
	notes   handNotes
	buffers sync.Pool
}

// handNotes are the statements on one note. Where there is no such row, or none
// that the user may act on so, their error is sql.ErrNoRows, which that of pgx
// is, too.
type handNotes interface {
	get(ctx context.Context, user, id uuid.UUID) (*note, error)
	create(ctx context.Context, user, id uuid.UUID, in *createNote) (*note, error)
	update(ctx context.Context, user, id uuid.UUID, version int64, in *updateNote) (*note, error)
	mayEdit(ctx context.Context, user, id uuid.UUID) (bool, error)
}

func newHand(notes handNotes) *hand {
	return &hand{notes: notes, buffers: sync.Pool{New: func() any { return new(bytes.Buffer) }}}
}

// routes are those of one note; lists are for the caller to add.
func (h *hand) routes() *httprouter.Router {
	router := httprouter.New()
	router.GET("/v1/notes/:id", h.getNote)
	router.POST("/v1/notes", h.createNote)
	router.PATCH("/v1/notes/:id", h.updateNote)
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
func (h *hand) row(w http.ResponseWriter, status int, n *note, err error) {
	switch {
	case err == nil:
		w.Header()["Etag"] = []string{`"` + strconv.FormatInt(n.Version, 10) + `"`}
		h.answer(w, status, n)
	case errors.Is(err, sql.ErrNoRows):
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

// body reads what was sent into in, which judges it.
func body(w http.ResponseWriter, r *http.Request, in interface{ check() bool }) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(in); err != nil || !in.check() {
		http.Error(w, "bad note", http.StatusUnprocessableEntity)
		return false
	}
	return true
}

func (h *hand) getNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, id, ok := who(w, r, ps)
	if !ok {
		return
	}
	n, err := h.notes.get(r.Context(), user, id)
	h.row(w, http.StatusOK, n, err)
}

// listed answers a page of the list that read finds in the URL.
func listed[T any](h *hand, read func(*http.Request) (listing, bool), list func(context.Context, uuid.UUID, listing) (page[T], error)) httprouter.Handle {
	return func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		user, _, ok := who(w, r, ps)
		if !ok {
			return
		}
		l, ok := read(r)
		if !ok {
			http.Error(w, "bad query", http.StatusBadRequest)
			return
		}
		p, err := list(r.Context(), user, l)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		h.answer(w, http.StatusOK, &p)
	}
}

func (h *hand) createNote(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
	user, _, ok := who(w, r, ps)
	if !ok {
		return
	}
	var in createNote
	if !body(w, r, &in) {
		return
	}
	id, err := uuid.NewV7()
	if err != nil {
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	n, err := h.notes.create(r.Context(), user, id, &in)
	if errors.Is(err, sql.ErrNoRows) {
		http.Error(w, "forbidden", http.StatusForbidden)
		return
	}
	w.Header()["Location"] = []string{"/v1/notes/" + id.String()}
	h.row(w, http.StatusCreated, n, err)
}

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
	if !body(w, r, &in) {
		return
	}
	n, err := h.notes.update(r.Context(), user, id, version, &in)
	if errors.Is(err, sql.ErrNoRows) {
		h.refused(w, r, user, id)
		return
	}
	h.row(w, http.StatusOK, n, err)
}

// refused tells why a change changed nothing.
func (h *hand) refused(w http.ResponseWriter, r *http.Request, user, id uuid.UUID) {
	switch may, err := h.notes.mayEdit(r.Context(), user, id); {
	case err != nil:
		h.row(w, 0, nil, err)
	case !may:
		http.Error(w, "forbidden", http.StatusForbidden)
	default:
		http.Error(w, "stale", http.StatusPreconditionFailed)
	}
}
