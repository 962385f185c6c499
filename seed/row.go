package seed

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/registry"
)

// row is a row of a seed in one run.
type row struct {
	seed  *Seed
	model *registry.Model
	n     int // of the seed, from 1
	line  int // in the file; 0: unknown
	lines map[string]int
	p     unsafe.Pointer // to a value of the model's type
	raw   unsafe.Pointer // the same as it was given, references as placeholders

	says  []*registry.Column // what it says something about
	loose []*registry.Column // those of them whose reference leads to a deleted row

	state state
	key   key
	id    uuid.UUID
	left  string // why it was left out; empty: it was not
}

// state is how far a row is.
type state uint8

const (
	waiting state = iota
	working
	done
)

// key is the key of a row: its hash once its references are known.
type key struct {
	columns []*registry.Column // by name
	text    string
	hash    string
}

func (r *row) lineOf(field string) int {
	if line := r.lines[field]; line > 0 {
		return line
	}
	return r.line
}

// fillDefaults sets what is still zero to the column's default.
func (r *row) fillDefaults() error {
	for _, c := range r.model.Columns {
		if v, ok := c.DefaultValue(); ok && c.Zero(r.p) {
			if err := c.SetValue(r.p, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// keyColumns are the columns by which rows of the seed are known, by name.
func (s *Seed) keyColumns(m *registry.Model) ([]*registry.Column, error) {
	if len(s.key) == 0 {
		return nil, errors.New("has no key: say by which columns its rows are known, with seed.Key or, in a file, key")
	}
	var columns []*registry.Column
	for _, name := range s.key {
		c, err := keyColumn(m, name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
	}
	return inOrder(columns), nil
}

// keyColumn is a column that rows may be known by.
func keyColumn(m *registry.Model, name string) (*registry.Column, error) {
	c := lookup(m, name)
	switch {
	case c == nil:
		return nil, errors.New("table " + m.Table + " has no column " + name)
	case c.Kind == registry.JSON, c.Kind == registry.Bytes, c.Kind == registry.Float:
		return nil, errors.New("column " + name + " of " + m.Table + " is of kind " + c.Kind.String() + ", by which no row can be known")
	}
	return c, nil
}

func inOrder(columns []*registry.Column) []*registry.Column {
	slices.SortFunc(columns, func(a, b *registry.Column) int { return strings.Compare(a.Name, b.Name) })
	return slices.Compact(columns)
}

// name sets the key's text as far as it is known, references as they are
// written.
func (r *row) name(columns []*registry.Column, holders *placeholders) {
	r.key = key{columns: columns, text: keyText(columns, r.p, holders)}
}

// keyText is the values of the columns at p, for people and as what is hashed.
func keyText(columns []*registry.Column, p unsafe.Pointer, holders *placeholders) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		v := c.Value(p)
		if id, ok := v.(uuid.UUID); ok && holders != nil {
			if r, _ := holders.of(id); r != nil {
				parts[i] = c.Name + "=" + holders.describe(r)
				continue
			}
		}
		parts[i] = c.Name + "=" + text(c, v)
	}
	return strings.Join(parts, ", ")
}

// keyHash is the key of joinery_seeds.
func keyHash(columns []*registry.Column, p unsafe.Pointer) string {
	sum := sha256.Sum256([]byte(keyText(columns, p, nil)))
	return hex.EncodeToString(sum[:])
}

// isKey reports whether the row is known by the column.
func (r *row) isKey(c *registry.Column) bool { return slices.Contains(r.key.columns, c) }

// newRow is a zero row of the model.
func newRow(m *registry.Model) unsafe.Pointer { return reflect.New(m.Type).UnsafePointer() }

// cloneRow is a copy of the row at p; what it points to is shared.
func cloneRow(m *registry.Model, p unsafe.Pointer) unsafe.Pointer {
	fresh := reflect.New(m.Type)
	fresh.Elem().Set(reflect.NewAt(m.Type, p).Elem())
	return fresh.UnsafePointer()
}
