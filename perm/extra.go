package perm

import (
	"fmt"

	"github.com/Masterminds/squirrel"

	"github.com/joinery-go/joinery"
	"github.com/joinery-go/joinery/crud/sqldb"
	"github.com/joinery-go/joinery/registry"
)

// extraUse is one place where a rule of the app stands in a condition.
type extraUse struct {
	number int // among those of the condition
	rule   registry.Extra
	table  string
	alias  string
	text   string
	args   int
}

// line15 is the app's own rules that allow x.
func (c *compiler) line15(m *registry.Model, x act, alias string) squirrel.Sqlizer {
	var rules []squirrel.Sqlizer
	for _, rule := range m.Policy.Extra {
		if rule.SQL != nil {
			rules = append(rules, x.given(rule.Actions, func() squirrel.Sqlizer { return c.extra(m, rule, alias) }))
		}
	}
	return c.clause("line 15: extra", anyOf(rules...))
}

// extra is an app's rule as a condition that is never unknown, whatever its
// text does with nulls.
func (c *compiler) extra(m *registry.Model, rule registry.Extra, alias string) squirrel.Sqlizer {
	use := &extraUse{number: len(c.extras), rule: rule, table: m.Table, alias: alias}
	text, args, err := use.ask(c.actor)
	if err != nil {
		return broken{err}
	}
	use.text, use.args = text, len(args)
	c.extras = append(c.extras, use)
	slots := make([]any, len(args))
	for i := range slots {
		slots[i] = c.slot(source{extra: use, arg: i})
	}
	return squirrel.Expr("CASE WHEN (?) THEN 1 ELSE 0 END = 1", sqldb.Raw(text, slots...))
}

// ask is what the app's rule says for an actor.
func (u *extraUse) ask(a joinery.Actor) (string, []any, error) {
	cond := u.rule.SQL(u.alias, a)
	if cond == nil {
		return "", nil, fmt.Errorf("perm: the rule %q of %s gave no condition", u.rule.Name, u.table)
	}
	text, args, err := cond.ToSql()
	if err != nil {
		return "", nil, fmt.Errorf("perm: the rule %q of %s: %w", u.rule.Name, u.table, err)
	}
	return text, args, nil
}

// extraValues is what each of the app's rules binds for an actor. All are
// asked, also those that bind nothing: their text is checked.
func (cp *compiled) extraValues(a joinery.Actor) ([][]any, error) {
	if len(cp.extras) == 0 {
		return nil, nil
	}
	all := make([][]any, len(cp.extras))
	for i, use := range cp.extras {
		values, err := use.values(a)
		if err != nil {
			return nil, err
		}
		all[i] = values
	}
	return all, nil
}

// values is what the rule binds for an actor. A text that differs from the
// compiled one is refused: the values would land in another rule's places.
func (u *extraUse) values(a joinery.Actor) ([]any, error) {
	text, args, err := u.ask(a)
	if err == nil && (text != u.text || len(args) != u.args) {
		err = fmt.Errorf("perm: the rule %q of %s varies its text by actor, which may vary its values only: %q, then %q", u.rule.Name, u.table, u.text, text)
	}
	return args, err
}
