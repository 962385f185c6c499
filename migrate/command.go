package migrate

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// CLI is the migrations of an app as a command line, for the app to embed. Its
// fields may be set before the first Run. It is for one Run at a time.
type CLI struct {
	Name    string    // how the program is called in its texts. Empty: migrate
	Options *Options  // of the [Migrator]; without a Logger nothing is logged, since Out tells it
	Out     io.Writer // gets results and progress, which moves where it is a terminal. Nil: os.Stdout
	Err     io.Writer // gets errors. Nil: os.Stderr

	// Source is the source that commands are about where no flag names one.
	// Empty: the only one there is.
	Source string

	// Registry has the models of the app, for the command diff, which writes
	// the next migration of Source into the folder Dir. Nil: it is not offered.
	Registry *registry.Registry
	Dir      string // of the source's files, from where the program is run. Empty: migrations

	db      *sqldb.DB
	sources []Source
}

// Command is a CLI over the sources. An app gives it what stands behind a word
// of its own on the command line, as in
//
//	if len(os.Args) > 1 && os.Args[1] == "migrate" {
//		os.Exit(migrate.Command(db, sources...).Run(ctx, os.Args[2:]))
//	}
//
// for app migrate up, down, redo, status, plan and resolve, and diff where the
// CLI has a Registry; app migrate --help lists them with their flags.
func Command(db *sqldb.DB, sources ...Source) *CLI {
	return &CLI{db: db, sources: sources}
}

// command is one word of the CLI.
type command struct {
	name, does string
	flags      func(f *flag.FlagSet) (run func(ctx context.Context, i *invocation) error)
}

func (c *CLI) commands() []command {
	all := []command{
		{"up", "make what the database lacks", upFlags},
		{"down", "take the last migrations of a source back", downFlags},
		{"redo", "take the last migration of a source back and make it again", redoFlags},
		{"status", "tell how each migration stands", statusFlags},
		{"plan", "print the SQL that up, or down, would run", planFlags},
		{"resolve", "tell the history what you found about a migration, running nothing", resolveFlags},
	}
	if c.Registry != nil {
		all = append(all, command{"diff", "write the next migration, which leads the database to what the models describe", diffFlags})
	}
	return all
}

// invocation is one Run.
type invocation struct {
	cli *CLI
	out io.Writer
	m   *Migrator
}

// usageError is a command line that cannot be understood.
type usageError struct{ text string }

// Error is what is wrong with it.
func (e *usageError) Error() string { return e.text }

// Run runs one command and is the exit code: 0 when it succeeded, 1 when it
// failed, and 2 when the arguments cannot be understood, which the error
// names. Errors go to Err, in words for a person.
func (c *CLI) Run(ctx context.Context, args []string) int {
	err := c.run(ctx, args)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(orWriter(c.Err, os.Stderr), "%s: %s\n", c.name(), usage.text)
		return 2
	}
	fmt.Fprintf(orWriter(c.Err, os.Stderr), "%s: %s\n", c.name(), explain(err))
	return 1
}

func (c *CLI) run(ctx context.Context, args []string) error {
	out := orWriter(c.Out, os.Stdout)
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "-help" || args[0] == "--help" {
		c.help(out)
		if len(args) == 0 {
			return &usageError{"which command?"}
		}
		return nil
	}
	for _, cmd := range c.commands() {
		if cmd.name == args[0] {
			return c.invoke(ctx, cmd, args[1:], out)
		}
	}
	return &usageError{fmt.Sprintf("there is no command %q; --help lists them", args[0])}
}

func (c *CLI) invoke(ctx context.Context, cmd command, args []string, out io.Writer) error {
	flags := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	run := cmd.flags(flags)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprintf(out, "%s %s: %s\n", c.name(), cmd.name, cmd.does)
		printFlags(out, flags)
		return nil
	case err != nil:
		return &usageError{fmt.Sprintf("%s: %s; %s --help lists the flags", cmd.name, dashed(err.Error()), cmd.name)}
	case flags.NArg() > 0:
		return &usageError{fmt.Sprintf("%s: unexpected argument %q; %s --help lists the flags", cmd.name, flags.Arg(0), cmd.name)}
	}
	progress := newProgress(out)
	opts := c.options(progress)
	m, err := New(c.db, &opts, c.sources...)
	if err != nil {
		return err
	}
	stop := progress.start()
	defer stop()
	return run(ctx, &invocation{cli: c, out: progress, m: m})
}

// options are the app's, with what the command line adds.
func (c *CLI) options(p *progress) Options {
	var opts Options
	if c.Options != nil {
		opts = *c.Options
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	theirs := opts.Progress
	opts.Progress = func(e Event) {
		p.event(e)
		if theirs != nil {
			theirs(e)
		}
	}
	return opts
}

func (c *CLI) name() string {
	if c.Name == "" {
		return "migrate"
	}
	return c.Name
}

func (c *CLI) help(out io.Writer) {
	fmt.Fprintf(out, "%s brings the database's schema from version to version.\n\n", c.name())
	for _, cmd := range c.commands() {
		fmt.Fprintf(out, "  %s %s\n      %s\n", c.name(), cmd.name, cmd.does)
		flags := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
		cmd.flags(flags)
		printFlags(out, flags)
	}
}

func printFlags(out io.Writer, flags *flag.FlagSet) {
	flags.VisitAll(func(f *flag.Flag) {
		kind, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(out, "      %-22s %s\n", strings.TrimSpace("--"+f.Name+" "+kind), usage)
	})
}

// dashed is an error of package flag with flags as people write them.
func dashed(text string) string {
	return strings.NewReplacer("flag -", "flag --", "defined: -", "defined: --", "argument: -", "argument: --").Replace(text)
}

// explain is an error as a person at a terminal wants it, each on its line.
func explain(err error) string {
	if all, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, one := range all.Unwrap() {
			lines = append(lines, explain(one))
		}
		return strings.Join(lines, "\n  ")
	}
	if e, ok := err.(*joinery.Error); ok {
		text := e.Message
		if e.Err != nil {
			text += ": " + e.Err.Error()
		}
		return text
	}
	return strings.TrimPrefix(err.Error(), "migrate: ")
}

func orWriter(w, standard io.Writer) io.Writer {
	if w == nil {
		return standard
	}
	return w
}
