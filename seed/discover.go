package seed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// Discover makes a seed of each file of fsys that is named by a table and ends
// in .json, .yaml or .yml, in whatever folder; other files are left alone. The
// package tells what is in them. The options hold for all files, but a file's
// own key and owner go before them, and environments add up.
//
// What can be told without a registry is an error here: a file that cannot be
// read, a member that the format does not have, one that is there twice. It
// joins the problems of all files, each an [*Error].
func Discover(fsys fs.FS, opts ...Option) ([]*Seed, error) {
	var seeds []*Seed
	var problems []error
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		parse := parserOf(name)
		if parse == nil {
			return nil
		}
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		one, err := discover(name, parse, data, opts)
		seeds, problems = append(seeds, one), append(problems, err)
		return nil
	})
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	return seeds, nil
}

func parserOf(name string) func([]byte) (*node, error) {
	switch path.Ext(name) {
	case ".json":
		return parseJSON
	case ".yaml", ".yml":
		return parseYAML
	}
	return nil
}

// discover is the seed of one file.
func discover(name string, parse func([]byte) (*node, error), data []byte, opts []Option) (*Seed, error) {
	words := strings.Split(path.Base(name), ".")
	f := &file{Seed: &Seed{table: words[0], file: name, spec: specOf(opts)}}
	f.envs = append(f.envs, words[1:len(words)-1]...)
	f.Seed.load = f.read
	root, err := parse(data)
	if err != nil {
		return nil, f.fail(0, "", err)
	}
	if root.kind != objectNode {
		return nil, f.fail(root.line, "", fmt.Errorf("holds %s: write an object with key, owner and rows", root.what()))
	}
	var problems []error
	for _, m := range root.fields {
		if err := f.member(m.name, m.value); err != nil {
			problems = append(problems, f.fail(m.value.line, m.name, err))
		}
	}
	if f.rows == nil && len(problems) == 0 {
		problems = append(problems, f.fail(root.line, "rows", errors.New("is missing: it is the list of the rows")))
	}
	return f.Seed, errors.Join(problems...)
}

// file is the seed of a file, with its rows as they were parsed.
type file struct {
	*Seed
	owned *node // its owner
	rows  *node
}

func (f *file) fail(line int, field string, err error) error {
	var at *lineError
	if errors.As(err, &at) {
		line = at.line
	}
	return &Error{Table: f.table, File: f.file, Line: line, Field: field, Err: err}
}

// member takes a member of the whole.
func (f *file) member(name string, n *node) (err error) {
	switch name {
	case "key":
		f.key, err = n.texts()
	case "env":
		var envs []string
		envs, err = n.texts()
		f.envs = append(f.envs, envs...)
	case "owner":
		if f.owned = n; n.kind != textNode && n.kind != objectNode {
			err = fmt.Errorf("is %s: write system, template, root, an id, or a reference like {users: {email: ada@example.com}}", n.what())
		}
	case "rows":
		if f.rows = n; n.kind != listNode {
			err = fmt.Errorf("is %s, not a list of rows", n.what())
		}
	default:
		err = errors.New("is unknown: a file has key, owner, env and rows")
	}
	return err
}

// read makes the rows of the model, and tells of everything that is wrong with
// them.
func (f *file) read(ctx context.Context, run *session, m *registry.Model) ([]*row, error) {
	d := &decoder{run: run, reg: m.Registry()}
	owner, err := d.owner(f.owned)
	if err != nil {
		return nil, f.fail(f.owned.line, "owner", err)
	}
	var rows []*row
	var problems []error
	for i, n := range f.rows.items {
		r := &row{seed: f.Seed, model: m, n: i + 1, line: n.line, lines: map[string]int{}, p: newRow(m)}
		problems = append(problems, d.row(r, n, owner)...)
		rows = append(rows, r)
	}
	return rows, errors.Join(problems...)
}

// owner is who owns the rows of a file, or the placeholder of that.
func (d *decoder) owner(n *node) (uuid.UUID, error) {
	if n == nil {
		return uuid.Nil, nil
	}
	if n.kind == objectNode {
		return d.tableReference(n)
	}
	switch ids := d.run.opts.IDs; n.text {
	case "system":
		return ids.System, nil
	case "template":
		return ids.Template, nil
	case "root":
		return ids.Root, nil
	}
	id, err := uuid.Parse(n.text)
	if err != nil {
		err = fmt.Errorf("is %q: write system, template, root, an id, or a reference like {users: {email: ada@example.com}}", n.text)
	}
	return id, err
}
