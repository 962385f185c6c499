// Command bench measures Joinery against handlers that are written by hand and
// against other toolkits, on the same rows, and prints what was asked, what was
// measured, and whether that is met.
//
//	bench run             everything, see make bench
//	bench serve NAME      one of the servers, until stdin ends
//
// It is a module of its own, so that the toolkits it measures against stay out
// of everybody else's. Package dataset says what the rows are, package serve
// which servers there are. Absolute figures mean nothing on a shared machine;
// ratios of figures that were taken in turns do.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/joinery-go/joinery/internal/bench/serve"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"run"}
	}
	switch {
	case args[0] == "run":
		return runCommand(ctx, args[1:])
	case args[0] == "serve" && len(args) > 1:
		return serveCommand(ctx, args[1], args[2:])
	}
	return fmt.Errorf("there is no command %q: use run, or serve NAME", args)
}

func serveCommand(ctx context.Context, name string, args []string) error {
	var c serve.Config
	flags := flag.NewFlagSet("bench serve", flag.ContinueOnError)
	flags.StringVar(&c.Postgres, "postgres", "", "URL of the database")
	flags.StringVar(&c.File, "file", "", "SQLite file or folder")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, err := serve.Open(ctx, name, c)
	if err != nil {
		return err
	}
	return serve.Run(ctx, s, os.Stdin, os.Stdout)
}
