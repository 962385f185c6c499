package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"

	"github.com/joinery-go/joinery/crud/idemstore"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/crud/sqldb/anydb"
	"github.com/joinery-go/joinery/logx"
	"github.com/joinery-go/joinery/migrate"
	"github.com/joinery-go/joinery/perm"
)

// The files are written by demo migrate diff, once for each database.
//
//go:embed migrations
var migrations embed.FS

// source is the demo's own among its sources.
const source = "demo"

// sources are the migrations of the packages that own tables, and the demo's
// own, whose tables refer to theirs.
func sources() ([]migrate.Source, error) {
	own, err := fs.Sub(migrations, "migrations")
	return []migrate.Source{
		{Name: "perm", FS: perm.Migrations()},
		{Name: "idemstore", FS: idemstore.Migrations()},
		{Name: source, FS: own, Requires: []string{"perm", "idemstore"}},
	}, err
}

func newMigrator(db *sqldb.DB) (*migrate.Migrator, error) {
	all, err := sources()
	if err != nil {
		return nil, err
	}
	return migrate.New(db, &migrate.Options{AppVersion: build(), Logger: slog.New(slog.DiscardHandler)}, all...)
}

// migrateTables is the command demo migrate; its result is the exit code.
func migrateTables(ctx context.Context, cfg config, out, errOut io.Writer) int {
	code, err := runMigrate(ctx, cfg, out, errOut)
	if err != nil {
		fmt.Fprintln(errOut, "demo: "+oneLine(err))
		return 1
	}
	return code
}

func runMigrate(ctx context.Context, cfg config, out, errOut io.Writer) (code int, err error) {
	url, _, err := cfg.database()
	if err != nil {
		return 0, err
	}
	all, err := sources()
	if err != nil {
		return 0, err
	}
	db, err := anydb.Open(ctx, url, &sqldb.Options{Logger: logx.New(errOut, &logx.Options{Level: cfg.level})})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	a, err := newApp(db)
	if err != nil {
		return 0, err
	}
	cli := migrate.Command(db, all...)
	cli.Name, cli.Out, cli.Err = "demo migrate", out, errOut
	cli.Options = &migrate.Options{AppVersion: build()}
	cli.Source, cli.Registry, cli.Dir = source, a.reg, "cmd/demo/migrations"
	return cli.Run(ctx, cfg.Args[1:]), nil
}
