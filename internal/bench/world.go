package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/serve"
	"github.com/joinery-go/joinery/internal/bench/store"
)

// world is the data of one size in all databases, with the servers over it.
type world struct {
	data    *dataset.Data
	config  serve.Config     // of the servers on PostgreSQL
	file    string           // the file of Joinery's schema
	pocket  string           // the folder of PocketBase
	servers []*process       // in the order of the options
	deep    map[depth]string // see cursorTarget

	seen, changeable map[dataset.Caller][]uuid.UUID
}

// newWorld loads the data and starts the servers.
func newWorld(ctx context.Context, o options, pg *postgres, dir string, size int) (*world, error) {
	begin := time.Now()
	name := "bench_" + sizeName(size)
	w := &world{data: dataset.New(size), deep: map[depth]string{}, seen: map[dataset.Caller][]uuid.UUID{}, changeable: map[dataset.Caller][]uuid.UUID{},
		file: filepath.Join(dir, name+".db"), pocket: filepath.Join(dir, name+"_pocketbase")}
	if slices.ContainsFunc(o.servers, onPostgres) {
		var err error
		if w.config.Postgres, err = pg.create(ctx, name); err != nil {
			return nil, err
		}
		if err := store.Postgres(ctx, w.config.Postgres, w.data); err != nil {
			return nil, err
		}
		if err := store.Verify(ctx, w.config.Postgres); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(o.servers, serve.OnSQLite) {
		if err := store.SQLite(ctx, w.file, w.data); err != nil {
			return nil, err
		}
	}
	if slices.Contains(o.servers, "pocketbase") {
		if err := serve.Fill(ctx, w.pocket, w.data); err != nil {
			return nil, err
		}
	}
	fmt.Fprintf(os.Stderr, "%s notes loaded in %.1f s\n", sizeName(size), time.Since(begin).Seconds())
	return w, w.start(o)
}

func onPostgres(name string) bool { return !serve.OnSQLite(name) && name != "pocketbase" }

// start starts each server in a process of its own.
func (w *world) start(o options) error {
	for _, name := range o.servers {
		c := w.config
		switch {
		case serve.OnSQLite(name):
			c = serve.Config{File: w.file}
		case name == "pocketbase":
			c = serve.Config{File: w.pocket}
		}
		p, err := startProcess(name, c)
		if err != nil {
			w.stop()
			return err
		}
		w.servers = append(w.servers, p)
	}
	return nil
}

func (w *world) stop() {
	for _, p := range w.servers {
		p.stop()
	}
	w.servers = nil
}

// some are the servers among those named.
func (w *world) some(names ...string) []*process {
	return slices.DeleteFunc(slices.Clone(w.servers), func(p *process) bool { return !slices.Contains(names, p.name) })
}

// visible are the notes that the caller may see, the newest first.
func (w *world) visible(c dataset.Caller) []uuid.UUID {
	if _, ok := w.seen[c]; !ok {
		w.seen[c] = w.data.Visible(c, dataset.Newest)
	}
	return w.seen[c]
}

// editable are the notes that the caller may change, the newest first.
func (w *world) editable(c dataset.Caller) []uuid.UUID {
	if _, ok := w.changeable[c]; !ok {
		w.changeable[c] = w.data.Editable(c)
	}
	return w.changeable[c]
}

// postgres is where databases are made.
type postgres struct {
	server *store.Server // nil: an existing one
	url    string
	given  bool // url is the database itself, to be used as it is
}

func startPostgres(ctx context.Context, o options, dir string) (*postgres, error) {
	if o.postgres != "" {
		return &postgres{url: o.postgres}, nil
	}
	s, err := store.Start(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &postgres{server: s, url: s.URL("postgres")}, nil
}

func (p *postgres) stop() {
	if p.server != nil {
		p.server.Stop()
	}
}

// create makes an empty database, in place of one that is left over.
func (p *postgres) create(ctx context.Context, name string) (string, error) {
	if p.given {
		return p.url, nil
	}
	conn, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	for _, s := range []string{"DROP DATABASE IF EXISTS ", "CREATE DATABASE "} {
		if _, err := conn.Exec(ctx, s+pgx.Identifier{name}.Sanitize()); err != nil {
			return "", err
		}
	}
	u, err := url.Parse(p.url)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// version is the server's.
func (p *postgres) version(ctx context.Context) string {
	conn, err := pgx.Connect(ctx, p.url)
	if err != nil {
		return "unknown"
	}
	defer conn.Close(ctx)
	return conn.PgConn().ParameterStatus("server_version")
}
