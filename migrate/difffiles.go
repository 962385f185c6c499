package migrate

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// write writes the draft as the next migration for a database. Where another
// database has that migration already and there is nothing to do on this one,
// its files have no statement.
func (t *Draft) write(dir string, d sqldb.Dialect) error {
	version, other, err := nextVersion(dir, d)
	switch {
	case err != nil:
		return err
	case len(t.Up) == 0 && other == "":
		return nil
	case other != "" && other != t.Name:
		return joinery.Errorf(joinery.Conflict, "", fmt.Sprintf("version %d is called %s for another database: give the migration for %s the same name", version, other, d.Name()))
	}
	folder := filepath.Join(dir, d.Name())
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	head := ""
	for _, lost := range t.Lost {
		head += "-- Loses: " + lost + "\n"
	}
	for _, way := range []struct {
		name       string
		head       string
		statements []string
	}{{"up", head, t.Up}, {"down", "", t.Down}} {
		path := filepath.Join(folder, title(version, t.Name)+"."+way.name+".sql")
		if err := create(path, way.head+fileOf(d, way.statements)); err != nil {
			return err
		}
		t.Files = append(t.Files, path)
	}
	return nil
}

// create writes a file that must not be there.
func create(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// fileOf is statements as a file has them.
func fileOf(d sqldb.Dialect, statements []string) string {
	if len(statements) == 0 {
		return "-- Nothing is to be done on this database.\n"
	}
	var b strings.Builder
	for i, text := range statements {
		if i > 0 {
			b.WriteString("\n")
		}
		if d.Name() == "mariadb" {
			b.WriteString("-- joinery:repeatable\n")
		}
		b.WriteString(text + ";\n")
	}
	return b.String()
}

// nextVersion is the first version that a database does not have, and the name
// under which another one has it.
func nextVersion(dir string, d sqldb.Dialect) (version int, name string, err error) {
	names := map[string]map[int]string{}
	for _, folder := range append([]string{"."}, folders...) {
		if names[folder], err = versionsIn(filepath.Join(dir, folder)); err != nil {
			return 0, "", err
		}
	}
	version = 1
	for _, folder := range []string{".", d.Name()} {
		for v := range names[folder] {
			version = max(version, v+1)
		}
	}
	for _, folder := range folders {
		if name = names[folder][version]; name != "" {
			break
		}
	}
	return version, name, nil
}

// versionsIn are the names of the migrations in a folder; none where it is
// missing.
func versionsIn(folder string) (map[int]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	found := map[int]string{}
	for _, e := range entries {
		if parts := fileName.FindStringSubmatch(e.Name()); parts != nil && !e.IsDir() {
			var version int
			fmt.Sscanf(parts[1], "%d", &version)
			found[version] = parts[2]
		}
	}
	return found, nil
}
