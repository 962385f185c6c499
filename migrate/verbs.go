package migrate

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

func upFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	to := f.String("to", "", "`source:version` up to which, with what the source requires; without it, all of everything")
	return func(ctx context.Context, i *invocation) error {
		if *to == "" {
			return i.m.Up(ctx)
		}
		source, text, _ := strings.Cut(*to, ":")
		version, err := strconv.Atoi(text)
		if err != nil {
			return &usageError{fmt.Sprintf("up: --to: want source:version, such as app:3, got %q", *to)}
		}
		return i.m.UpTo(ctx, source, version)
	}
}

// sourceFlag is the source that a command is about; the only one needs not be
// named.
func sourceFlag(f *flag.FlagSet) func(i *invocation) (string, error) {
	name := f.String("source", "", "`name` of the source; needed where there are several and none is the app's own")
	return func(i *invocation) (string, error) {
		switch {
		case *name != "":
			return *name, nil
		case i.cli.Source != "":
			return i.cli.Source, nil
		case len(i.m.sources) == 1:
			return i.m.sources[0].Name, nil
		}
		var names []string
		for _, s := range i.m.sources {
			names = append(names, s.Name)
		}
		return "", &usageError{fmt.Sprintf("%s: --source: say which of %s", f.Name(), strings.Join(names, ", "))}
	}
}

// stepsFlags are how many migrations to take back.
func stepsFlags(f *flag.FlagSet) func() (int, error) {
	steps := f.Int("steps", 1, "`number` of migrations to take back; without it, 1")
	all := f.Bool("all", false, "take all of the source's migrations back")
	return func() (int, error) {
		switch {
		case *all:
			return math.MaxInt, nil
		case *steps < 1:
			return 0, &usageError{fmt.Sprintf("%s: --steps: want at least 1, got %d", f.Name(), *steps)}
		}
		return *steps, nil
	}
}

func downFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	source, steps := sourceFlag(f), stepsFlags(f)
	return func(ctx context.Context, i *invocation) error {
		name, err := source(i)
		if err != nil {
			return err
		}
		n, err := steps()
		if err != nil {
			return err
		}
		return i.m.Down(ctx, name, n)
	}
}

func redoFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	source := sourceFlag(f)
	return func(ctx context.Context, i *invocation) error {
		name, err := source(i)
		if err != nil {
			return err
		}
		return i.m.Redo(ctx, name)
	}
}

func planFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	down := f.Bool("down", false, "of down instead of up")
	source, steps := sourceFlag(f), stepsFlags(f)
	asJSON := f.Bool("json", false, "as JSON")
	return func(ctx context.Context, i *invocation) error {
		plan, err := i.plan(ctx, *down, source, steps)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(i.out, plan)
		}
		for _, p := range plan {
			fmt.Fprintln(i.out, p.SQL())
		}
		if len(plan) == 0 {
			fmt.Fprintln(i.out, "-- nothing to do")
		}
		return nil
	}
}

func (i *invocation) plan(ctx context.Context, down bool, source func(*invocation) (string, error), steps func() (int, error)) ([]Planned, error) {
	if !down {
		return i.m.Plan(ctx)
	}
	name, err := source(i)
	if err != nil {
		return nil, err
	}
	n, err := steps()
	if err != nil {
		return nil, err
	}
	return i.m.PlanDown(ctx, name, n)
}

func statusFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	asJSON := f.Bool("json", false, "as JSON")
	check := f.Bool("check", false, "exit with 1 unless the database is up to date")
	return func(ctx context.Context, i *invocation) error {
		all, err := i.m.Status(ctx)
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(i.out, all)
		} else {
			err = printStatus(i.out, all)
		}
		if err == nil && *check {
			err = i.m.Check(ctx)
		}
		return err
	}
}

func resolveFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	source := sourceFlag(f)
	version := f.Int("version", 0, "`number` of the migration")
	as := f.String("as", "", "`what` you found: retry or skip the statement at which it stands, applied or reverted as a whole")
	return func(ctx context.Context, i *invocation) error {
		name, err := source(i)
		switch {
		case err != nil:
			return err
		case *version < 1:
			return &usageError{"resolve: --version: say which, such as 3"}
		case *as == "":
			return &usageError{"resolve: --as: say retry, skip, applied or reverted"}
		}
		if err := i.m.Resolve(ctx, name, *version, Resolution(*as)); err != nil {
			return err
		}
		fmt.Fprintf(i.out, "%d of %s counts as you said: %s\n", *version, name, *as)
		return nil
	}
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

func printStatus(out io.Writer, all []Status) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SOURCE\tMIGRATION\tSTATE\tAPPLIED\tTOOK\tBY")
	missing := 0
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t", s.Source, title(s.Version, s.Name), s.State)
		switch s.State {
		case Pending, Late:
			missing++
			fmt.Fprintln(w, "\t\t")
		case Partial:
			missing++
			fmt.Fprintf(w, "to statement %d\t\t%s\n", s.Statement, s.AppVersion)
		default:
			fmt.Fprintf(w, "%s\t%s\t%s\n", s.AppliedAt.UTC().Format(time.DateTime), round(s.Took), s.AppVersion)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if missing > 0 {
		fmt.Fprintf(out, "%d of %d are missing\n", missing, len(all))
	}
	return nil
}

// round is a duration with as many digits as a person wants.
func round(d time.Duration) time.Duration {
	switch {
	case d > time.Second:
		return d.Round(100 * time.Millisecond)
	case d > time.Millisecond:
		return d.Round(100 * time.Microsecond)
	}
	return d
}
