package perm

import (
	"embed"
	"io/fs"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the files that make the tables of the rules, [Team], [Role],
// [Membership] and [Grant] as they are declared here, for package migrate:
//
//	migrate.Source{Name: "perm", FS: perm.Migrations()}
//
// An app that registers structs of its own for these tables makes them itself.
func Migrations() fs.FS {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // only for a path that is none
	}
	return root
}
