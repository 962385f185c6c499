package rest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/julienschmidt/httprouter"

	"github.com/joinery-go/joinery/crud/query"
	"github.com/joinery-go/joinery/registry"
	"github.com/joinery-go/joinery/rest"
)

// row and rows are what the services below answer.
func benchRows(n int) []Note {
	due := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	list := make([]Note, n)
	for i := range list {
		list[i] = Note{Title: "Ship it", Body: "A body of some length, with <markup> & more", Status: "open", DueAt: &due}
		list[i].ID, list[i].Version, list[i].CreatedAt = noteID(byte(i)), 3, due
	}
	return list
}

// byHand is what rest is measured against: httprouter and encoding/json.
func byHand(rows []Note) http.Handler {
	router := httprouter.New()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	router.GET("/v1/notes/:id", func(w http.ResponseWriter, r *http.Request, ps httprouter.Params) {
		if _, err := uuid.Parse(ps.ByName("id")); err != nil {
			http.NotFound(w, r)
			return
		}
		row := rows[0]
		w.Header().Set("ETag", `"3"`)
		answer(w, &row)
	})
	router.GET("/v1/notes", func(w http.ResponseWriter, r *http.Request, _ httprouter.Params) {
		_ = r.URL.Query()
		answer(w, query.Page[Note]{Items: rows})
	})
	return byHeader(router)
}

func mountedRows(t testing.TB, rows []Note) http.Handler {
	t.Helper()
	reg := registry.New(nil)
	registry.MustAdd[Project](reg)
	api := rest.New(nil, &rest.Options{Auth: byHeader, Registry: reg, Log: discard()})
	must(t, rest.MountOps(api, "/v1/notes", rest.Ops[Note, struct{}, struct{}]{
		Get: func(context.Context, uuid.UUID, ...query.GetOption) (Note, error) { return rows[0], nil },
		List: func(context.Context, query.Query) (query.Page[Note], error) {
			return query.Page[Note]{Items: rows}, nil
		},
	}, nil))
	must(t, api.Validate())
	return api
}

// sink takes an answer without keeping it.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}

func request(url string) *http.Request {
	r := httptest.NewRequest("GET", url, nil)
	r.Header.Set("X-API-Key", "k")
	return r
}

func allocations(h http.Handler, url string) float64 {
	r, w := request(url), &sink{http.Header{}}
	return testing.AllocsPerRun(200, func() {
		clear(w.header)
		h.ServeHTTP(w, r)
	})
}

// TestAllocations keeps what rest adds to a request: at most 40 allocations to
// a GET written by hand, and 2 a row to a list.
func TestAllocations(t *testing.T) {
	rows := benchRows(50)
	hand, ours := byHand(rows), mountedRows(t, rows)
	for url, budget := range map[string]float64{notePath1: 40, "/v1/notes?limit=50": 40 + 2*50} {
		a, b := allocations(hand, url), allocations(ours, url)
		t.Logf("%s: by hand %v, rest %v", url, a, b)
		if b > a+budget {
			t.Errorf("%s: %v allocations more than by hand", url, b-a)
		}
	}
}

func benchmark(b *testing.B, h http.Handler, url string) {
	r, w := request(url), &sink{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
}

func BenchmarkGet(b *testing.B) {
	rows := benchRows(1)
	b.Run("hand", func(b *testing.B) { benchmark(b, byHand(rows), notePath1) })
	b.Run("rest", func(b *testing.B) { benchmark(b, mountedRows(b, rows), notePath1) })
}

func BenchmarkList(b *testing.B) {
	rows := benchRows(50)
	b.Run("hand", func(b *testing.B) { benchmark(b, byHand(rows), "/v1/notes?limit=50") })
	b.Run("rest", func(b *testing.B) { benchmark(b, mountedRows(b, rows), "/v1/notes?limit=50") })
}
