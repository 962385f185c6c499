package perm

import (
	"context"
	"fmt"
	"strings"

	"github.com/Masterminds/squirrel"
	"github.com/google/uuid"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// judgement collects what speaks against a write: what is known without the
// database, and what to ask it.
type judgement struct {
	e     *Engine
	m     *registry.Model
	actor joinery.Actor
	class class

	row     uuid.UUID // that is changed
	on      string    // the table that a grant is on, where the row is one
	visible int       // the number of the question whether it may be viewed
	unseen  bool      // by Scope
	tree    bool      // the write may tie the model's rows into a cycle

	refused bool
	fields  []joinery.FieldError
	asks    []ask
}

// trusted reports whether the actor is System or Root, who write all models
// and name other owners. Rules that keep the data sound hold for them too.
func (j *judgement) trusted() bool { return j.class == system || j.class == root }

// refuse makes the write Forbidden.
func (j *judgement) refuse() { j.refused = true }

// fault makes the write Invalid at a column.
func (j *judgement) fault(column, code, message string) {
	j.fields = append(j.fields, fieldError(j.m, column, code, message))
}

// require adds a question whose no means the outcome, and returns its number.
// It counts only when the questions with the numbers after it were answered
// yes; a zero among them stands for none.
func (j *judgement) require(a ask, no outcome, after ...int) int {
	a.no, a.after = no, after
	j.asks = append(j.asks, a)
	return len(j.asks)
}

// requireField is require for a question about the value of a column.
func (j *judgement) requireField(a ask, column, code, message string, after ...int) int {
	a.field = fieldError(j.m, column, code, message)
	return j.require(a, invalid, after...)
}

// settled is the error of what is known without the database. While a row may
// turn out to be hidden, nothing is settled.
func (j *judgement) settled() error {
	switch {
	case j.refused:
		return j.e.forbidden(j.actor, j.m)
	case len(j.fields) > 0:
		return &joinery.Error{Kind: joinery.Invalid, Message: "the row cannot be written so", Fields: j.fields}
	}
	return nil
}

// decide is the error that the answers amount to: NotFound before Forbidden
// before Invalid, and of Invalid all fields at once.
func (j *judgement) decide(held []bool) error {
	if j.unseen {
		return notFound(j.m)
	}
	for i, a := range j.asks {
		if held[i] || !a.counts(held) {
			continue
		}
		switch a.no {
		case hidden:
			return notFound(j.m)
		case refused:
			j.refused = true
		default:
			j.fields = append(j.fields, a.field)
		}
	}
	return j.settled()
}

// judge asks everything in one statement.
func (j *judgement) judge(ctx context.Context) error {
	if len(j.asks) == 0 {
		return j.settled()
	}
	s, err := j.e.places.GetOr(placeKey{j.class, j.shape(), false}, func() (*statement, error) {
		return j.e.statement(j.class, j.actor, j.query)
	})
	if err != nil {
		return err
	}
	stmt, err := s.of(j.e, j.actor, j.args()...)
	if err != nil {
		return err
	}
	held, err := answers(ctx, j.e.db, stmt, len(j.asks))
	if err != nil {
		return fmt.Errorf("perm: judge a write to %s: %w", j.m.Table, err)
	}
	return j.decide(held)
}

// placeKey is what the text of a judgement depends on.
type placeKey struct {
	class class
	shape string
	cond  bool // the condition of PlaceCond, not the query
}

func (j *judgement) shape() string {
	var b strings.Builder
	for _, a := range j.asks {
		b.WriteString(a.shape)
		b.WriteByte(';')
	}
	return b.String()
}

func (j *judgement) args() []any {
	var args []any
	for _, a := range j.asks {
		args = append(args, a.args...)
	}
	return args
}

// query is one row with an answer per question, 1 or 0.
func (j *judgement) query(c *compiler) squirrel.Sqlizer {
	var columns []string
	var whens []any
	for _, cond := range j.conds(c) {
		columns = append(columns, "?")
		whens = append(whens, when(cond, 1))
	}
	return squirrel.Expr("SELECT "+strings.Join(columns, ", "), whens...)
}

// all is the condition that every question is answered yes.
func (j *judgement) all(c *compiler) squirrel.Sqlizer { return c.whole(allOf(j.conds(c)...)) }

func (j *judgement) conds(c *compiler) []squirrel.Sqlizer {
	c.single = true
	var conds []squirrel.Sqlizer
	n := 0
	for _, a := range j.asks {
		slots := make([]sqldb.Slot, len(a.args))
		for i := range slots {
			slots[i] = c.arg(n)
			n++
		}
		conds = append(conds, a.cond(c, slots))
	}
	return conds
}

// answers reads the one row of a judgement.
func answers(ctx context.Context, db *sqldb.DB, stmt sqldb.Sqlizer, n int) ([]bool, error) {
	bits, dest := make([]int64, n), make([]any, n)
	for i := range bits {
		dest[i] = &bits[i]
	}
	if _, err := sqldb.Row(ctx, db, stmt, dest...); err != nil {
		return nil, err
	}
	held := make([]bool, n)
	for i := range bits {
		held[i] = bits[i] == 1
	}
	return held, nil
}
