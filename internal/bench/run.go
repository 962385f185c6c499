package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/serve"
)

func runCommand(ctx context.Context, args []string) error {
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "joinery-bench-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as somebody else
			return err
		}
	}
	pg, err := startPostgres(ctx, o, dir)
	if err != nil {
		return err
	}
	defer pg.stop()
	b := &bench{options: o, figures: figures{}, slow: map[key]figure{}, own: map[owned]float64{}}
	begin := time.Now()
	if err := b.run(ctx, pg, dir); err != nil {
		return err
	}
	if o.profiles != "" {
		return nil
	}
	about := b.about(ctx, pg, begin)
	fmt.Print(about + "\n" + b.table())
	if o.results == "" {
		return nil
	}
	return os.WriteFile(o.results, []byte(b.results(about)), 0o644)
}

// run measures the size, and before it the small one for what is to stay flat.
func (b *bench) run(ctx context.Context, pg *postgres, dir string) error {
	if b.profiles != "" {
		return b.inWorld(ctx, pg, dir, b.size, (*bench).takeProfiles)
	}
	if b.size > small {
		if err := b.inWorld(ctx, pg, dir, small, (*bench).flatness); err != nil {
			return err
		}
	}
	return b.inWorld(ctx, pg, dir, b.size, (*bench).everything)
}

// inWorld loads the size, checks that all servers answer alike, and measures.
func (b *bench) inWorld(ctx context.Context, pg *postgres, dir string, size int, measure func(*bench, context.Context, *world) error) error {
	w, err := newWorld(ctx, b.options, pg, dir, size)
	if err != nil {
		return err
	}
	defer w.stop()
	if err := w.check(checkedPages); err != nil {
		return err
	}
	progress("all servers answer alike")
	return measure(b, ctx, w)
}

// checkedPages is how many pages of each list are compared before anything is
// timed; the tests compare all pages of a small data set.
const checkedPages = 3

func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format("15:04:05 ")+format+"\n", args...)
}

// ours are the servers whose lists have to stay flat, with what they are
// compared to.
func (w *world) ours() []*process { return w.some("joinery", "hand", "joinery-sqlite", "hand-sqlite") }

// flatness measures the newest rows of each caller.
func (b *bench) flatness(ctx context.Context, w *world) error {
	progress("single requests at %s", sizeName(w.data.Size))
	return b.inTurns(ctx, w, w.ours(), perCaller(dataset.Callers(), listNewest), true, nil)
}

// perCaller are the measures of each of the callers.
func perCaller(callers []dataset.Caller, what ...string) []measure {
	var all []measure
	for _, c := range callers {
		for _, x := range what {
			all = append(all, measure{x, c})
		}
	}
	return all
}

// compared are the callers by whom throughput is measured: one who sees a bit,
// one who sees next to nothing, one who sees much.
func compared() []dataset.Caller { return []dataset.Caller{dataset.Mid, dataset.Few, dataset.Many} }

// singles are the measures of one request at a time.
func (b *bench) singles() []measure {
	all := perCaller(dataset.Callers(), listNewest, listSorted, listCursor)
	if b.size >= 100_000 {
		all = append(all, measure{listDeep, dataset.All})
	}
	return append(all, perCaller(dataset.ProjectCallers(), listTasks)...)
}

// everything measures all there is: first what changes nothing.
func (b *bench) everything(ctx context.Context, w *world) error {
	progress("single requests at %s", sizeName(w.data.Size))
	if err := b.inTurns(ctx, w, w.ours(), b.singles(), true, nil); err != nil {
		return err
	}
	progress("throughput of reads")
	reads := append([]measure{{getOne, dataset.Mid}}, perCaller(compared(), listNewest, listSorted)...)
	if err := b.inTurns(ctx, w, w.servers, reads, false, nil); err != nil {
		return err
	}
	progress("throughput of writes")
	tidy := func() error { return w.tidy(ctx) }
	if err := errors.Join(
		b.inTurns(ctx, w, w.servers, []measure{{patch, dataset.Mid}}, false, tidy),
		b.inTurns(ctx, w, w.servers, []measure{{create, dataset.Mid}}, false, tidy)); err != nil {
		return err
	}
	progress("allocations and statements")
	return b.ownFigures(ctx, w, w.ours(), []measure{{getOne, dataset.Mid}, {listNewest, dataset.Mid}, {patch, dataset.Mid}, {create, dataset.Mid}})
}

// tidy removes what was created, and what changes left behind, so that the next
// round finds what the last one did.
func (w *world) tidy(ctx context.Context) error {
	var errs []error
	if w.config.Postgres != "" {
		errs = append(errs, tidyPostgres(ctx, w.config.Postgres))
	}
	for _, p := range w.servers {
		switch {
		case p.isPocket():
			errs = append(errs, tidySQLite(ctx, filepath.Join(w.pocket, "data.db")))
		case p.name == "joinery-sqlite" || p.name == "hand-sqlite" && len(w.some("joinery-sqlite")) == 0:
			errs = append(errs, tidySQLite(ctx, w.file))
		}
	}
	return errors.Join(errs...)
}

func tidyPostgres(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, s := range []string{"DELETE FROM notes WHERE title = '" + newTitle + "'", "VACUUM notes"} {
		if _, err := conn.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func tidySQLite(ctx context.Context, path string) error {
	pool, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, "DELETE FROM notes WHERE title = ?", newTitle)
	return err
}

// names are the measured servers.
func (b *bench) names() []string {
	return slices.DeleteFunc(serve.Names(), func(n string) bool { return !slices.Contains(b.servers, n) })
}
