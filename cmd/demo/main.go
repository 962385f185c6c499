// Command demo is a small API server made of every layer of Joinery: nested
// teams, projects, notes and comments, with permissions, on SQLite or
// PostgreSQL. Its tables come from migrations, which it makes at its start, and
// the first start writes sample rows; later ones keep what people made of those.
// It says what it did, and prints bearer tokens of three sample accounts. The
// README of the module walks through it with curl.
//
//	go run ./cmd/demo --help
//	go run ./cmd/demo migrate --help
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/ardanlabs/conf/v3"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second Ctrl-C does not wait for requests
	os.Exit(run(ctx, os.Stdout, os.Stderr))
}

// run is the program: its configuration comes from the arguments and the
// environment of the process, its result is the exit code. It ends when ctx
// does.
func run(ctx context.Context, out, errOut io.Writer) int {
	cfg, text, err := readConfig()
	switch {
	case errors.Is(err, conf.ErrHelpWanted), errors.Is(err, conf.ErrVersionWanted):
		fmt.Fprintln(out, strings.TrimSpace(text))
		return 0
	case err == nil && len(cfg.Args) > 0:
		return migrateTables(ctx, cfg, out, errOut)
	case err == nil:
		err = serve(ctx, cfg, out, errOut)
	}
	if err != nil {
		fmt.Fprintln(errOut, "demo: "+oneLine(err))
		return 1
	}
	return 0
}

// oneLine is an error as a person at a terminal wants it.
func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
