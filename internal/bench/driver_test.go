package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/matryer/is"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/load"
	"github.com/joinery-go/joinery/internal/testdb"
)

// A run of everything, on few rows and for a moment, gives a table with a line
// for each measure.
func TestEverythingIsMeasured(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	o, err := parseOptions([]string{"-size", "1k", "-rounds", "1", "-window", "20ms", "-workers", "2", "-only", "joinery,hand"})
	is.NoErr(err)
	b := &bench{options: o, figures: figures{}, slow: map[key]figure{}, own: map[owned]float64{}}
	w := tiny(t, o.servers...)
	is.NoErr(b.everything(t.Context(), w))
	table := b.table()
	for _, m := range throughput() {
		is.True(strings.Contains(table, "joinery / hand: "+m.String()+" | ≥ 0.85 |")) // each is compared
	}
	for _, c := range dataset.Callers() {
		is.True(strings.Contains(table, "filter + sort ("+c.String()+")"))
	}
	is.True(strings.Contains(table, "statements, permissions included: patch (mid) | 1 | 1.00 | yes"))
	is.NoErr(w.check(3)) // the writes left nothing behind that lists show elsewhere
}

func TestRatiosAreTakenByRounds(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	is.Equal(load.SpreadOf(load.Ratios([]float64{10, 40, 90}, []float64{10, 20, 30})), load.Spread{Median: 2, Min: 1, Max: 3})
	is.Equal(load.SpreadOf([]float64{4, 1}), load.Spread{Median: 2.5, Min: 1, Max: 4})
	is.Equal(load.SpreadOf(nil), load.Spread{})
	is.Equal(load.Ratios([]float64{1, 2}, []float64{0, 4, 5}), []float64{0.5}) // rounds that both have
	is.Equal(load.Spread{Median: 0.914, Min: 0.88, Max: 12.34}.String(), "0.91 (0.88–12.3)")
}

func TestPercentiles(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	var r load.Result
	is.Equal(r.Percentile(50), time.Duration(0))
	is.Equal(r.PerSecond(), 0.0)
	for i := range 100 {
		r.Latencies = append(r.Latencies, time.Duration(i))
	}
	r.Elapsed = 2 * time.Second
	is.Equal(r.Percentile(50), time.Duration(50))
	is.Equal(r.Percentile(99), time.Duration(99))
	is.Equal(r.Percentile(100), time.Duration(99))
	is.Equal(r.PerSecond(), 50.0)
}

// What is measured must have been answered: another status ends the run.
func TestAnswersAreJudged(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer ada" {
			http.Error(w, "who?", http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(strings.Repeat("long ", 10_000))) // in chunks
	}))
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	r, err := load.Run(addr, repeated(2, http.StatusOK, load.Request("GET", "/", "ada", nil)), load.Options{Requests: 10})
	is.NoErr(err)
	is.Equal(len(r.Latencies), 20)
	_, err = load.Run(addr, repeated(2, http.StatusOK, load.Request("GET", "/", "ben", nil)), load.Options{Requests: 10})
	is.True(err != nil && strings.Contains(err.Error(), "401"))
}

func TestOptions(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	for _, args := range [][]string{{"-size", "2k"}, {"-only", "hand,nobody"}, {"-rounds", "0"}} {
		_, err := parseOptions(args)
		is.True(err != nil)
	}
	o, err := parseOptions([]string{"-size", "1M", "-only", "hand", "-rounds", "2"})
	is.NoErr(err)
	is.Equal(o.size, 1_000_000)
	is.Equal((&bench{options: o}).command(), "make bench BENCH_SIZE=1m BENCH_ROUNDS=2 BENCH_ONLY=hand")
	o, err = parseOptions([]string{"-size", "10k", "-workers", "2", "-postgres", "postgres://me:secret@db:5432/x?password=secret"})
	is.NoErr(err)
	is.Equal((&bench{options: o}).command(), "make bench BENCH_SIZE=10k BENCH_POSTGRES=postgres://db:5432/x (bench run -workers 2 -window 600ms)")
}

// A table says what it was measured by.
func TestResultsNameTheMachine(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	o, err := parseOptions([]string{"-size", "10k"})
	is.NoErr(err)
	b := &bench{options: o, figures: figures{}}
	about := b.about(t.Context(), &postgres{url: testdb.PostgresURL(t)}, time.Now())
	for _, what := range []string{"date: 2", "make bench BENCH_SIZE=10k", fmt.Sprint(runtime.NumCPU(), " × "), "of memory", runtime.GOOS, runtime.Version(), "PostgreSQL 1", "SQLite 3."} {
		if !strings.Contains(about, what) {
			t.Errorf("%q is not in\n%s", what, about)
		}
	}
	is.True(strings.Contains(b.results(about), about))
}

// What is missed is listed with the reason, each reason once.
func TestResultsTellWhatIsMissed(t *testing.T) {
	t.Parallel()
	is := is.New(t)
	page := missed([]row{
		{"joinery / hand: get (mid)", "≥ 0.85", "0.90", "yes"},
		{"joinery / hand: create (mid)", "≥ 0.85", "0.70", "NO"},
		{"joinery / hand: patch (mid)", "≥ 0.85", "0.80", "NO"},
		{"a new one", "≤ 1", "2", "NO"},
	})
	is.Equal(strings.Count(page, "Tried: "), 1)
	is.True(strings.Contains(page, "create (mid): asked ≥ 0.85, measured 0.70. The statement"))
	is.True(strings.Contains(page, "patch (mid): asked ≥ 0.85, measured 0.80. As above."))
	is.True(strings.Contains(page, "a new one: asked ≤ 1, measured 2. Not explained yet."))
	is.True(!strings.Contains(page, "get (mid)"))
	is.Equal(missed(nil), "")
}
