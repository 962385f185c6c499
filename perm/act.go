package perm

import (
	"strconv"
	"strings"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
)

// act is the one action that a condition is about: a known one, or whichever
// an SQL expression names. With an expression one text serves for all six
// actions of a row.
type act struct {
	known Actions
	expr  string // where known is zero
}

// only is a known action.
func only(x Actions) act { return act{known: x} }

// in is that the action is one of the set. For a known one that is decided
// here, and the rules that hang on it fold away.
func (x act) in(set Actions) squirrel.Sqlizer {
	switch {
	case x.known != 0:
		return truth(set.Has(x.known))
	case set == 0:
		return truth(false)
	case set == joinery.AllActions:
		return truth(true)
	}
	return squirrel.Expr("(" + x.expr + " & " + itoa(set) + ") <> 0")
}

// given is a rule for the actions of the set alone. The rule is not even
// written where the action is known to be another.
func (x act) given(set Actions, rule func() squirrel.Sqlizer) squirrel.Sqlizer {
	in := x.in(set)
	if in == truth(false) {
		return in
	}
	return allOf(in, rule())
}

// of is that the actions of the row under the alias include the action.
func (x act) of(alias string) squirrel.Sqlizer {
	if x.known != 0 {
		return squirrel.Expr("(" + alias + ".actions & " + itoa(x.known) + ") <> 0")
	}
	return squirrel.Expr("(" + alias + ".actions & " + x.expr + ") <> 0")
}

// flags is a table of the six actions, as flag.
func flags() string {
	var selects []string
	for _, x := range joinery.AllActions.Each() {
		selects = append(selects, "SELECT "+itoa(x)+" AS flag")
	}
	return "(" + strings.Join(selects, " UNION ALL ") + ")"
}

// together is the union of the sets of actions in a group's rows. No function
// for that is known to all databases.
func together(alias string) string {
	var each []string
	for _, x := range joinery.AllActions.Each() {
		each = append(each, "MAX("+alias+".actions & "+itoa(x)+")")
	}
	return strings.Join(each, " + ")
}

// itoa writes a constant set of actions as the integer that databases keep.
func itoa(x Actions) string { return strconv.Itoa(int(x)) }
