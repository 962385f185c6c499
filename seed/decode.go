package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// decoder makes rows of what files hold.
type decoder struct {
	run *session
	reg *registry.Registry
}

// row reads the node into the row, and is everything that is wrong with it.
func (d *decoder) row(r *row, n *node, owner uuid.UUID) (problems []error) {
	if n.kind != objectNode {
		return []error{r.fail("", fmt.Errorf("is %s, not an object with the row's fields", n.what()))}
	}
	if err := r.fillDefaults(); err != nil {
		return []error{r.fail("", err)}
	}
	given := map[*registry.Column]string{}
	for _, m := range n.fields {
		r.lines[m.name] = m.line
		c, err := d.column(r.model, m.name)
		if err == nil && given[c] != "" {
			err = fmt.Errorf("is the column that %s is too", given[c])
		}
		if err == nil {
			r.lines[c.Name], given[c] = m.line, m.name
			err = d.set(r, c, m.value)
		}
		if err != nil {
			problems = append(problems, r.fail(m.name, err))
		}
	}
	if c := ownerColumn(r.model); c != nil && owner != uuid.Nil && c.Zero(r.p) {
		if err := c.SetValue(r.p, owner); err != nil {
			problems = append(problems, r.fail(c.Name, err))
		}
	}
	return problems
}

// column is the one that a field of a row names.
func (d *decoder) column(m *registry.Model, name string) (*registry.Column, error) {
	c := lookup(m, name)
	switch {
	case c == nil:
		return nil, fmt.Errorf("is unknown: %s has %s", m.Table, strings.Join(fieldNames(m), ", "))
	case c == m.Version, c == m.UpdatedAt, c == m.UpdatedBy, c == m.DeletedAt, c == m.DeletedBy:
		return nil, errors.New("is kept by Joinery: leave it out")
	}
	return c, nil
}

// fieldNames are the fields that a row may have.
func fieldNames(m *registry.Model) (all []string) {
	for _, c := range append(seeded(m), m.ID) {
		if c.JSON != "" {
			all = append(all, c.JSON)
		} else {
			all = append(all, c.Name)
		}
	}
	slices.Sort(all)
	return all
}

// set reads a field.
func (d *decoder) set(r *row, c *registry.Column, n *node) error {
	v, err := d.value(c, n)
	if err != nil {
		return err
	}
	if err := c.SetValue(r.p, v); err != nil {
		return err
	}
	if !own(r.model, c) {
		r.says = append(r.says, c)
	}
	return nil
}

// value is what the node says for the column.
func (d *decoder) value(c *registry.Column, n *node) (any, error) {
	switch {
	case n.kind == nullNode && c.Nullable:
		return nil, nil
	case n.kind == nullNode:
		return nil, errors.New("may not be null")
	case c.Kind == registry.UUID && n.kind == objectNode:
		return d.reference(c, n)
	case c.Kind == registry.Decimal && (n.kind == numberNode || n.kind == textNode):
		return n.text, c.CheckDecimal(n.text)
	case c.Kind == registry.Time:
		return timeOf(n)
	case c.Kind == registry.Enum && n.kind == textNode && !slices.Contains(c.Enum, n.text):
		return nil, fmt.Errorf("is %q: it can be %s", n.text, strings.Join(c.Enum, ", "))
	}
	return decode(c, n)
}

func timeOf(n *node) (any, error) {
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, n.text); err == nil && n.kind == textNode {
			return sqldb.Time(t), nil
		}
	}
	return nil, fmt.Errorf("is %s: write a time like 2006-01-02T15:04:05Z, or a date", n.what())
}

// decode reads the node as JSON of the column's type, strictly.
func decode(c *registry.Column, n *node) (any, error) {
	var b bytes.Buffer
	n.json(&b)
	v := reflect.New(c.Base())
	dec := json.NewDecoder(&b)
	dec.DisallowUnknownFields()
	err := dec.Decode(v.Interface())
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field != "":
		return nil, fmt.Errorf("holds a %s in %s, which takes a %s", wrong.Value, wrong.Field, wrong.Type)
	case errors.As(err, &wrong):
		return nil, fmt.Errorf("is %s, and the column takes a value of kind %s (%s)", n.what(), c.Kind, c.Base())
	case err != nil:
		return nil, fmt.Errorf("is %s: %s", n.what(), strings.TrimPrefix(err.Error(), "json: "))
	}
	return v.Elem().Interface(), nil
}

// reference is the placeholder for a row of the table that the column refers
// to; where it refers to none, the node names the table.
func (d *decoder) reference(c *registry.Column, n *node) (uuid.UUID, error) {
	if c.Ref != nil && c.Ref.Target != nil {
		return d.referenceTo(c.Ref.Target, n)
	}
	return d.tableReference(n)
}

// tableReference is the placeholder for {table: {column: value}}.
func (d *decoder) tableReference(n *node) (uuid.UUID, error) {
	if len(n.fields) != 1 || n.fields[0].value.kind != objectNode {
		return uuid.Nil, errors.New("does not say which table it refers to: write {users: {email: ada@example.com}}")
	}
	m := d.reg.Model(n.fields[0].name)
	if m == nil {
		return uuid.Nil, fmt.Errorf("refers to %s, which no model of the registry has", n.fields[0].name)
	}
	return d.referenceTo(m, n.fields[0].value)
}

func (d *decoder) referenceTo(m *registry.Model, n *node) (uuid.UUID, error) {
	if len(n.fields) == 0 {
		return uuid.Nil, fmt.Errorf("names no column of %s", m.Table)
	}
	ref := &reference{table: m.Table}
	for _, field := range n.fields {
		c, err := keyColumn(m, field.name)
		if err != nil {
			return uuid.Nil, err
		}
		v, err := d.value(c, field.value)
		if err != nil {
			return uuid.Nil, fmt.Errorf("%s of %s %w", field.name, m.Table, err)
		}
		ref.pairs = append(ref.pairs, pair{c.Name, v})
	}
	return d.run.holders.add(ref), nil
}
