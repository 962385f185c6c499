package rest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// sink takes an answer without keeping it.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}

func request(url string) *http.Request {
	r := httptest.NewRequest("GET", url, nil)
	r.Header.Set("Authorization", "Bearer ada")
	return r
}

func allocations(t testing.TB, h http.Handler, url string) float64 {
	t.Helper()
	r, w := request(url), &sink{http.Header{}}
	return testing.AllocsPerRun(200, func() {
		clear(w.header)
		h.ServeHTTP(w, r)
	})
}

func BenchmarkGet(b *testing.B) {
	api, _ := kindsAPI(b)
	r, w := request("/kinds/"+id1), &sink{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		api.ServeHTTP(w, r)
	}
}
