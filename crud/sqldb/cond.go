package sqldb

import (
	"errors"
	"fmt"
)

// Fragment is the text of a condition, with ? for each value, apart from the
// values: Slots[i] is which of them the i-th ? takes. It must not be changed
// once it is shared; whoever caches by it compares the pointer.
type Fragment struct {
	SQL   string
	Slots []int
}

type fragmentAt struct {
	f    *Fragment
	base int
}

// At is the condition with Slot(base+slot) as its values, to stand in a
// builder that is compiled.
func (f *Fragment) At(base int) Sqlizer { return fragmentAt{f, base} }

func (a fragmentAt) ToSql() (string, []any, error) {
	args := make([]any, len(a.f.Slots))
	for i, slot := range a.f.Slots {
		args[i] = Slot(a.base + slot)
	}
	return a.f.SQL, args, nil
}

// Cond is a condition with its values. It can stand in any squirrel builder;
// whoever builds statements often uses the Fragment with [Fragment.At] in a
// compiled statement and appends the Values to those it binds.
type Cond struct {
	Fragment *Fragment
	Values   []any
}

// ToSql implements [Sqlizer]. It fails when a slot has no value.
func (c *Cond) ToSql() (string, []any, error) {
	if c.Fragment == nil {
		return "", nil, errors.New("sqldb: a Cond without a Fragment")
	}
	args := make([]any, len(c.Fragment.Slots))
	for i, slot := range c.Fragment.Slots {
		if slot < 0 || slot >= len(c.Values) {
			return "", nil, fmt.Errorf("sqldb: the condition needs value %d and has %d: %s", slot, len(c.Values), c.Fragment.SQL)
		}
		args[i] = c.Values[slot]
	}
	return c.Fragment.SQL, args, nil
}
