package rest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/joinery-go/joinery"
)

// Health answers whether the process is alive and ready for traffic. The zero
// Health has no checks and is ready. It is safe for concurrent use; do not
// copy it.
type Health struct {
	// Timeout bounds all checks together. Zero: 2 s.
	Timeout time.Duration

	// Log gets the errors of failed checks. Clients see their names, and the
	// message of an error that is a [joinery.Error] of another kind than
	// Internal. Nil: slog.Default.
	Log *slog.Logger

	mu       sync.Mutex
	checks   []check
	last     *readiness
	draining atomic.Bool
}

type check struct {
	name string
	run  func(context.Context) error
}

// readiness is the body of /readyz.
type readiness struct {
	Status string            `json:"status" doc:"ready, unavailable or draining." example:"ready"`
	Checks map[string]string `json:"checks,omitempty" doc:"Each check by name: ok or failed."`

	Reasons map[string]string `json:"reasons,omitempty" doc:"Why checks failed, as far as it may be told."`

	at time.Time
}

// liveness is the body of /healthz.
type liveness struct {
	Status string `json:"status" doc:"Always alive." example:"alive"`
}

// Add adds a check that must pass for the process to be ready: a ping of the
// database, pending migrations, a service. A check of the same name is
// replaced. Checks run one after the other, at most once a second, and must
// heed their context.
func (h *Health) Add(name string, run func(ctx context.Context) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = nil
	for i := range h.checks {
		if h.checks[i].name == name {
			h.checks[i].run = run
			return
		}
	}
	h.checks = append(h.checks, check{name, run})
}

// Drain makes the process not ready for good: it is about to stop. [Server]
// calls it. A second call changes nothing.
func (h *Health) Drain() { h.draining.Store(true) }

// Ready runs the checks, or remembers their results for a second, and reports
// whether all passed and the process is not draining.
func (h *Health) Ready(ctx context.Context) bool {
	return h.readiness(ctx).Status == "ready"
}

func (h *Health) readiness(ctx context.Context) readiness {
	if h.draining.Load() {
		return readiness{Status: "draining"}
	}
	h.mu.Lock() // also while the checks run: a crowd of probes is one probe
	defer h.mu.Unlock()
	if h.last == nil || time.Since(h.last.at) > time.Second {
		last := h.run(ctx)
		h.last = &last
	}
	return *h.last
}

func (h *Health) run(ctx context.Context) readiness {
	timeout := h.Timeout
	if timeout <= 0 {
		timeout = 2 * time.Second
	}
	// A probe that hangs up must not make the next one see a failure.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	state := readiness{Status: "ready", at: time.Now()}
	for _, c := range h.checks {
		if state.Checks == nil {
			state.Checks = map[string]string{}
		}
		state.Checks[c.name] = "ok"
		if err := safely(ctx, c.run); err != nil {
			state.Status, state.Checks[c.name] = "unavailable", "failed"
			state.because(c.name, err)
			orDefault(h.Log).LogAttrs(ctx, slog.LevelWarn, "not ready", slog.String("check", c.name), slog.String("error", err.Error()))
		}
	}
	return state
}

// because notes why a check failed, as far as its error is for clients.
func (r *readiness) because(name string, err error) {
	told, ok := errors.AsType[*joinery.Error](err)
	if !ok || told.Kind == joinery.Internal || told.Message == "" {
		return
	}
	if r.Reasons == nil {
		r.Reasons = map[string]string{}
	}
	r.Reasons[name] = told.Message
}

// serveReady answers /readyz: 200 when ready, else 503.
func (h *Health) serveReady(w http.ResponseWriter, r *http.Request) {
	state := h.readiness(r.Context())
	status := http.StatusOK
	if state.Status != "ready" {
		status = http.StatusServiceUnavailable
	}
	serveHealth(w, r, status, state)
}

// serveAlive answers /healthz: 200 as long as the process answers at all.
func serveAlive(w http.ResponseWriter, r *http.Request) {
	serveHealth(w, r, http.StatusOK, liveness{Status: "alive"})
}

func serveHealth(w http.ResponseWriter, r *http.Request, status int, body any) {
	data, _ := json.Marshal(body) // strings only: cannot fail
	h := w.Header()
	h["Content-Type"], h["Cache-Control"] = jsonType, noStore
	writeBody(w, r, status, data)
}

// safely runs a check; its panic is its failure.
func safely(ctx context.Context, run func(context.Context) error) (err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	return run(ctx)
}
