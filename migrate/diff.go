package migrate

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// DiffOptions are the settings of [Diff]. Nil and the zero value mean the
// defaults.
type DiffOptions struct {
	// Dir is the folder with the files of the source that is written, such as
	// migrations. The next migration is written into its folder for the
	// database at hand, which is made where it is missing. A table that the
	// files made and that no model describes any more is dropped. Empty:
	// nothing is written, and no table is dropped.
	Dir string

	// Others are further sources of the app, of packages that own tables. What
	// their files make is theirs: models on those tables are left alone.
	Others []Source

	// AllowDestructive lets the migration drop tables and columns, narrow
	// types and add columns that rows have no value for. Otherwise such a
	// difference is a [*DestructiveError].
	AllowDestructive bool

	// DryRun writes nothing, whatever Dir is.
	DryRun bool
}

// Draft is a migration that [Diff] has found.
type Draft struct {
	Name  string   // as in the files' names
	Up    []string // statements without semicolons; none: there is no difference
	Down  []string // those that take them back
	Lost  []string // what rows lose by it, which AllowDestructive has allowed
	Files []string // that were written, by path
}

// Diff is the next migration: what leads the tables of the database to what the
// models of the registry describe, and the way back. All other migrations must
// have been applied before. The name is part of the files' names: small letters,
// digits and underscores. It changes nothing in the database.
//
// Tables and columns are told by name. One that was renamed has its former name
// in [registry.Table].Was or in the tag was:"title"; it can go from there once
// every database has the migration. Rows keep their values; a column that
// becomes not null gives its default to those that have none. What would lose
// data is a [*DestructiveError], which names it.
//
// Tables that no model describes are left alone, and so are indexes and
// constraints that do not have a name as the registry gives them, columns of
// other names not. Indexes and checks of the registry are compared by their
// names, which contain a hash of what they say.
//
// On SQLite most changes make the table anew. On MariaDB each statement is
// marked as repeatable.
func Diff(ctx context.Context, db *sqldb.DB, reg *registry.Registry, name string, opts *DiffOptions) (*Draft, error) {
	if !stepName.MatchString(name) {
		return nil, joinery.Errorf(joinery.Invalid, "", fmt.Sprintf("migration name %q: want small letters, digits and underscores, such as add_due_date", name))
	}
	var o DiffOptions
	if opts != nil {
		o = *opts
	}
	draft, err := o.draft(ctx, db, reg)
	if err != nil {
		return nil, err
	}
	draft.Name = name
	if o.Dir == "" || o.DryRun {
		return draft, nil
	}
	return draft, draft.write(o.Dir, db.Dialect())
}

// Auto leads the tables of the database to what the models of the registry
// describe, without a migration and without a history. It is for demos and
// tests: an app whose rows matter keeps files, see [Diff]. What would lose data
// is a [*DestructiveError]. On PostgreSQL and SQLite it is made as a whole or
// not at all.
func Auto(ctx context.Context, db *sqldb.DB, reg *registry.Registry) error {
	database, err := databaseOf(db.Dialect())
	if err != nil {
		return err
	}
	m := &Migrator{db: db, database: database, opts: (*Options)(nil).orDefaults()}
	return m.locked(ctx, func(ctx context.Context, r *run) error {
		draft, err := (&DiffOptions{}).draft(ctx, db, reg)
		if err != nil || len(draft.Up) == 0 {
			return err
		}
		var s script
		for _, text := range draft.Up {
			s.statements = append(s.statements, statement{text: text})
		}
		change := func(ctx context.Context) error { return sqldb.ExecAll(ctx, db, draft.Up) }
		if !database.steady() {
			return change(ctx)
		}
		return r.patiently(ctx, func() error { return database.transaction(ctx, db, &s, change) })
	})
}

// draft compares, and refuses what would lose data.
func (o *DiffOptions) draft(ctx context.Context, db *sqldb.DB, reg *registry.Registry) (*Draft, error) {
	d := db.Dialect()
	if _, err := databaseOf(d); err != nil {
		return nil, err
	}
	specs, err := reg.Tables(d)
	if err != nil {
		return nil, err
	}
	theirs, err := tablesOf(d, o.Others...)
	if err != nil {
		return nil, err
	}
	c := &comparison{atlas: atlasOf(d), db: db}
	for _, s := range specs {
		if !slices.Contains(theirs, s.Model.Table) {
			c.specs = append(c.specs, s)
		}
	}
	if c.gone, err = o.gone(d, reg); err != nil {
		return nil, err
	}
	pairs, err := c.pairs(ctx)
	if err != nil {
		return nil, err
	}
	lost := losses(d.Name(), pairs)
	if len(lost) > 0 && !o.AllowDestructive {
		return nil, &DestructiveError{lost}
	}
	up, down := planDiff(d, pairs)
	return &Draft{Up: up, Down: down, Lost: lost}, nil
}

// gone are the tables that the files make and no model describes.
func (o *DiffOptions) gone(d sqldb.Dialect, reg *registry.Registry) ([]string, error) {
	if o.Dir == "" {
		return nil, nil
	}
	if _, err := os.Stat(o.Dir); os.IsNotExist(err) {
		return nil, nil
	}
	own, err := tablesOf(d, Source{Name: "of " + o.Dir, FS: os.DirFS(o.Dir)})
	return slices.DeleteFunc(own, func(name string) bool { return reg.Model(name) != nil }), err
}
