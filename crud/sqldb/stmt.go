package sqldb

import (
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"
)

// Sqlizer is squirrel's interface: text with ? placeholders and the values in
// order.
type Sqlizer = squirrel.Sqlizer

// Stmt is a statement whose text is already in the form of the database that
// runs it ($1 on PostgreSQL, ? on SQLite and MariaDB); the DB converts the values but
// leaves the text alone. It must not be put into a squirrel builder.
type Stmt struct {
	SQL  string
	Args []any

	bound   bool // Args have been through Dialect.Bind
	write   bool // may write, though the text does not look like it
	reads   bool // the text was looked at already, and is a query's
	generic bool // one plan for all values
}

// writes reports whether the statement's text says that it may change something.
// To look takes as long as the text is, so that templates do it once.
func (s Stmt) writes() bool { return !s.reads && writes(s.SQL) }

// ToSql implements [Sqlizer].
func (s Stmt) ToSql() (string, []any, error) { return s.SQL, s.Args, nil }

type raw struct {
	sql  string
	args []any
}

func (r raw) ToSql() (string, []any, error) { return r.sql, r.args, nil }

// Raw is a statement written by hand, with ? for each of the values and ?? for
// a question mark that is code. Unlike squirrel.Expr it does not splice in
// values that are themselves Sqlizers.
func Raw(sql string, args ...any) Sqlizer { return raw{sql, args} }

// marked is a statement with what its text does not tell.
type marked struct {
	Sqlizer
	write, generic bool
}

func mark(stmt Sqlizer) marked {
	if m, ok := stmt.(marked); ok {
		return m
	}
	return marked{Sqlizer: stmt}
}

// Write marks a statement as one that writes although its text reads like a
// query: a SELECT of a function with effects. A DB with readers apart from its
// writer (SQLite) needs to know; INSERT, UPDATE and DELETE, also inside WITH
// and with RETURNING, it knows by itself.
func Write(stmt Sqlizer) Sqlizer {
	m := mark(stmt)
	m.write = true
	return m
}

// GenericPlan marks a query whose text leaves a planner no choice, so that one
// plan is right for all values: PostgreSQL then plans it once per connection,
// where it may otherwise do so at every call. Any other query can become slower
// by orders of magnitude. For the other databases, and where connections keep
// no prepared statements, it means nothing.
func GenericPlan(stmt Sqlizer) Sqlizer {
	m := mark(stmt)
	m.generic = true
	return m
}

var errNil = errors.New("sqldb: the statement is nil")

// render is the statement as the driver takes it.
func render(d Dialect, stmt Sqlizer) (Stmt, error) {
	var s Stmt
	switch x := stmt.(type) {
	case Stmt:
		s = x
	case marked:
		s, err := render(d, x.Sqlizer)
		s.write, s.generic = s.write || x.write, s.generic || x.generic
		return s, err
	default:
		text, args, err := written(stmt)
		if err != nil {
			return s, err
		}
		if text, err = number(d, text, len(args), inOrder); err != nil {
			return s, err
		}
		s = Stmt{SQL: text, Args: args}
	}
	if s.bound {
		return s, nil
	}
	for _, v := range s.Args {
		if _, ok := v.(Slot); ok {
			return s, fmt.Errorf("sqldb: a value is a Slot: the statement must be compiled and bound: %s", s.SQL)
		}
	}
	s.Args, s.bound = bindAll(d, s.Args), true
	return s, nil
}

// written is the statement's text and values in ? form. A builder among the
// values is one that squirrel did not splice in, as it does not in Where.
func written(stmt Sqlizer) (string, []any, error) {
	if stmt == nil {
		return "", nil, errNil
	}
	text, args, err := stmt.ToSql()
	if err != nil {
		return "", nil, fmt.Errorf("sqldb: build the statement: %w", err)
	}
	for _, v := range args {
		if _, ok := v.(Sqlizer); ok {
			return "", nil, fmt.Errorf("sqldb: a value is a statement itself: put it in with squirrel.Expr: %s", text)
		}
	}
	return text, args, nil
}

// bindAll is the values as the driver takes them, in a slice of its own: a
// builder's values may be shared.
func bindAll(d Dialect, args []any) []any {
	if len(args) == 0 {
		return nil
	}
	bound := make([]any, len(args))
	for i, v := range args {
		bound[i] = d.Bind(v)
	}
	return bound
}
