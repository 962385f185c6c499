package migrate

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// folders are those that a source may have, one for each database.
var folders = []string{"postgres", "sqlite", "mariadb", "mssql"}

var (
	fileName = regexp.MustCompile(`^(\d{4,9})_([a-z0-9_]+)\.(up|down)\.sql$`)
	stepName = regexp.MustCompile(`^[a-z0-9_]+$`)
)

// title is a migration as people write it.
func title(version int, name string) string { return fmt.Sprintf("%04d_%s", version, name) }

// loader reads the migrations of one source for one database.
type loader struct {
	source    Source
	dialect   sqldb.Dialect
	found     map[int]*migration
	elsewhere map[int]string // a version's file for another database
	problems  []error
}

// load is the migrations of a source, by version. The error has every problem
// and names its file.
func load(s Source, d sqldb.Dialect) ([]migration, error) {
	l := loader{source: s, dialect: d, found: map[int]*migration{}, elsewhere: map[int]string{}}
	if s.FS != nil {
		l.folder(".")
	}
	for _, step := range s.Steps {
		l.step(step)
	}
	all := l.sorted()
	if err := errors.Join(l.problems...); err != nil {
		return nil, err
	}
	return all, nil
}

func (l *loader) problem(format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf("migrate: source %q: "+format, append([]any{l.source.Name}, args...)...))
}

// folder reads one folder: first what lies in it, then those of databases.
func (l *loader) folder(dir string) {
	entries, err := fs.ReadDir(l.source.FS, dir)
	if err != nil {
		l.problem("%w", err)
		return
	}
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".sql") {
			l.file(dir, e.Name())
		}
	}
	for _, e := range entries {
		switch {
		case !e.IsDir():
		case dir != "." || !slices.Contains(folders, e.Name()):
			l.problem("the folder %s is for no database: want files at the root, or in %s; a folder that is embedded is given by fs.Sub", join(dir, e.Name()), strings.Join(folders, ", "))
		default:
			l.folder(e.Name())
		}
	}
}

func join(dir, name string) string {
	if dir == "." {
		return name
	}
	return dir + "/" + name
}

// file takes one file in. One for this database takes the place of a shared
// one, which was taken in before it.
func (l *loader) file(dir, name string) {
	path := join(dir, name)
	parts := fileName.FindStringSubmatch(name)
	if parts == nil {
		l.problem("the file %s: want a name like 0001_create_notes.up.sql or 0001_create_notes.down.sql", path)
		return
	}
	version, _ := strconv.Atoi(parts[1]) // nine digits at most
	if dir != "." && dir != l.dialect.Name() {
		l.elsewhere[version] = path
		return
	}
	m := l.migration(version, parts[2], path)
	if m == nil {
		return
	}
	s, sum := l.read(path)
	into := &m.down
	if parts[3] == "up" {
		into, m.checksum = &m.up, sum
	}
	if into.file != "" && (dir == "." || strings.HasPrefix(into.file, dir+"/")) {
		l.problem("the files %s and %s are of one version", into.file, path)
	}
	*into = s
}

// migration is that of the version; nil when there is one of another name.
func (l *loader) migration(version int, name, path string) *migration {
	if version == 0 {
		l.problem("%s: versions are counted from 1", path)
		return nil
	}
	m := l.found[version]
	if m == nil {
		m = &migration{source: l.source.Name, version: version, name: name}
		l.found[version] = m
	}
	if m.name != name {
		l.problem("%s: version %d has the name %q already", path, version, m.name)
		return nil
	}
	return m
}

// read is the file as a script, and its checksum, for which it does not matter
// how lines end: version control may write that anew.
func (l *loader) read(path string) (script, string) {
	data, err := fs.ReadFile(l.source.FS, path)
	if err != nil {
		l.problem("%w", err)
		return script{file: path}, ""
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	s, err := split(l.dialect, text)
	if err != nil {
		l.problem("%s:%w", path, err)
	}
	if s.alone && l.dialect.Name() == "sqlite" {
		l.problem("%s: %sno-transaction has no lock to hold on SQLite: put the file for other databases into their folders", path, notePrefix)
	}
	s.file = path
	return s, checksum(text)
}

func checksum(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (l *loader) step(s Step) {
	called := "the step " + title(s.Version, s.Name)
	switch {
	case !stepName.MatchString(s.Name):
		l.problem("%s: want a name of small letters, digits and underscores", called)
		return
	case s.Up == nil:
		l.problem("%s has no Up", called)
		return
	case l.found[s.Version] != nil:
		l.problem("%s: version %d is there already as %q", called, s.Version, l.found[s.Version].name)
		return
	}
	if m := l.migration(s.Version, s.Name, called); m != nil {
		m.up, m.down = script{run: s.Up, repeatable: s.Repeatable}, script{run: s.Down, repeatable: s.Repeatable}
		m.checksum = checksum("step", s.Name) // what it does cannot be seen
	}
}

// sorted is what was found, with no version missing.
func (l *loader) sorted() []migration {
	var all []migration
	for _, m := range l.found {
		all = append(all, *m)
	}
	slices.SortFunc(all, func(a, b migration) int { return cmp.Compare(a.version, b.version) })
	want := 1
	for i := range all {
		for ; want < all[i].version; want++ {
			l.gap(want, &all[i])
		}
		want = all[i].version + 1
		if all[i].up.missing() {
			l.problem("%s has no file for the way up beside it", all[i].down.file)
		}
	}
	for version, path := range l.elsewhere {
		if version >= want {
			l.gap(version, &migration{down: script{file: path}})
		}
	}
	return all
}

// gap notes a version that is missing before another one.
func (l *loader) gap(version int, before *migration) {
	if path := l.elsewhere[version]; path != "" {
		l.problem("%s has no counterpart for %s: write one in the folder %s, which may be empty where nothing is to do", path, l.dialect.Name(), l.dialect.Name())
		return
	}
	s := before.up
	if s.missing() {
		s = before.down
	}
	l.problem("version %d is missing before %s", version, before.where(&s))
}
