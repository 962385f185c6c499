package perm

import (
	"time"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
)

// statement is a query of perm's own, its text done.
type statement struct {
	compiled *compiled
	template *sqldb.Template
}

// statement compiles a whole query for all actors of a class.
func (e *Engine) statement(cl class, a joinery.Actor, build func(c *compiler) squirrel.Sqlizer) (*statement, error) {
	cp, err := e.compile(cl, a, func(c *compiler) squirrel.Sqlizer { return c.withReach(build(c)) })
	if err != nil {
		return nil, err
	}
	t, err := sqldb.Compile(e.dialect, cp.fragment.At(0))
	return &statement{cp, t}, err
}

// of is the query of one actor, now.
func (s *statement) of(e *Engine, a joinery.Actor, args ...any) (sqldb.Sqlizer, error) {
	return s.ofAt(e, e.options.Now(), a, args...)
}

// ofAt is of at another moment.
func (s *statement) ofAt(e *Engine, at time.Time, a joinery.Actor, args ...any) (sqldb.Sqlizer, error) {
	return s.by(e, at, a, nil, args...)
}

// by is ofAt with the actor's reach, which class known needs.
func (s *statement) by(e *Engine, at time.Time, a joinery.Actor, r *reach, args ...any) (sqldb.Sqlizer, error) {
	cond, err := s.compiled.condBy(e, at, a, r, args...)
	if err != nil {
		return nil, err
	}
	return s.template.Bind(cond.Values), nil
}

// when is an integer expression: n where the condition holds, else 0.
func when(cond squirrel.Sqlizer, n Actions) squirrel.Sqlizer {
	return squirrel.Expr("CASE WHEN ? THEN "+itoa(n)+" ELSE 0 END", cond)
}
