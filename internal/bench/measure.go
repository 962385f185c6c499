package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/joinery-go/joinery/internal/bench/dataset"
	"github.com/joinery-go/joinery/internal/bench/load"
)

// measure is one thing that is done to a server, by one caller.
type measure struct {
	what   string
	caller dataset.Caller
}

// The measures.
const (
	getOne     = "get"
	listNewest = "list 50"
	listSorted = "filter + sort"
	listCursor = "list, cursor page"
	listDeep   = "list, page 1,000"
	listTasks  = "inherited, list 50"
	create     = "create"
	patch      = "patch"
)

// String is the measure for people.
func (m measure) String() string { return fmt.Sprintf("%s (%s)", m.what, m.caller) }

// key is what figures are kept by.
type key struct {
	size   int
	server string
	measure
	single bool // one request at a time
}

// figure is what one turn gave.
type figure struct{ perSecond, p50, p99 float64 } // p50 and p99 in milliseconds

// figures are those of all turns.
type figures map[key][]figure

// add keeps the result of a turn.
func (f figures) add(k key, r load.Result) {
	f[k] = append(f[k], figure{r.PerSecond(), load.Milliseconds(r.Percentile(50)), load.Milliseconds(r.Percentile(99))})
}

// column is one figure of each turn.
func (f figures) column(k key, of func(figure) float64) []float64 {
	var all []float64
	for _, x := range f[k] {
		all = append(all, of(x))
	}
	return all
}

func perSecond(f figure) float64 { return f.perSecond }
func p50(f figure) float64       { return f.p50 }
func p99(f figure) float64       { return f.p99 }

// bench is a run as far as it has come.
type bench struct {
	options
	figures figures
	slow    map[key]figure    // of what is not asked again
	own     map[owned]float64 // what servers told of themselves
}

// owned is a figure that a server tells of itself, per request.
type owned struct {
	server string
	measure
	statements bool // statements, else allocations
}

// inTurns measures so many rounds: in each of them every measure, and each of
// these on one server after the other, so that what else the machine does
// meets them all alike.
func (b *bench) inTurns(ctx context.Context, w *world, servers []*process, measures []measure, single bool, after func() error) error {
	for round := range b.rounds {
		for _, m := range measures {
			for i := range servers {
				p := servers[(i+round)%len(servers)] // nobody is always the first
				if !p.does(m) {
					continue
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := b.turn(w, p, m, single); err != nil {
					return fmt.Errorf("%s, %s: %w", p.name, m, err)
				}
			}
		}
		if after != nil {
			if err := after(); err != nil {
				return err
			}
		}
	}
	return nil
}

// does tells whether the server has the measure.
func (p *process) does(m measure) bool { return m.what != listTasks || p.hasTasks() }

// turn is one measurement of one server.
func (b *bench) turn(w *world, p *process, m measure, single bool) error {
	workers, o := b.workers, load.Options{Warmup: b.window / 5, Duration: b.window}
	if single {
		workers, o = 1, load.Options{Warmup: b.window / 20, Duration: b.window / 2, Requests: 60}
	}
	k := key{w.data.Size, p.name, m, single}
	if f, ok := b.slow[k]; ok {
		b.figures[k] = append(b.figures[k], f)
		return nil
	}
	sources, err := w.sources(p, m, workers)
	if err != nil {
		return err
	}
	if slow, err := b.tooSlow(k, p, sources[0]); slow || err != nil {
		return err
	}
	r, err := load.Run(p.addr, sources, o)
	if err != nil {
		return err
	}
	b.figures.add(k, r)
	return nil
}

// verySlow is the time of one request after which a server is not asked again:
// its other rounds count like the first.
const verySlow = 3 * time.Second

// tooSlow sends one request. One that takes longer than a whole turn stands for
// the turn: with as many of its kind each second as there are processors, which
// is more than the server could do. One that is not answered in time counts as
// if it had been at that moment.
func (b *bench) tooSlow(k key, p *process, s load.Source) (bool, error) {
	begin := time.Now()
	_, err := load.Run(p.addr, []load.Source{s}, load.Options{Requests: 1})
	took := time.Since(begin)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = nil
	}
	if err != nil || took <= b.window {
		return false, err
	}
	at := load.Milliseconds(took)
	f := figure{float64(min(b.workers, runtime.NumCPU())) / took.Seconds(), at, at}
	b.figures[k] = append(b.figures[k], f)
	if took > verySlow {
		b.slow[k] = f
	}
	return true, nil
}

// ownFigures asks the servers what a request costs them: the allocations of the
// whole process, net/http included, and the statements.
func (b *bench) ownFigures(ctx context.Context, w *world, servers []*process, measures []measure) error {
	const requests = 400
	for _, p := range servers {
		for _, m := range measures {
			sources, err := w.sources(p, m, 1)
			if err != nil {
				return err
			}
			if _, err := load.Run(p.addr, sources, load.Options{Requests: requests / 4}); err != nil { // warm
				return err
			}
			before, err := p.figures()
			if err != nil {
				return err
			}
			if _, err := load.Run(p.addr, sources, load.Options{Requests: requests}); err != nil {
				return err
			}
			after, err := p.figures()
			if err != nil {
				return err
			}
			b.own[owned{p.name, m, false}] = float64(after.Allocations-before.Allocations) / requests
			if before.Statements >= 0 {
				b.own[owned{p.name, m, true}] = float64(after.Statements-before.Statements) / requests
			}
		}
		if err := w.tidy(ctx); err != nil { // for the next server's lists
			return err
		}
	}
	return nil
}

// ratio is a server's figure over another's, by rounds: of throughput, or with
// single of the median latency.
func (b *bench) ratio(size int, m measure, over, under string, single bool) (load.Spread, bool) {
	of := perSecond
	if single {
		of = p50
	}
	values := load.Ratios(b.figures.column(key{size, over, m, single}, of), b.figures.column(key{size, under, m, single}, of))
	return load.SpreadOf(values), len(values) > 0
}

// latency is a server's median latency in milliseconds, one request at a time.
func (b *bench) latency(size int, m measure, server string) (load.Spread, bool) {
	values := b.figures.column(key{size, server, m, true}, p50)
	return load.SpreadOf(values), len(values) > 0
}
