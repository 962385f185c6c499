package crud

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery/crud/sqldb"
)

// params are the values of one statement. A statement is made in two walks
// over a request, which meet its parts in the same order: the first, on every
// call, collects the values and the shape; the second, only for a shape not
// met before, builds the text, taking a slot wherever the first added a value.
type params struct {
	values     []any
	conditions []placed
	shape      shape
	few        struct { // room for the most
		values     [24]any
		conditions [2]placed
	}
}

// placed is a condition, where its values begin and how many they are.
type placed struct {
	fragment *sqldb.Fragment
	base     int
	values   int
}

func newParams(o op, text string) *params {
	p := &params{shape: shape{op: o, text: text}}
	p.values, p.conditions = p.few.values[:0], p.few.conditions[:0]
	return p
}

// add appends a value.
func (p *params) add(v any) { p.values = append(p.values, v) }

// condition appends an Access filter or an app's own condition. A shared
// fragment is known by its address; any other text becomes part of the shape.
func (p *params) condition(s squirrel.Sqlizer) error {
	if s == nil {
		return errNoCondition
	}
	cond, ok := s.(*sqldb.Cond)
	if ok && (cond == nil || cond.Fragment == nil || blank(cond.Fragment.SQL)) {
		return errNoCondition
	}
	if !ok {
		text, args, err := s.ToSql()
		if err != nil {
			return err
		}
		if blank(text) {
			return errNoCondition
		}
		cond = oneTime(text, args)
		p.write(text)
	} else {
		p.remember(cond.Fragment)
	}
	p.conditions = append(p.conditions, placed{cond.Fragment, len(p.values), len(cond.Values)})
	p.values = append(p.values, cond.Values...)
	return nil
}

// errNoCondition stands for what is no condition: left out of a statement it
// would allow every row.
var errNoCondition = errors.New("crud: a condition of Access or Options.Search is nil or empty")

func blank(text string) bool { return strings.TrimSpace(text) == "" }

func (p *params) remember(f *sqldb.Fragment) {
	for i := range p.shape.fragments {
		if p.shape.fragments[i] == nil {
			p.shape.fragments[i] = f
			return
		}
	}
	p.write(f.SQL + fmt.Sprint(f.Slots))
}

// write makes a condition's text part of the shape, and which condition it is:
// the fragments beside it do not tell.
func (p *params) write(text string) {
	p.shape.text += "\x00" + strconv.Itoa(len(p.conditions)) + "\x00" + text
}

// oneTime makes a condition of text and arguments.
func oneTime(text string, args []any) *sqldb.Cond {
	f := &sqldb.Fragment{SQL: text, Slots: make([]int, len(args))}
	for i := range args {
		f.Slots[i] = i
	}
	return &sqldb.Cond{Fragment: f, Values: args}
}

// slots deals out the slots of params in the order in which the values were
// added, for the walk that builds the text.
type slots struct {
	params     *params
	values     int
	conditions int
}

// next is the slot of the next value.
func (s *slots) next() sqldb.Slot {
	s.values++
	return sqldb.Slot(s.values - 1)
}

// condition is the text of the next condition, in parentheses: it may be an OR.
func (s *slots) condition() squirrel.Sqlizer {
	c := s.params.conditions[s.conditions]
	s.conditions++
	s.values += c.values
	return squirrel.Expr("(?)", c.fragment.At(c.base))
}
