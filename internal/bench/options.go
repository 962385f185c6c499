package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/joinery-go/joinery/internal/bench/serve"
)

// options are what a run may be asked for.
type options struct {
	size     int      // of the notes
	servers  []string // which to measure
	rounds   int
	window   time.Duration // of one measurement of throughput
	workers  int
	dir      string // where databases are made; empty: a temporary folder
	postgres string // URL of an existing server; empty: one is started
	results  string // the file to write; empty: none
	profiles string // folder for profiles, which are then all that is taken; empty: none
}

// small is the size that larger ones are compared with.
const small = 10_000

const defaultRounds, defaultWorkers = 5, 8

// windowAt is how long throughput is measured at a size unless said.
func windowAt(size int) time.Duration {
	if size >= 1_000_000 {
		return 2 * time.Second
	}
	return 600 * time.Millisecond
}

func parseOptions(args []string) (options, error) {
	o := options{}
	var size, only string
	flags := flag.NewFlagSet("bench run", flag.ContinueOnError)
	flags.StringVar(&size, "size", "1m", "notes: 10k, 100k or 1m")
	flags.StringVar(&only, "only", "", "servers, separated by commas; empty: all")
	flags.IntVar(&o.rounds, "rounds", defaultRounds, "times that each server gets its turn")
	flags.DurationVar(&o.window, "window", 0, "how long throughput is measured in one turn; 0: 2s at 1m, else 600ms")
	flags.IntVar(&o.workers, "workers", defaultWorkers, "connections that throughput is measured with")
	flags.StringVar(&o.dir, "dir", "", "folder for the databases; empty: a temporary one")
	flags.StringVar(&o.postgres, "postgres", "", "URL of a PostgreSQL to make databases in; empty: one is started")
	flags.StringVar(&o.profiles, "profiles", "", "folder for profiles of the servers, to be taken instead of measuring; empty: none")
	flags.StringVar(&o.results, "results", "", "file for the results; empty: none")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	var ok bool
	if o.size, ok = map[string]int{"1k": 1000, "10k": small, "100k": 100_000, "1m": 1_000_000}[strings.ToLower(size)]; !ok {
		return o, fmt.Errorf("the size %q is not 1k, 10k, 100k or 1m", size)
	}
	o.servers = serve.Names()
	if only != "" {
		o.servers = strings.Split(only, ",")
	}
	for _, name := range o.servers {
		if !slices.Contains(serve.Names(), name) {
			return o, fmt.Errorf("there is no server %q: name some of %s", name, strings.Join(serve.Names(), ","))
		}
	}
	if o.window == 0 {
		o.window = windowAt(o.size)
	}
	if o.rounds < 1 || o.workers < 1 || o.window <= 0 {
		return o, fmt.Errorf("rounds, workers and window must be positive")
	}
	return o, nil
}

// sizeName is the size as one says it.
func sizeName(n int) string {
	if n >= 1_000_000 {
		return fmt.Sprintf("%dM", n/1_000_000)
	}
	return fmt.Sprintf("%dk", n/1000)
}
