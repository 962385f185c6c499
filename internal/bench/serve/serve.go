package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Config says where a server finds its rows.
type Config struct {
	Postgres string // URL of the database
	File     string // the SQLite file, for pocketbase its folder
}

// Running is a server before it listens.
type Running struct {
	Handler    http.Handler
	Statements func() int64 // how many it has sent to its database; nil: it does not count them
	Close      func()
}

// starters are the servers by name.
func starters() map[string]func(context.Context, Config) (*Running, error) {
	return map[string]func(context.Context, Config) (*Running, error){
		"hand":           handArms,
		"open":           handOpen,
		"or":             handOr,
		"gorm":           gormServer,
		"pocketbase":     pocketServer,
		"joinery":        joineryPostgres,
		"joinery-sqlite": joinerySQLite,
		"hand-sqlite":    handSQLite,
	}
}

// Names are those of all servers, in the order in which they are measured.
func Names() []string {
	return []string{"joinery", "hand", "or", "open", "gorm", "pocketbase", "joinery-sqlite", "hand-sqlite"}
}

// OnSQLite tells servers that have a file of Joinery's schema.
func OnSQLite(name string) bool { return strings.HasSuffix(name, "-sqlite") }

// Open makes the named server.
func Open(ctx context.Context, name string, c Config) (*Running, error) {
	start, ok := starters()[name]
	if !ok {
		return nil, fmt.Errorf("there is no server %q: name one of %s", name, strings.Join(Names(), ", "))
	}
	return start(ctx, c)
}

// Figures are what a server tells of itself.
type Figures struct {
	Allocations uint64 `json:"allocations"` // since it started
	Statements  int64  `json:"statements"`  // since it started; -1: not counted
}

// Run serves the handler on a free port of the loopback until stdin ends, which
// it does when the process dies that started this one. On another port are
// [Figures] at /figures and the profiles of net/http/pprof. It writes both
// addresses to out, as one line.
func Run(ctx context.Context, r *Running, in io.Reader, out io.Writer) error {
	defer r.Close()
	public, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	private, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	servers := []*http.Server{
		{Handler: r.Handler, ReadHeaderTimeout: 10 * time.Second},
		{Handler: insight(r), ReadHeaderTimeout: 10 * time.Second},
	}
	failed := make(chan error, 2)
	for i, l := range []net.Listener{public, private} {
		go func() { failed <- servers[i].Serve(l) }()
	}
	go func() {
		_, err := io.Copy(io.Discard, in)
		failed <- err
	}()
	fmt.Fprintln(out, public.Addr(), private.Addr())
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	return errors.Join(err, servers[0].Close(), servers[1].Close())
}

// insight serves what the server tells of itself.
func insight(r *Running) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/figures", func(w http.ResponseWriter, _ *http.Request) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		f := Figures{Allocations: m.Mallocs, Statements: -1}
		if r.Statements != nil {
			f.Statements = r.Statements()
		}
		_ = json.NewEncoder(w).Encode(f) // the reader is gone otherwise
	})
	return mux
}

// bearer is the user that the request names.
func bearer(r *http.Request) (uuid.UUID, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(token)
	return id, err == nil
}
