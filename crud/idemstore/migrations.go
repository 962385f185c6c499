package idemstore

import (
	"embed"
	"io/fs"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the files that make the store's table, for package migrate:
//
//	migrate.Source{Name: "idemstore", FS: idemstore.Migrations()}
func Migrations() fs.FS {
	root, err := fs.Sub(migrations, "migrations")
	if err != nil {
		panic(err) // only for a path that is none
	}
	return root
}
