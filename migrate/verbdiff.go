package migrate

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"

	"github.com/joinery-go/joinery"
)

func diffFlags(f *flag.FlagSet) func(context.Context, *invocation) error {
	name := f.String("name", "", "`name` of the migration, such as add_due_date")
	dir := f.String("dir", "", "`folder` of the source's files; without it, the app's own")
	source := sourceFlag(f)
	destructive := f.Bool("allow-destructive", false, "write it also where it loses data")
	show := f.Bool("print", false, "print the SQL and write nothing")
	return func(ctx context.Context, i *invocation) error {
		if *name == "" && !*show {
			return &usageError{"diff: --name: say what the migration does, such as add_due_date"}
		}
		own, err := source(i)
		if err != nil {
			return err
		}
		if err := i.upToDate(ctx); err != nil {
			return err
		}
		draft, err := Diff(ctx, i.cli.db, i.cli.Registry, cmp.Or(*name, "draft"), &DiffOptions{
			Dir: cmp.Or(*dir, i.cli.Dir, "migrations"), Others: i.others(own), AllowDestructive: *destructive, DryRun: *show,
		})
		if err != nil {
			return err
		}
		i.printDraft(draft, *show)
		return nil
	}
}

// upToDate is an error while something is pending, which would be written again.
func (i *invocation) upToDate(ctx context.Context) error {
	pending, err := i.m.Pending(ctx)
	if err == nil && len(pending) > 0 {
		err = joinery.Errorf(joinery.Conflict, "migrations_pending",
			fmt.Sprintf("%d migrations are pending, and the difference is to what they make: run %s up first", len(pending), i.cli.name()))
	}
	return err
}

// others are the sources beside one.
func (i *invocation) others(own string) []Source {
	return slices.DeleteFunc(slices.Clone(i.m.sources), func(s Source) bool { return s.Name == own })
}

func (i *invocation) printDraft(draft *Draft, sql bool) {
	switch {
	case len(draft.Up) == 0 && len(draft.Files) == 0:
		fmt.Fprintln(i.out, "the database is as the models describe it: nothing to write")
	case sql:
		fmt.Fprint(i.out, fileOf(i.m.db.Dialect(), draft.Up))
	}
	for _, lost := range draft.Lost {
		fmt.Fprintln(i.out, "loses:", lost)
	}
	for _, path := range draft.Files {
		fmt.Fprintln(i.out, "wrote", path)
	}
}
